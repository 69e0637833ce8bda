// One message of the chat: who said it and when, the words, the files, and what became of it.

import { el } from './widget-dom.js';
import { linked } from './widget-urgent.js';
import { LANGUAGE, WORDS } from './widget-words.js';

/** Kinds of pictures that every browser shows. */
const PICTURES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];

/** When it was said: the time, and the day where it is another one than today. */
export const when = (at) => {
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  return date.toLocaleString(
    LANGUAGE,
    today ? { timeStyle: 'short' } : { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' },
  );
};

const time = (message) => (message.at ? el('time', { dateTime: message.at, textContent: when(message.at) }) : null);

const isPicture = (file) => PICTURES.includes(file.media_type);

/** What comes from this device is shown from it. */
const here = (file) =>
  new Blob([Uint8Array.from(atob(file.content), (c) => c.charCodeAt(0))], { type: file.media_type });

/** A picture in the talk; its name stands there until it is fetched, and where it cannot be shown. */
const picture = (file, fetchFile, grown) => {
  const name = el('span', { className: 'file', dir: 'auto', textContent: WORDS.file(file.name) });
  const frame = el('p', { className: 'picture' }, name);
  const show = (blob) => {
    const url = URL.createObjectURL(new Blob([blob], { type: file.media_type }));
    const image = el('img', { alt: WORDS.picture(file.name), src: url });
    image.addEventListener('load', () => {
      name.replaceWith(image);
      grown();
    });
    for (const end of ['load', 'error']) image.addEventListener(end, () => URL.revokeObjectURL(url), { once: true });
  };
  if (file.content) show(here(file));
  else if (file.id) fetchFile(file).then(show, () => {});
  return frame;
};

const attachment = (message, file, { fetchFile, save, grown }) => {
  const saved = () =>
    el('button', {
      type: 'button',
      className: 'file',
      dir: 'auto',
      textContent: WORDS.save(file.name),
      onclick: () => save(file),
    });
  const theirs = message.from === 'agent';
  if (!isPicture(file)) {
    return [theirs ? saved() : el('p', { className: 'file', dir: 'auto', textContent: WORDS.file(file.name) })];
  }
  return [picture(file, fetchFile, grown), theirs ? saved() : null];
};

/** Whether two looks of a message are the same to whoever reads it. */
export const sameLook = (a, b) =>
  a.text === b.text &&
  Boolean(a.erased) === Boolean(b.erased) &&
  Boolean(a.edited) === Boolean(b.edited) &&
  (a.attachments ?? []).map((f) => f.name).join('/') === (b.attachments ?? []).map((f) => f.name).join('/');

/**
 * A message as it is shown. `name` is who said it; `means.fetchFile` gets a file that came with it, `means.save` puts
 * it on the device, `means.grown` is told when a picture has come.
 */
export const bubble = (message, name, means) => {
  const text = message.erased ? WORDS.erased : message.text;
  const body = el('div', { className: 'text', dir: 'auto' }, ...(message.emergency ? linked(text) : [text]));
  const files = message.erased ? [] : (message.attachments ?? []).flatMap((f) => attachment(message, f, means));
  const looks = `message ${message.from}${message.erased ? ' erased' : ''}${message.emergency ? ' emergency' : ''}`;
  const changed = message.edited && !message.erased ? el('span', { textContent: WORDS.edited }) : null;
  const node = el(
    'article',
    { className: looks },
    el('p', { className: 'who' }, el('span', { textContent: name }), time(message), changed),
    text || files.length === 0 ? body : null,
    ...files,
  );
  node.message = message;
  return node;
};

/** The person's own words that are on their way. */
export const pending = (message, name, means) => {
  const shown = { from: 'contact', text: message.title ?? message.text, attachments: message.attachments };
  const node = bubble(shown, name, means);
  node.classList.add('pending');
  node.append(el('p', { className: 'state', textContent: WORDS.unsent }));
  return node;
};

/** They were refused: they stay, with what can be done. */
export const refused = (node, why, { again, withoutFiles }) => {
  node.classList.remove('pending');
  node.classList.add('failed');
  node.querySelector('.state').textContent = `${WORDS.failed}: ${why}`;
  node.append(
    el(
      'div',
      { className: 'again' },
      el('button', { type: 'button', className: 'choice', textContent: WORDS.retry, onclick: again }),
      withoutFiles
        ? el('button', { type: 'button', className: 'choice', textContent: WORDS.withoutFile, onclick: withoutFiles })
        : null,
    ),
  );
};
