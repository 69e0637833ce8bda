// The lines outside (Telegram, Discord): what is down and why; and what could not be delivered.

import { call } from './desk-api.js';
import { clock } from './desk-dates.js';
import { el } from './desk-dom.js';
import { called, t } from './desk-words.js';

const NAMES = { telegram: 'Telegram', discord: 'Discord', email: 'E-mail' };

// What everybody at the desk should know, and what only those who look after the program can change.
export const lineNotices = (inboxes, supervisor) =>
  inboxes.flatMap((line) => {
    const name = NAMES[line.inbox] ?? line.inbox;
    const notices = [];
    if (line.state === 'down') notices.push(t('lineDown', { name, when: clock(line.since), text: line.words }));
    if (supervisor) notices.push(...line.warnings.map((warning) => `${name}: ${warning}.`));
    return notices.map((text) => el('p', { className: 'banner', textContent: text }));
  });

export const undeliveredRow = (row, open, done) => {
  const error = el('p', { className: 'error', role: 'alert' });
  const again = el('button', {
    type: 'button',
    textContent: t('sendAgain'),
    onclick: async () => {
      again.disabled = true;
      try {
        await call('POST', `conversations/${row.conversation}/messages/${row.message}/retry`);
        done();
      } catch (e) {
        error.textContent = e.message;
        again.disabled = false;
      }
    },
  });
  return el(
    'li',
    { className: 'undelivered' },
    el('p', { className: 'row-name', dir: 'auto', textContent: called(row.contact.name) }),
    el('p', {
      className: 'row-why',
      textContent: `${NAMES[row.contact.inbox] ?? row.contact.inbox} · ${clock(row.at)}`,
    }),
    el('p', { className: 'row-words', dir: 'auto', textContent: row.text }),
    el('p', { className: 'row-why', textContent: t(`failed_${row.reason}`) }),
    error,
    el(
      'div',
      { className: 'buttons' },
      again,
      el('button', {
        type: 'button',
        className: 'quiet',
        textContent: t('open'),
        onclick: () => open(row.conversation),
      }),
    ),
  );
};
