// What is kept on this device, for each agent by themselves: what was begun and not sent, how far conversations
// were read, and how the desk should behave.
// Words are written as they are typed, so that a reload in the middle of a word loses nothing; files are too large
// for that store and go into another.

const DRAFT = 'nohold.draft';
const READ = 'nohold.read';
const SETTING = 'nohold.desk';
/** How many conversations it is remembered for how far they were read. */
const MOST_READ = 1000;

const store = {
  get(key) {
    try {
      return JSON.parse(localStorage.getItem(key) ?? 'null');
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  },
  remove(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      /* nothing is kept, so nothing has to go */
    }
  },
};

const opened = () =>
  new Promise((done, failed) => {
    const request = indexedDB.open('nohold-desk', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('files');
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });

const inFiles = async (mode, act) => {
  const database = await opened();
  try {
    return await new Promise((done, failed) => {
      const transaction = database.transaction('files', mode);
      const request = act(transaction.objectStore('files'));
      transaction.oncomplete = () => done(request.result);
      transaction.onerror = () => failed(transaction.error);
      transaction.onabort = () => failed(transaction.error);
    });
  } finally {
    database.close();
  }
};

/** Whether this browser keeps anything at all. */
export const keeps = () => {
  const works = store.set('nohold.works', 1);
  store.remove('nohold.works');
  return works;
};

export class Kept {
  #agent;
  // Where the browser keeps nothing, it lives as long as the page.
  #drafts = new Map();
  #files = new Map();

  constructor(agent) {
    this.#agent = agent;
  }

  #key(conversation) {
    return `${DRAFT}.${this.#agent}.${conversation}`;
  }

  /** What was begun in a conversation: `{reply, note, tab, suggestion, notice, pending}`. */
  draft(conversation) {
    return this.#drafts.get(conversation) ?? store.get(this.#key(conversation)) ?? {};
  }

  keepDraft(conversation, draft) {
    if (draft.reply || draft.note) {
      this.#drafts.set(conversation, draft);
      store.set(this.#key(conversation), draft);
    } else {
      this.#drafts.delete(conversation);
      store.remove(this.#key(conversation));
    }
  }

  /** The files that were added to a reply and not sent. */
  async files(conversation) {
    const key = this.#key(conversation);
    if (this.#files.has(key)) return this.#files.get(key);
    return (await inFiles('readonly', (files) => files.get(key)).catch(() => null)) ?? [];
  }

  async keepFiles(conversation, list) {
    const key = this.#key(conversation);
    this.#files.set(key, list);
    await inFiles('readwrite', (files) => (list.length > 0 ? files.put(list, key) : files.delete(key))).catch(() => {});
  }

  /** How far a conversation was read: a place in the log; nothing where it was never opened here. */
  read(conversation) {
    return (store.get(`${READ}.${this.#agent}`) ?? {})[conversation];
  }

  keepRead(conversation, position) {
    const all = store.get(`${READ}.${this.#agent}`) ?? {};
    if ((all[conversation] ?? -1) >= position) return;
    // What was read last stands last, and what was read longest ago is forgotten first.
    delete all[conversation];
    all[conversation] = position;
    const kept = Object.entries(all).slice(-MOST_READ);
    store.set(`${READ}.${this.#agent}`, Object.fromEntries(kept));
  }

  setting(name, usual) {
    return store.get(`${SETTING}.${this.#agent}.${name}`) ?? usual;
  }

  keepSetting(name, value) {
    store.set(`${SETTING}.${this.#agent}.${name}`, value);
  }
}
