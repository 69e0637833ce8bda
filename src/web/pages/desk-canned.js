// Replies that stand ready ("/" in a reply), and colleagues who can be named ("@" in a note).

import { call } from './desk-api.js';
import { el } from './desk-dom.js';
import { Offers } from './desk-offers.js';
import { t } from './desk-words.js';

/** Asks once; a failure is asked again. */
const once = (ask) => {
  let asked = null;
  return () => {
    asked ??= ask().catch((error) => {
      asked = null;
      throw error;
    });
    return asked;
  };
};

/** Replies that stand ready for a conversation; `put` writes into the reply so that it can be taken out again. */
export const cannedFor = (box, conversation, put) =>
  new Offers(box, {
    id: 'canned',
    label: t('readyReplies'),
    // "/" at the beginning of a word, and what is typed of a name.
    typed: /(?:^|\s)\/([\p{L}\d_-]*)$/u,
    all: once(async () => (await call('GET', `conversations/${conversation}/replies`)).replies),
    fits: (reply, typed) => reply.name.includes(typed) || reply.title.toLowerCase().includes(typed),
    row: (reply) => [
      el('span', { className: 'offer-name', textContent: `/${reply.name}` }),
      ' ',
      el('span', { className: 'soft', textContent: reply.title }),
      ' ',
      el('span', { className: 'offer-text', dir: 'auto', textContent: reply.text }),
    ],
    put,
  });

/** Colleagues whose names begin as what stands behind an @. */
export const namesFor = (box) =>
  new Offers(box, {
    id: 'names',
    label: t('mention'),
    typed: /(?:^|\s)@([\p{L}\p{M}]*)$/u,
    all: once(async () => {
      const { agents } = await call('GET', 'agents');
      return agents.filter((a) => !a.disabled).map(({ name }) => ({ name, text: `@${name} ` }));
    }),
    fits: ({ name }, typed) => name.toLowerCase().split(' ').some((part) => part.startsWith(typed)),
    row: ({ name }) => [el('span', { className: 'offer-name', dir: 'auto', textContent: `@${name}` })],
    put: (write) => write(),
  });
