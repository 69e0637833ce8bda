// What else the same person has complained of.

import { fullDate } from './desk-dates.js';
import { el } from './desk-dom.js';
import { named, t } from './desk-words.js';

/** One complaint; `open` leads to its conversation, where that is another one. */
export const earlierRow = (complaint, open) => {
  const text = [complaint.category && named(complaint.category), named(complaint.status), fullDate(complaint.received_at)];
  const name = t('complaint', { text: complaint.reference });
  return el(
    'li',
    {},
    open
      ? el('button', { type: 'button', className: 'summary-link', textContent: name, onclick: open })
      : el('strong', { textContent: name }),
    ' ',
    el('span', { className: 'soft', textContent: text.filter(Boolean).join(' · ') }),
  );
};
