// What can be done with the whole talk: keep a copy, print it, end it on this device.

import { el } from './widget-dom.js';
import { WORDS } from './widget-words.js';

const button = (textContent, onclick) => el('button', { type: 'button', className: 'choice', textContent, onclick });

export class Menu {
  #does;

  /** `does`: `save`, `print`, `end`, and `standing`, which tells the reference and how many messages are not sent. */
  constructor(does) {
    this.#does = does;
    this.toggle = el('button', {
      type: 'button',
      className: 'icon',
      ariaLabel: WORDS.more,
      title: WORDS.more,
      ariaExpanded: 'false',
      textContent: '⋯',
      onclick: () => (this.node.hidden ? this.#open() : this.close()),
    });
    this.node = el('section', { className: 'menu', ariaLabel: WORDS.more, hidden: true });
    this.node.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      this.close();
    });
  }

  #open() {
    const first = button(WORDS.saveTalk, () => this.#done(this.#does.save));
    this.node.replaceChildren(
      first,
      button(WORDS.printTalk, () => this.#done(this.#does.print)),
      button(WORDS.end, () => this.#sure()),
    );
    this.#show(true);
    first.focus();
  }

  #done(act) {
    this.close();
    act();
  }

  #show(open) {
    this.node.hidden = !open;
    this.toggle.ariaExpanded = String(open);
  }

  close() {
    if (this.node.hidden) return;
    this.#show(false);
    this.toggle.focus();
  }

  /** It cannot be undone, so it is asked once, and says what becomes of what. */
  #sure() {
    const { complaint, unsent } = this.#does.standing();
    const keep = button(WORDS.cancel, () => this.close());
    const know = [complaint && WORDS.endReference(complaint), unsent > 0 && WORDS.endUnsent].filter(Boolean);
    this.node.replaceChildren(
      el('p', { textContent: WORDS.endMeans }),
      ...know.map((textContent) => el('p', { className: 'keep', textContent })),
      button(WORDS.saveTalk, () => this.#does.save()),
      button(WORDS.endNow, () => this.#done(this.#does.end)),
      keep,
    );
    keep.focus();
  }
}
