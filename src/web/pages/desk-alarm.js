// The alarm: everybody who may be in danger and whom nobody has taken yet, by name, most pressing first, for
// everyone at the desk. It cannot be dismissed; taking them ends it.

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
    this.list = el('ul', { className: 'alarms' });
    // A live region says what is added, so whoever is there already is not said again.
    this.node = el('div', { className: 'alarm', role: 'alert', 'aria-atomic': 'false' }, this.title, this.list);
    this.overdue = el('div', { role: 'status' });
  }

  /** Who waits now, in order. Gives back those in danger of whom nothing was said yet. */
  update(queue, supervises) {
    const endangered = queue.filter((row) => row.red_flag);
    this.title.hidden = endangered.length === 0;
    patch(
      this.list,
      endangered,
      (row) => row.id,
      (row) => `${row.name} ${row.red_flag}`,
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
    const text = t('inDanger', { name: called(row.name), text: row.red_flag_title, when: clock(row.since) });
    return el(
      'li',
      {},
      el('button', { type: 'button', className: 'alarm-open', textContent: text, onclick: () => this.#open(row.id) }),
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
