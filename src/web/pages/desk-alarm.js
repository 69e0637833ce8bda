// The alarm: everybody who may be in danger and to whom nobody has come yet, by name, most pressing first, for
// everyone at the desk: who waits, and whoever told of a danger since the colleague who has them last did anything. It
// cannot be dismissed; taking them, or answering, ends it. One line, however many they are, that opens to a list.

import { clock } from './desk-dates.js';
import { el, patch } from './desk-dom.js';
import { called, t } from './desk-words.js';

export class Alarm {
  #open;
  #rang = new Set();

  /** `open` shows a conversation. */
  constructor(open) {
    this.#open = open;
    this.title = el('p', { className: 'alarm-title', textContent: t('mayBeInDanger'), hidden: true });
    this.list = el('ul', { className: 'alarms', id: 'alarms' });
    this.all = el('button', {
      type: 'button',
      className: 'alarm-all',
      hidden: true,
      'aria-controls': 'alarms',
      onclick: () => this.#show(!this.node.classList.contains('open')),
    });
    // A live region says what is added, so whoever is there already is not said again.
    const live = el('div', { className: 'alarm-live', role: 'alert', 'aria-atomic': 'false' }, this.title, this.list);
    this.node = el('div', { className: 'alarm' }, live, this.all);
    this.node.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !this.node.classList.contains('open')) return;
      event.stopPropagation();
      this.#show(false);
      this.all.focus();
    });
    this.overdue = el('div', { role: 'status' });
    this.#show(false);
  }

  #show(open) {
    this.node.classList.toggle('open', open);
    this.all.setAttribute('aria-expanded', String(open));
    this.list.scrollLeft = 0;
  }

  /**
   * Who may be in danger, and who waits, in order. Gives back those of the former of whom nothing was said yet.
   */
  update(endangered, queue, supervises) {
    this.title.hidden = endangered.length === 0;
    this.all.hidden = endangered.length < 2;
    if (this.all.hidden) this.#show(false);
    const number = t('allInDanger', { number: endangered.length });
    if (this.all.textContent !== number) this.all.textContent = number;
    patch(
      this.list,
      endangered,
      (row) => row.id,
      (row) => `${row.name} ${row.red_flag} ${row.holder}`,
      (row) => this.#row(row),
    );
    this.#late(supervises ? queue.filter((row) => !row.red_flag && row.why.includes('overdue')) : []);
    const key = (row) => `${row.id} ${row.red_flag}`;
    const fresh = endangered.filter((row) => !this.#rang.has(key(row)));
    // Whoever was taken over and is in danger once more is told of once more.
    this.#rang = new Set(endangered.map(key));
    return fresh;
  }

  #row(row) {
    const values = { name: called(row.name), text: row.red_flag_title, when: clock(row.since), holder: row.holder };
    const text = t(row.holder ? 'inDangerOf' : 'inDanger', values);
    const open = () => {
      this.#show(false);
      this.#open(row.id);
    };
    return el(
      'li',
      {},
      el('button', { type: 'button', className: 'alarm-open', dir: 'auto', textContent: text, onclick: open }),
    );
  }

  #late(rows) {
    const [first] = rows;
    const values = first && { name: called(first.name), when: clock(first.since), number: rows.length };
    const text = first ? t(rows.length === 1 ? 'overdueOne' : 'overdueMany', values) : '';
    if (this.overdue.dataset.text === text) return;
    this.overdue.dataset.text = text;
    this.overdue.replaceChildren(
      ...(first
        ? [
            el(
              'p',
              { className: 'banner' },
              el('span', { textContent: text }),
              el('button', {
                type: 'button',
                className: 'quiet',
                textContent: t('open'),
                'aria-label': `${t('open')}: ${called(first.name)}`,
                onclick: () => this.#open(first.id),
              }),
            ),
          ]
        : []),
    );
  }
}
