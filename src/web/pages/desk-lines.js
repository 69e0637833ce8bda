// The lines outside (Telegram, Discord): what is down and why; and what could not be delivered.

import { call } from './desk-api.js';
import { clock, el } from './desk-dom.js';

const NAMES = { telegram: 'Telegram', discord: 'Discord' };
const REASONS = {
  blocked: 'They have blocked this chat, or take no messages from us.', refused: 'The channel does not accept this message.', expired: 'The channel could not be reached for too long.',
};

// What everybody at the desk should know, and what only those who look after the program can change.
export const lineNotices = (inboxes, supervisor) => inboxes.flatMap((line) => {
  const name = NAMES[line.inbox] ?? line.inbox;
  const notices = [];
  if (line.state === 'down') notices.push(`${name} is down since ${clock(line.since)}: ${line.words}. It is tried again by itself; the other ways to write to us work.`);
  if (supervisor) notices.push(...line.warnings.map((warning) => `${name}: ${warning}.`));
  return notices.map((text) => el('p', { className: 'banner', textContent: text }));
});

export const undeliveredRow = (row, open, done) => {
  const error = el('p', { className: 'error', role: 'alert' });
  const again = el('button', {
    type: 'button', textContent: 'Send again',
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
  return el('li', { className: 'undelivered' },
    el('p', { className: 'row-name', dir: 'auto', textContent: row.contact.name ?? 'Somebody' }),
    el('p', { className: 'row-why', textContent: `${NAMES[row.contact.inbox] ?? row.contact.inbox} · ${clock(row.at)}` }),
    el('p', { className: 'row-words', dir: 'auto', textContent: row.text }),
    el('p', { className: 'row-why', textContent: REASONS[row.reason] ?? row.reason }), error,
    el('div', { className: 'buttons' }, again, el('button', { type: 'button', className: 'quiet', textContent: 'Open', onclick: () => open(row.conversation) })));
};
