// How the talk was: asked once when it is done, where the program says that it may be asked.

import { el } from './widget-dom.js';
import { WORDS } from './widget-words.js';

const LONGEST = 2000;

export class RatingCard {
  #send;
  #after;
  #rating = null;

  /** `send` gets the rating (none: they would rather not say) and the words; `after` takes the focus on. */
  constructor(send, after) {
    this.#send = send;
    this.#after = after;
    this.answers = [WORDS.rate1, WORDS.rate2, WORDS.rate3, WORDS.rate4, WORDS.rate5].map((textContent, at) => {
      const answer = el('button', { type: 'button', className: 'choice', ariaPressed: 'false', textContent });
      answer.addEventListener('click', () => this.#choose(at + 1));
      return answer;
    });
    this.words = el('textarea', { rows: 2, maxLength: LONGEST, dir: 'auto', ariaLabel: WORDS.rateWords });
    this.words.placeholder = WORDS.rateWords;
    this.give = el('button', {
      type: 'button',
      className: 'send',
      textContent: WORDS.rateSend,
      onclick: () => this.#answer(this.#rating, this.words.value.trim()),
    });
    this.further = el('div', { className: 'rating-words', hidden: true }, this.words, this.give);
    this.error = el('p', { className: 'state', role: 'alert' });
    this.node = el(
      'section',
      { className: 'rating', ariaLabel: WORDS.rate, hidden: true },
      el('p', { textContent: WORDS.rate }),
      el('div', { className: 'rating-answers', role: 'group', ariaLabel: WORDS.rate }, ...this.answers),
      this.further,
      this.error,
      el('button', {
        type: 'button',
        className: 'plain',
        textContent: WORDS.rateNot,
        onclick: () => this.#answer(null, ''),
      }),
    );
    this.thanks = el('p', { className: 'banner', role: 'status', hidden: true });
  }

  /** Shows the question, or takes it away; whether it has just appeared. */
  update(asked) {
    if (asked === !this.node.hidden) return false;
    this.node.hidden = !asked;
    if (asked) this.#choose(null);
    this.error.textContent = '';
    return asked;
  }

  #choose(rating) {
    this.#rating = rating;
    this.answers.forEach((answer, at) => {
      answer.ariaPressed = String(at + 1 === rating);
    });
    this.further.hidden = rating === null;
  }

  async #answer(rating, words) {
    this.error.textContent = '';
    try {
      await this.#send(rating, words);
      this.#after();
      this.node.hidden = true;
      this.words.value = '';
      this.thanks.textContent = rating === null ? '' : WORDS.rateThanks;
      this.thanks.hidden = rating === null;
    } catch {
      this.error.textContent = WORDS.notChanged;
    }
  }
}
