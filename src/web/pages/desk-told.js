// What somebody is told of who looks elsewhere: new words of their own people, notes that name them. Each says where,
// leads there, and can be closed; nothing in the desk moves for it.

import { el, patch } from './desk-dom.js';
import { t } from './desk-words.js';

export class Told {
  #open;
  #all = new Map();

  /** `open` shows a conversation; `undo` is what can be taken back, which stands in the same place. */
  constructor(open, undo) {
    this.#open = open;
    this.list = el('ul', { className: 'told-list' });
    const live = el('div', { role: 'status', 'aria-atomic': 'false' }, this.list);
    this.node = el('div', { className: 'told' }, undo, live);
  }

  /** Says something of a conversation, in the place of what was said of it before. */
  say(conversation, text, grave = false) {
    this.#all.delete(conversation);
    this.#all.set(conversation, { conversation, text, grave, at: Date.now() });
    this.#draw();
  }

  /** It was opened, or is not one's own any more. */
  forget(conversation) {
    if (this.#all.delete(conversation)) this.#draw();
  }

  #draw() {
    patch(
      this.list,
      [...this.#all.values()].toReversed(),
      (note) => note.conversation,
      (note) => `${note.at} ${note.text}`,
      (note) =>
        el(
          'li',
          { className: `told-note${note.grave ? ' grave' : ''}` },
          el('button', {
            type: 'button',
            className: 'told-open',
            dir: 'auto',
            textContent: note.text,
            onclick: () => this.#open(note.conversation),
          }),
          el('button', {
            type: 'button',
            className: 'quiet told-close',
            ariaLabel: t('closeNote', { text: note.text }),
            textContent: '✕',
            onclick: () => this.#close(note.conversation),
          }),
        ),
    );
  }

  #close(conversation) {
    const before = [...this.list.querySelectorAll('.told-close')];
    const at = before.findIndex((button) => button === document.activeElement);
    this.forget(conversation);
    if (at === -1) return;
    const left = [...this.list.querySelectorAll('.told-close')];
    const next = left[Math.min(at, left.length - 1)] ?? document.querySelector('.tabs [aria-selected="true"]');
    if (next instanceof HTMLElement) next.focus();
  }
}
