// Replies that stand ready: "/" in the reply opens their list, what is typed behind it narrows it down, Enter puts
// one in the place of what was typed.

import { call } from './desk-api.js';
import { el } from './desk-dom.js';
import { insert } from './desk-typing.js';
import { t } from './desk-words.js';

/** "/" at the beginning of a word, and what is typed of a name. */
const TYPED = /(?:^|\s)\/([\p{L}\d_-]*)$/u;
/** The most that are shown at once. */
const SHOWN = 5;

export class Canned {
  #box;
  #id;
  #put;
  #replies = null;
  #found = [];
  #at = 0;

  /** `put` writes into the reply so that it can be taken out again. */
  constructor(box, id, put) {
    this.#box = box;
    this.#id = id;
    this.#put = put;
    this.list = el('ul', { id: 'canned', className: 'canned', role: 'listbox', ariaLabel: t('readyReplies'), hidden: true });
    this.said = el('p', { className: 'visually-hidden', role: 'status' });
    this.node = el('div', { className: 'canned-place' }, this.list, this.said);
    box.setAttribute('aria-controls', 'canned');
    box.setAttribute('aria-autocomplete', 'list');
    box.addEventListener('input', () => this.#look());
    box.addEventListener('click', () => this.#look());
    box.addEventListener('blur', () => this.#close());
    // Before the composer, for which Enter with Ctrl sends.
    box.addEventListener('keydown', (event) => this.#key(event), { capture: true });
  }

  #typed() {
    const { selectionStart: start, selectionEnd: end, value } = this.#box;
    return start === end ? TYPED.exec(value.slice(0, start)) : null;
  }

  async #look() {
    if (!this.#typed()) {
      this.#close();
      return;
    }
    this.#replies ??= call('GET', `conversations/${this.#id}/replies`);
    try {
      const { replies } = await this.#replies;
      const typed = this.#typed();
      if (!typed) return;
      const wanted = typed[1].toLowerCase();
      const fits = (reply) => reply.name.includes(wanted) || reply.title.toLowerCase().includes(wanted);
      this.#found = replies.filter(fits).slice(0, SHOWN);
      this.#at = 0;
      this.#draw();
    } catch {
      this.#replies = null;
      this.said.textContent = t('noAnswer');
    }
  }

  #draw() {
    this.list.replaceChildren(
      ...this.#found.map((reply, at) =>
        el(
          'li',
          {
            id: `canned-${at}`,
            role: 'option',
            'aria-selected': String(at === this.#at),
            // The focus stays in the reply.
            onmousedown: (event) => event.preventDefault(),
            onclick: () => this.#take(reply),
          },
          el('span', { className: 'canned-name', textContent: `/${reply.name}` }),
          ' ',
          el('span', { className: 'soft', textContent: reply.title }),
          ' ',
          el('span', { className: 'canned-text', dir: 'auto', textContent: reply.text }),
        ),
      ),
    );
    this.list.hidden = this.#found.length === 0;
    this.#mark();
    const said = t(this.#found.length ? 'readyFound' : 'nothingFound', { number: this.#found.length });
    if (this.said.textContent !== said) this.said.textContent = said;
  }

  #mark() {
    [...this.list.children].forEach((node, at) => node.setAttribute('aria-selected', String(at === this.#at)));
    if (this.list.hidden) this.#box.removeAttribute('aria-activedescendant');
    else this.#box.setAttribute('aria-activedescendant', `canned-${this.#at}`);
    this.list.children[this.#at]?.scrollIntoView({ block: 'nearest' });
  }

  #close() {
    this.list.hidden = true;
    this.said.textContent = '';
    this.#box.removeAttribute('aria-activedescendant');
  }

  #key(event) {
    if (this.list.hidden || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.#at = (this.#at + step + this.#found.length) % this.#found.length;
      this.#mark();
    } else if (event.key === 'Enter' || event.key === 'Tab') {
      this.#take(this.#found[this.#at]);
    } else if (event.key === 'Escape') {
      this.#close();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  #take(reply) {
    const typed = this.#typed();
    const end = this.#box.selectionStart;
    this.#put(() => insert(this.#box, reply.text, end - typed[1].length - 1, end));
    this.#close();
  }
}
