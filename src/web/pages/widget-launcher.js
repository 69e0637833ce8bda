// The button that opens the chat, with what is unread; and the panel that fills a phone's screen.

import { el } from './widget-dom.js';
import { readUpTo } from './widget-store.js';
import { WORDS } from './widget-words.js';

/** A screen so narrow is filled by the panel. */
const FULL = matchMedia('(max-width: 30rem)');

const FOCUSABLE = 'button, a[href], input:not([type=file]), textarea, [tabindex="0"]';

/** What somebody has not seen, counted; on the title of a page of ours, too. */
export class Unread {
  #seen = readUpTo.read();
  #title = document.title;

  /** Of these messages, while they are looked at or not. */
  count(messages, lookedAt) {
    const ours = messages.filter((m) => m.from !== 'contact' && m.position !== undefined);
    if (lookedAt) {
      const newest = ours.at(-1)?.position ?? 0;
      if (newest > this.#seen) {
        this.#seen = newest;
        readUpTo.keep(newest);
      }
      return 0;
    }
    return ours.filter((m) => m.position > this.#seen).length;
  }

  title(count) {
    document.title = count > 0 ? `(${count}) ${this.#title}` : this.#title;
  }

  forget() {
    this.#seen = 0;
  }
}

export class Launcher {
  constructor(open) {
    this.badge = el('span', { className: 'badge', ariaHidden: 'true', hidden: true });
    this.named = el('span', { className: 'unseen' });
    this.node = el(
      'button',
      { className: 'launcher', type: 'button', ariaExpanded: 'false', onclick: open },
      el('span', { textContent: WORDS.open }),
      this.badge,
      this.named,
    );
    // Said when it changes, also to whoever does not look at the button.
    this.said = el('p', { className: 'unseen', role: 'status' });
  }

  unread(count) {
    this.badge.hidden = count === 0;
    this.badge.textContent = String(count);
    const said = count > 0 ? WORDS.unread(count) : '';
    if (this.said.textContent !== said) this.said.textContent = said;
    this.named.textContent = said;
  }
}

/** While the panel fills the screen, nothing behind it is reached. */
export const holdFocus = (panel, close) => {
  const update = () => {
    const full = FULL.matches && !panel.hidden;
    if (full) panel.setAttribute('aria-modal', 'true');
    else panel.removeAttribute('aria-modal');
  };
  FULL.addEventListener('change', update);
  panel.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close();
    if (event.key !== 'Tab' || !FULL.matches) return;
    const all = [...panel.querySelectorAll(FOCUSABLE)].filter((n) => !n.disabled && n.getClientRects().length > 0);
    const at = panel.getRootNode().activeElement;
    const [first, last] = [all[0], all.at(-1)];
    if (event.shiftKey ? at === first : at === last) {
      event.preventDefault();
      (event.shiftKey ? last : first).focus();
    }
  });
  return update;
};
