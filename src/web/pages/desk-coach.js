// The coach under the draft: what would hurt, why, and a better way to say it; and what holds a reply until
// somebody has decided.

import { call } from './desk-api.js';
import { el } from './desk-dom.js';
import { charactersOf } from './desk-typing.js';
import { t } from './desk-words.js';

/** How long somebody must pause before the coach reads, in milliseconds. */
const PAUSE = 300;

const quoted = (draft, f) => {
  const [start, end] = charactersOf(draft, f.start, f.end);
  return end > start ? draft.slice(start, end) : null;
};

const advice = (draft, f) => {
  const words = quoted(draft, f);
  return el('p', {}, words ? el('q', { dir: 'auto', textContent: words }) : '', words ? ' ' : '', f.advice);
};

/** The findings of a draft that is being written; `use` takes a better wording. */
const findings = (draft, found, use) =>
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

/** Reads along while a reply is written. */
export class Coach {
  #conversation;
  #box;
  #does;
  #timer;
  #round = 0;

  /** `does` has `silent()`: whether there is graver to be said, and `use(text)`, which takes a better wording. */
  constructor(conversation, box, does) {
    this.#conversation = conversation;
    this.#box = box;
    this.#does = does;
    this.node = el('div', { className: 'coach', ariaLive: 'polite' });
  }

  /** Reads once nothing was typed for a moment. */
  soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.look(), PAUSE);
  }

  forget() {
    clearTimeout(this.#timer);
    this.#round += 1;
    this.node.replaceChildren();
  }

  async look() {
    const draft = this.#box.value;
    const round = ++this.#round;
    if (!draft.trim()) {
      this.node.replaceChildren();
      return;
    }
    try {
      const review = await call('POST', `conversations/${this.#conversation}/coach`, { draft });
      if (round !== this.#round || this.#does.silent()) return;
      this.node.replaceChildren(...findings(draft, review.findings, this.#does.use));
    } catch {
      /* the coach helps; what holds a reply is the program itself */
    }
  }
}

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
