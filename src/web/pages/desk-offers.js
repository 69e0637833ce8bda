// A list that opens while somebody types: what is typed narrows it down, arrow keys choose, Enter and Tab put what is
// chosen in the place of what was typed, Escape leaves. It stands above the field and covers none of it.

import { el } from './desk-dom.js';
import { insert } from './desk-typing.js';
import { t } from './desk-words.js';

/** The most that are shown at once. */
const SHOWN = 5;

export class Offers {
  #box;
  #kind;
  #found = [];
  #at = 0;

  /**
   * `kind` has `id` and `label` of the list, `typed`: a pattern whose first group is what was typed behind the sign
   * that opens it, `all()`: everything that may be offered, each with `text`, `fits(item, typed)`, `row(item)`: its
   * nodes, and `put(write)`, which writes.
   */
  constructor(box, kind) {
    this.#box = box;
    this.#kind = kind;
    this.list = el('ul', { id: kind.id, className: 'offers', role: 'listbox', ariaLabel: kind.label, hidden: true });
    this.said = el('p', { className: 'visually-hidden', role: 'status' });
    this.node = el('div', { className: 'offers-place' }, this.list, this.said);
    box.setAttribute('aria-controls', kind.id);
    box.setAttribute('aria-autocomplete', 'list');
    box.addEventListener('input', () => this.#look());
    box.addEventListener('click', () => this.#look());
    box.addEventListener('blur', () => this.#close());
    // Before the composer, for which Enter with Ctrl sends.
    box.addEventListener('keydown', (event) => this.#key(event), { capture: true });
  }

  #typed() {
    const { selectionStart: start, selectionEnd: end, value } = this.#box;
    return start === end ? this.#kind.typed.exec(value.slice(0, start)) : null;
  }

  async #look() {
    if (!this.#typed()) {
      this.#close();
      return;
    }
    try {
      const all = await this.#kind.all();
      const typed = this.#typed();
      if (!typed) return;
      const wanted = typed[1].toLowerCase();
      this.#found = all.filter((item) => this.#kind.fits(item, wanted)).slice(0, SHOWN);
      this.#at = 0;
      this.#draw();
    } catch {
      this.said.textContent = t('noAnswer');
    }
  }

  #draw() {
    const { id, row } = this.#kind;
    const option = (item, at) =>
      el(
        'li',
        {
          id: `${id}-${at}`,
          role: 'option',
          'aria-selected': String(at === this.#at),
          // The focus stays in the field.
          onmousedown: (event) => event.preventDefault(),
          onclick: () => this.#take(item),
        },
        ...row(item),
      );
    this.list.replaceChildren(...this.#found.map(option));
    this.list.hidden = this.#found.length === 0;
    this.#mark();
    const said = t(this.#found.length ? 'readyFound' : 'nothingFound', { number: this.#found.length });
    if (this.said.textContent !== said) this.said.textContent = said;
  }

  #mark() {
    [...this.list.children].forEach((node, at) => node.setAttribute('aria-selected', String(at === this.#at)));
    if (this.list.hidden) this.#box.removeAttribute('aria-activedescendant');
    else this.#box.setAttribute('aria-activedescendant', `${this.#kind.id}-${this.#at}`);
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

  #take(item) {
    const typed = this.#typed();
    const end = this.#box.selectionStart;
    this.#kind.put(() => insert(this.#box, item.text, end - typed[1].length - 1, end));
    this.#close();
  }
}
