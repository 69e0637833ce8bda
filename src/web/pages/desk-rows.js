// A row of a list: who, since when, their last words, why they are here. It is written into, never built anew.

import { clock, waited } from './desk-dates.js';
import { el } from './desk-dom.js';
import { snoozedText } from './desk-snooze.js';
import { calledWith, channel, named, t } from './desk-words.js';

const WHY = {
  danger: (_, row) => t('whyDanger', { text: row.red_flag_title }),
  priority: (v, row) => (v === 'routine' || row.red_flag ? null : t('whyPriority', { text: named(v) })),
  distress: (v) => t('whyDistress', { text: named(v) }),
  overdue: () => t('whyOverdue'),
  callback: () => t('whyCallback'),
  later: () => t('whyLater'),
  reason: (_, row) => row.reason_title,
};

/** Why somebody waits, in words. */
const waits = (row) =>
  row.why
    .filter((why) => !(row.red_flag && why.startsWith('reason:')))
    .map((why) => {
      const [key, value] = why.split(':');
      return WHY[key]?.(value, row);
    })
    .filter(Boolean);

/** Where it stands, and what weighs on them. */
const stands = (row, me) => {
  if (row.why?.length) return waits(row);
  const holder = row.holder && (row.holder === me ? t('youHaveIt') : t('theyHaveIt', { name: row.holder }));
  return [
    row.red_flag && t('whyDanger', { text: row.red_flag_title }),
    row.snoozed && snoozedText(row.snoozed),
    row.handed && row.holder === me && t('handedBy', { name: row.handed.by }),
    holder || named(row.status),
    row.emotion !== 'neutral' && row.emotion !== 'positive' && t('whyDistress', { text: named(row.emotion) }),
  ].filter(Boolean);
};

const when = (row) => {
  const waiting = row.why?.length && row.since;
  if (waiting) return waited(row.since);
  return row.last ? clock(row.last.at) : clock(row.changed);
};

const NAMES = ['name', 'unread', 'wait', 'words', 'why', 'labels', 'ref'];

/** An empty row; `open` is told the conversation's id. */
export const makeRow = (open) => {
  const parts = Object.fromEntries(
    NAMES.map((name) => [
      name,
      el('span', { className: `row-${name}`, dir: ['name', 'words', 'labels'].includes(name) ? 'auto' : undefined }),
    ]),
  );
  const button = el(
    'button',
    { type: 'button', className: 'row', onclick: () => open(button.dataset.id) },
    el('span', { className: 'row-head' }, parts.name, ' ', parts.unread),
    ...NAMES.slice(2).flatMap((name) => [' ', parts[name]]),
  );
  const node = el('li', {}, button);
  node.parts = { button, ...parts };
  return node;
};

/** Writes what a row says: `unread`, `current` and `gone` tell how it stands here, `me` who looks. */
export const writeRow = (node, row, { unread, current, gone, me }) => {
  const { button, ...parts } = node.parts;
  const texts = {
    name: calledWith(row.contact?.name ?? row.name, row.contact?.relation ?? row.relation),
    unread: unread ? t('unread') : '',
    wait: when(row),
    words: row.last?.text ?? '',
    why: gone ? t('goneFromList') : stands(row, me).join(' · '),
    labels: (row.labels ?? []).join(' · '),
    ref: [row.complaint, channel(row.contact?.inbox ?? row.inbox)].filter(Boolean).join(' · '),
  };
  for (const [name, text] of Object.entries(texts)) {
    if (parts[name].textContent !== text) parts[name].textContent = text;
    parts[name].hidden = !text;
  }
  button.dataset.id = row.id;
  button.classList.toggle('danger', Boolean(row.red_flag) && !gone);
  button.classList.toggle('is-unread', unread);
  button.classList.toggle('gone', Boolean(gone));
  if (current) button.setAttribute('aria-current', 'true');
  else button.removeAttribute('aria-current');
};
