// Safety words: every number in them can be tapped, and stands in a card that does not scroll away.

import { el } from './widget-dom.js';
import { WORDS } from './widget-words.js';

/** Digits with what stands between those of a number: blanks, brackets, dots, dashes. */
const NUMBER = /\+?\d(?:[\d \u00a0().-]*\d)?/g;
/** What has fewer digits is no number to ring. */
const FEWEST_DIGITS = 3;

const digits = (text) => text.replace(/[^\d+]/g, '');

/** The numbers in a text: how they are written, where they begin, and what is dialled. */
export const numbersIn = (text) =>
  [...text.matchAll(NUMBER)]
    .map((found) => ({ text: found[0], start: found.index, dial: digits(found[0]) }))
    .filter(({ dial }) => dial.replace('+', '').length >= FEWEST_DIGITS);

/** A text with its numbers as links. */
export const linked = (text) => {
  const parts = [];
  let at = 0;
  for (const number of numbersIn(text)) {
    parts.push(
      text.slice(at, number.start),
      el('a', { className: 'tel', href: `tel:${number.dial}`, textContent: number.text }),
    );
    at = number.start + number.text.length;
  }
  return [...parts, text.slice(at)];
};

export class UrgentCard {
  #shown = null;
  #left = null;

  constructor() {
    this.buttons = el('div', { className: 'urgent-numbers' });
    this.hide = el('button', {
      type: 'button',
      className: 'icon',
      ariaLabel: WORDS.hide,
      textContent: '✕',
      onclick: () => this.#leave(),
    });
    this.node = el(
      'section',
      { className: 'urgent', ariaLabel: WORDS.ringNow, hidden: true },
      el('p', { className: 'urgent-title', textContent: WORDS.ringNow }),
      this.buttons,
      this.hide,
    );
  }

  #leave() {
    this.#left = this.#shown;
    this.node.hidden = true;
  }

  /**
   * All safety words of the matter, in order. What somebody has hidden stays hidden until there are new ones. A
   * button stays the same one, so that it does not vanish under the finger.
   */
  update(messages) {
    const newest = messages.at(-1)?.id ?? null;
    const numbers = messages.flatMap((message) => numbersIn(message.text));
    const once = [...new Map(numbers.map((n) => [n.dial, n])).values()];
    const shown = [...this.buttons.children].map((a) => a.getAttribute('href'));
    const links = once.map((n) => `tel:${n.dial}`);
    if (shown.join() !== links.join()) {
      const button = (n, at) =>
        el('a', { className: 'urgent-number', href: links[at], textContent: WORDS.call(n.text) });
      this.buttons.replaceChildren(...once.map(button));
    }
    this.#shown = newest;
    this.node.hidden = once.length === 0 || newest === this.#left;
  }
}
