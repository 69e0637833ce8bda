// What the chat keeps in the browser: who the visitor is, what they have written and what did not go out yet. In
// private mode it lives as long as the page.

const VISITOR = 'nohold.visitor';
/** Larger than that, files are not kept; the words are in any case. */
const MOST = 2_000_000;

const get = (key) => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};
const set = (key, value) => {
  try {
    localStorage.setItem(key, value);
  } catch {
    /* private mode */
  }
};

const remove = (key) => {
  try {
    localStorage.removeItem(key);
  } catch {
    /* private mode */
  }
};

const hex = (bytes) =>
  [...crypto.getRandomValues(new Uint8Array(bytes))].map((b) => b.toString(16).padStart(2, '0')).join('');

export const newId = () => hex(16);

/** The visitor's secret, made on the first visit. */
export const visitor = () => {
  const known = get(VISITOR);
  if (known) return known;
  const fresh = hex(32);
  set(VISITOR, fresh);
  return fresh;
};

/** Messages that wait, or that were refused. */
export const messages = (name) => {
  const key = `nohold.${name}`;
  return {
    read() {
      try {
        return JSON.parse(get(key) ?? '[]');
      } catch {
        return [];
      }
    },
    keep(list) {
      const all = JSON.stringify(list);
      set(key, all.length < MOST ? all : JSON.stringify(list.map((m) => ({ ...m, attachments: [] }))));
    },
  };
};

/** The place of the newest message that was looked at. */
export const readUpTo = {
  read: () => Number(get('nohold.read') ?? 0) || 0,
  keep: (position) => set('nohold.read', String(position)),
};

/** This device knows nothing any more. */
export const forgetAll = () => {
  for (const name of ['visitor', 'outbox', 'refused', 'draft', 'read']) remove(`nohold.${name}`);
};

/** What is being written. */
export const draft = {
  read: () => get('nohold.draft') ?? '',
  keep: (text) => set('nohold.draft', text),
};
