// How the talk was: asked once when it is done, where the program says that it may be asked. An answer counts with the
// tap; words can be added to it.

import { el } from './widget-dom.js';
import { WORDS } from './widget-words.js';

const LONGEST = 2000;

export class RatingCard {
  #send;
  #after;
  /** An answer was given, and words can be added. */
  adds = false;

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
      onclick: () => this.#add(),
    });
    this.further = el('div', { className: 'rating-words', hidden: true }, this.words, this.give);
    this.error = el('p', { className: 'state', role: 'alert' });
    this.not = el('button', {
      type: 'button',
      className: 'plain',
      textContent: WORDS.rateNot,
      onclick: () => this.#leave(),
    });
    this.node = el(
      'section',
      { className: 'rating', ariaLabel: WORDS.rate, hidden: true },
      el('p', { textContent: WORDS.rate }),
      el('div', { className: 'rating-answers', role: 'group', ariaLabel: WORDS.rate }, ...this.answers),
      this.further,
      this.error,
      this.not,
    );
    this.thanks = el('p', { className: 'banner', role: 'status', hidden: true });
  }

  /** Shows the question, or takes it away; whether it has just appeared. */
  update(asked) {
    if (asked === !this.node.hidden) return false;
    this.node.hidden = !asked;
    this.#mark(null);
    this.error.textContent = '';
    return asked;
  }

  #mark(rating) {
    this.adds = rating !== null;
    this.answers.forEach((answer, at) => {
      answer.ariaPressed = String(at + 1 === rating);
      answer.disabled = this.adds;
    });
    this.further.hidden = !this.adds;
  }

  /** Says it to the program; whether that went well. */
  async #says(rating, words) {
    this.error.textContent = '';
    try {
      await this.#send(rating, words);
      return true;
    } catch {
      this.error.textContent = WORDS.notChanged;
      return false;
    }
  }

  async #choose(rating) {
    if (this.adds) return;
    this.#mark(rating);
    if (!(await this.#says(rating, ''))) {
      this.#mark(null);
      this.answers[rating - 1].focus();
      return;
    }
    this.#thank();
    this.words.focus();
  }

  async #add() {
    const words = this.words.value.trim();
    if (words && !(await this.#says(null, words))) return;
    this.#close();
  }

  /** They would rather not say, or not add anything. */
  async #leave() {
    if (!this.adds && !(await this.#says(null, ''))) return;
    this.#close();
  }

  #thank() {
    this.thanks.textContent = WORDS.rateThanks;
    this.thanks.hidden = false;
  }

  #close() {
    this.#after();
    this.node.hidden = true;
    this.words.value = '';
    this.#mark(null);
  }
}
