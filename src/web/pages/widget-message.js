// One message of the chat: who said it, the words, the files, and what became of it.

import { el } from './widget-dom.js';
import { linked } from './widget-urgent.js';
import { WORDS } from './widget-words.js';

/** A message as it is shown. `name` is who said it; `save` fetches a file that came with it. */
export const bubble = (message, name, save) => {
  const text = message.erased ? WORDS.erased : message.text;
  const body = el('div', { className: 'text', dir: 'auto' }, ...(message.emergency ? linked(text) : [text]));
  const files = (message.attachments ?? []).map((f) =>
    message.from === 'agent'
      ? el('button', {
          type: 'button',
          className: 'file',
          dir: 'auto',
          textContent: WORDS.save(f.name),
          onclick: () => save(f),
        })
      : el('p', { className: 'file', dir: 'auto', textContent: WORDS.file(f.name) }),
  );
  const looks = `message ${message.from}${message.erased ? ' erased' : ''}${message.emergency ? ' emergency' : ''}`;
  const node = el(
    'article',
    { className: looks },
    el('p', { className: 'who', textContent: name }),
    text || files.length === 0 ? body : null,
    ...files,
  );
  node.message = message;
  return node;
};

/** The person's own words that are on their way. */
export const pending = (message, name) => {
  const shown = {
    from: 'contact',
    text: message.title ?? message.text,
    attachments: message.attachments?.map((f) => ({ name: f.name })),
  };
  const node = bubble(shown, name);
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
