// The lists at the side: who waits, whom one has, what could not be delivered. A row stays the same node, so that
// nothing jumps under the pointer and the focus stays.

import { clock, waited } from './desk-dates.js';
import { el, patch } from './desk-dom.js';
import { undeliveredRow } from './desk-lines.js';
import { called, named, t } from './desk-words.js';

const WHY = {
  danger: (_, row) => t('whyDanger', { text: row.red_flag_title }),
  priority: (v, row) => (v === 'routine' || row.red_flag ? null : t('whyPriority', { text: named(v) })),
  distress: (v) => t('whyDistress', { text: named(v) }),
  overdue: () => t('whyOverdue'),
  callback: () => t('whyCallback'),
  later: () => t('whyLater'),
  reason: (_, row) => row.reason_title,
};

const NOTHING = { queue: 'nobodyWaits', mine: 'noneMine', undelivered: 'allDelivered' };
const TITLES = { queue: 'waiting', mine: 'mine', undelivered: 'notDelivered' };

export class Lists {
  #tell;
  #tab = 'queue';
  #shown = { queue: [], mine: [], undelivered: [] };
  #current = null;
  #isUnread = () => false;

  /** `tell` has `open(id)` and `changed()`. */
  constructor(supervises, tell) {
    this.#tell = tell;
    const names = supervises ? ['queue', 'mine', 'undelivered'] : ['queue', 'mine'];
    this.tabs = el(
      'div',
      { className: 'tabs', role: 'tablist', ariaLabel: t('conversations') },
      ...names.map((name) =>
        el('button', {
          type: 'button',
          role: 'tab',
          id: `tab-${name}`,
          'aria-controls': 'list',
          'aria-selected': String(name === this.#tab),
          textContent: t(TITLES[name]),
          onclick: () => {
            this.#tab = name;
            this.draw();
          },
        }),
      ),
    );
    this.list = el('ul', { className: 'list' });
    this.nothing = el('p', { className: 'nothing' });
    this.panel = el(
      'div',
      { className: 'list-panel', id: 'list', role: 'tabpanel', 'aria-labelledby': `tab-${this.#tab}` },
      this.list,
      this.nothing,
    );
    this.node = el('nav', { className: 'side', ariaLabel: t('conversations') }, this.tabs, this.panel);
  }

  update(lists, current, isUnread) {
    this.#shown = lists;
    this.#current = current;
    this.#isUnread = isUnread;
    this.draw();
  }

  draw() {
    for (const tab of this.tabs.children) {
      const name = tab.id.slice(4);
      const title = `${t(TITLES[name])} (${this.#shown[name].length})`;
      if (tab.textContent !== title) tab.textContent = title;
      tab.setAttribute('aria-selected', String(this.#tab === name));
    }
    this.panel.setAttribute('aria-labelledby', `tab-${this.#tab}`);
    const rows = this.#shown[this.#tab];
    if (this.#tab === 'undelivered') {
      patch(
        this.list,
        rows,
        (row) => row.message,
        (row) => JSON.stringify(row),
        (row) => undeliveredRow(row, this.#tell.open, this.#tell.changed),
      );
    } else {
      patch(
        this.list,
        rows,
        (row) => row.id,
        () => 'row',
        () => this.#row(),
      );
      rows.forEach((row, at) => this.#write(this.list.children[at], row));
    }
    this.nothing.textContent = t(NOTHING[this.#tab]);
    this.nothing.hidden = rows.length > 0;
  }

  #row() {
    const parts = Object.fromEntries(
      ['name', 'unread', 'wait', 'words', 'why', 'ref'].map((name) => [
        name,
        el('span', { className: `row-${name}`, dir: ['name', 'words'].includes(name) ? 'auto' : undefined }),
      ]),
    );
    const button = el(
      'button',
      { type: 'button', className: 'row', onclick: () => this.#tell.open(button.dataset.id) },
      el('span', { className: 'row-head' }, parts.name, ' ', parts.unread),
      ' ',
      parts.wait,
      ' ',
      parts.words,
      ' ',
      parts.why,
      ' ',
      parts.ref,
    );
    const node = el('li', {}, button);
    node.parts = { button, ...parts };
    return node;
  }

  #write(node, row) {
    const { button, ...p } = node.parts;
    const reasons = (row.why ?? [])
      .filter((why) => !(row.red_flag && why.startsWith('reason:')))
      .map((why) => {
        const [key, value] = why.split(':');
        return WHY[key]?.(value, row);
      })
      .filter(Boolean);
    const texts = {
      name: called(row.name ?? row.contact?.name),
      unread: this.#isUnread(row) ? t('unread') : '',
      wait: row.since ? waited(row.since) : row.last ? clock(row.last.at) : '',
      words: row.last?.text ?? '',
      why: reasons.length ? reasons.join(' · ') : named(row.status ?? ''),
      ref: row.complaint ?? '',
    };
    for (const [name, text] of Object.entries(texts)) {
      if (p[name].textContent !== text) p[name].textContent = text;
      p[name].hidden = !text;
    }
    button.dataset.id = row.id;
    button.classList.toggle('danger', Boolean(row.red_flag));
    button.classList.toggle('is-unread', Boolean(texts.unread));
    if (row.id === this.#current) button.setAttribute('aria-current', 'true');
    else button.removeAttribute('aria-current');
  }
}
