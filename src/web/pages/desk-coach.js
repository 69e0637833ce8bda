// The coach under the draft: what would hurt, why, and a better way to say it; and what holds a reply until
// somebody has decided.

import { el } from './desk-dom.js';
import { charactersOf } from './desk-typing.js';
import { t } from './desk-words.js';

const quoted = (draft, f) => {
  const [start, end] = charactersOf(draft, f.start, f.end);
  return end > start ? draft.slice(start, end) : null;
};

const advice = (draft, f) => {
  const words = quoted(draft, f);
  return el('p', {}, words ? el('q', { dir: 'auto', textContent: words }) : '', words ? ' ' : '', f.advice);
};

/** The findings of a draft that is being written; `use` takes a better wording. */
export const findings = (draft, found, use) =>
  found.map((f) =>
    el(
      'div',
      { className: 'finding' },
      advice(draft, f),
      el('details', {}, el('summary', { textContent: t('why') }), el('p', { textContent: f.why })),
      f.rewrite && f.rewrite !== draft
        ? el('button', {
            type: 'button',
            textContent: t('useInstead'),
            title: f.rewrite,
            onclick: () => use(f.rewrite),
          })
        : null,
    ),
  );

/** A reply that was held: it is sent anyway, or mended at the place that the first finding is about. */
export const heldBack = (draft, found, { send, mend }) => [
  el('p', { className: 'held-title', textContent: t('held') }),
  ...found.map((f) =>
    el('div', { className: 'finding' }, advice(draft, f), el('p', { className: 'held-why', textContent: f.why })),
  ),
  el(
    'div',
    { className: 'buttons' },
    el('button', {
      type: 'button',
      className: 'primary',
      textContent: t('fixIt'),
      onclick: () => mend(charactersOf(draft, found[0].start, found[0].end)),
    }),
    el('button', { type: 'button', className: 'danger-button', textContent: t('sendAnyway'), onclick: send }),
  ),
];
