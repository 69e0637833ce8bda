// What can be put into a text by a button: a sign for a feeling, a colleague's name.

import { call } from './desk-api.js';
import { el } from './desk-dom.js';
import { insert } from './desk-typing.js';
import { t } from './desk-words.js';

const SIGNS = ['🙂', '😊', '🙏', '👍', '❤️', '💐', '🤝', '👋', '😔', '😟', '🫂', '🌷', '☀️', '✅', '📞', '📅', '⏰', '🏥'];

/** How many names are offered at once. */
const MOST_NAMES = 6;

/** A button that shows the signs; each goes where the cursor stands. */
export const signsFor = (box) => {
  const panel = el('div', { className: 'signs', role: 'group', ariaLabel: t('emoji'), hidden: true });
  const button = el('button', { type: 'button', textContent: t('emoji'), ariaExpanded: 'false' });
  const show = (open) => {
    panel.hidden = !open;
    button.ariaExpanded = String(open);
  };
  const put = (sign) => {
    show(false);
    insert(box, sign, box.selectionStart, box.selectionEnd);
  };
  panel.append(...SIGNS.map((sign) => el('button', { type: 'button', textContent: sign, onclick: () => put(sign) })));
  panel.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    show(false);
    button.focus();
  });
  button.addEventListener('click', () => {
    show(panel.hidden);
    if (!panel.hidden) panel.firstElementChild.focus();
  });
  return { button, panel };
};

/** Colleagues whose names begin as what stands behind an @, as buttons below the note. */
export class Names {
  #box;
  #all = null;

  constructor(box) {
    this.#box = box;
    this.node = el('div', { className: 'names', role: 'group', ariaLabel: t('mention'), hidden: true });
    box.addEventListener('input', () => this.#look());
  }

  get #begun() {
    const before = this.#box.value.slice(0, this.#box.selectionStart);
    return /(?:^|\s)@([\p{L}\p{M}]*)$/u.exec(before)?.[1] ?? null;
  }

  async #look() {
    const begun = this.#begun;
    if (begun === null) {
      this.node.hidden = true;
      return;
    }
    this.#all ??= call('GET', 'agents').then(
      ({ agents }) => agents.filter((a) => !a.disabled).map((a) => a.name),
      () => [],
    );
    const names = await this.#all;
    if (begun !== this.#begun) return;
    const fit = names.filter((name) => name.toLowerCase().startsWith(begun.toLowerCase())).slice(0, MOST_NAMES);
    this.node.hidden = fit.length === 0;
    this.node.replaceChildren(
      ...fit.map((name) => el('button', { type: 'button', textContent: `@${name}`, onclick: () => this.#put(name) })),
    );
  }

  #put(name) {
    const at = this.#box.selectionStart;
    const begun = this.#begun ?? '';
    this.node.hidden = true;
    insert(this.#box, `@${name} `, at - begun.length - 1, at);
  }
}
