// The lists at the side: whom one has, who waits, everybody, who is done, what could not be delivered; and the
// search. A row stays the same node, and the one under the pointer stays where it is.

import { el, patch } from './desk-dom.js';
import { Filters } from './desk-filters.js';
import { Found } from './desk-found.js';
import { undeliveredRow } from './desk-lines.js';
import { makeRow, writeRow } from './desk-rows.js';
import { Steady } from './desk-steady.js';
import { t } from './desk-words.js';

const TITLES = {
  mine: 'mine',
  queue: 'waiting',
  all: 'all',
  resolved: 'resolved',
  undelivered: 'notDelivered',
};
const NOTHING = {
  mine: 'noneMine',
  queue: 'nobodyWaits',
  all: 'noneAtAll',
  resolved: 'noneResolved',
  undelivered: 'allDelivered',
};
/** What of the API's list a tab shows. */
const QUERIES = { mine: { holder: 'me' }, queue: { status: 'queued' }, all: {}, resolved: { status: 'resolved' } };
/** How many rows are drawn at first, and with each "More". */
const DRAWN = 100;
/** How long somebody must pause before a search begins, in milliseconds. */
const PAUSE = 250;

export class Lists {
  #tell;
  #me;
  #tab = 'queue';
  #tabBefore = 'queue';
  #search = '';
  #searching;
  #lists = null;
  #found = null;
  #drawn = DRAWN;
  #current = null;
  #isUnread = (_row) => false;
  #shown = '';
  #keys = new Map();
  #steady;

  /** `tell` has `open(id)` and `changed()`; `me` is who looks. */
  constructor(me, tell) {
    this.#tell = tell;
    this.#me = me;
    const names = Object.keys(TITLES).filter((name) => name !== 'undelivered' || me.role !== 'agent');
    this.tabs = el(
      'div',
      { className: 'tabs', role: 'tablist', ariaLabel: t('conversations') },
      ...names.map((name) =>
        el('button', {
          type: 'button',
          role: 'tab',
          id: `tab-${name}`,
          'aria-controls': 'list',
          onclick: () => this.#choose(name),
        }, el('span', { textContent: t(TITLES[name]) }), el('span', { className: 'tab-unread', hidden: true })),
      ),
    );
    this.search = el('input', {
      type: 'search',
      className: 'search',
      ariaLabel: t('search'),
      placeholder: t('searchHint'),
      maxLength: 200,
      dir: 'auto',
      oninput: () => this.#typed(),
    });
    this.filters = new Filters(() => this.#look());
    this.count = el('span', { className: 'soft', role: 'status' });
    this.news = el('button', { type: 'button', className: 'news', hidden: true, onclick: () => this.#steady.toTop() });
    this.list = el('ul', { className: 'list' });
    this.nothing = el('p', { className: 'nothing' });
    this.more = el('button', { type: 'button', textContent: t('more'), hidden: true, onclick: () => this.#more() });
    this.panel = el(
      'div',
      { className: 'list-panel', id: 'list', role: 'tabpanel' },
      this.list,
      this.nothing,
      el('p', { className: 'list-more' }, this.more),
    );
    this.#steady = new Steady(this.panel, this.list, (number) => this.#tellNews(number));
    const left = () => {
      if (this.#steady.held()) return;
      this.#steady.release();
      this.draw();
    };
    this.list.addEventListener('pointerleave', left);
    this.list.addEventListener('focusout', () => queueMicrotask(left));
    this.node = el(
      'nav',
      { className: 'side', ariaLabel: t('conversations') },
      this.tabs,
      el('div', { className: 'search-line' }, this.search, this.filters.node),
      el('div', { className: 'list-state' }, this.count, this.news),
      this.panel,
    );
    this.draw();
  }

  // ---- what is shown

  /** Goes to the row of a conversation, else to the tab that is shown. */
  focus(conversation = '') {
    const row = this.list.querySelector(`[data-key="${CSS.escape(conversation)}"] button`);
    const chosen = /** @type {HTMLElement} */ (row ?? this.tabs.querySelector('[aria-selected="true"]'));
    chosen?.focus();
  }

  /** Whether the row of a conversation is in sight, where it is marked as unread. */
  inSight(id) {
    const row = this.list.querySelector(`[data-key="${CSS.escape(id)}"]`);
    if (!row?.checkVisibility()) return false;
    const [at, frame] = [row.getBoundingClientRect(), this.panel.getBoundingClientRect()];
    return at.top < frame.bottom && at.bottom > frame.top;
  }

  titleOf(tab) {
    return t(TITLES[tab]);
  }

  /** How many of those who wait are drawn, or soon will be. */
  get wanted() {
    return Math.max(2 * DRAWN, this.#drawn + DRAWN);
  }

  /** Shows a tab, with the focus on it. */
  show(tab) {
    this.tabs.querySelector(`#tab-${tab}`).focus();
    this.#choose(tab);
  }

  /** Opens the next conversation of the list, or the one before. */
  step(by) {
    const rows = [...this.list.querySelectorAll('.row')];
    const at = rows.findIndex((row) => row.dataset.id === this.#current);
    rows[at === -1 ? 0 : at + by]?.click();
  }

  #choose(tab) {
    this.#tab = tab;
    if (!this.#search) this.#tabBefore = tab;
    this.#look();
  }

  #typed() {
    clearTimeout(this.#searching);
    this.#searching = setTimeout(() => {
      const search = this.search.value.trim();
      if (search === this.#search) return;
      // A search goes through everything; a tab that is chosen then narrows it down.
      if (!this.#search) this.#tab = 'all';
      this.#search = search;
      if (!search) this.#tab = this.#tabBefore;
      this.#look();
    }, PAUSE);
  }

  /** Another list is shown, from its beginning. */
  #look() {
    this.#drawn = DRAWN;
    const asked = this.#search || this.filters.any || this.#tab === 'all' || this.#tab === 'resolved';
    const query = { ...QUERIES[this.#tab], ...this.filters.query, ...(this.#search ? { q: this.#search } : {}) };
    this.#found = asked && this.#tab !== 'undelivered' ? new Found(query) : null;
    this.panel.scrollTop = 0;
    this.draw();
    return this.refresh();
  }

  /** Looks anew at a list that the program is asked for. */
  async refresh() {
    const found = this.#found;
    if (!found) return;
    await found.look();
    if (found === this.#found) this.draw();
  }

  async #more() {
    const found = this.#found;
    const at = this.list.children.length;
    this.#drawn += DRAWN;
    if (!found && this.#tab === 'queue') await this.#tell.changed();
    if (found?.next && found.rows.length < this.#drawn) {
      this.more.disabled = true;
      await found.more();
      this.more.disabled = false;
    }
    this.draw();
    this.list.children[at]?.querySelector('button')?.focus({ preventScroll: true });
  }

  update(lists, current, isUnread) {
    this.#lists = lists;
    this.#current = current;
    this.#isUnread = isUnread;
    this.draw();
  }

  // ---- drawing

  draw() {
    for (const tab of this.tabs.children) {
      const name = tab.id.slice(4);
      const number = name === 'queue' ? this.#lists?.waiting : this.#lists?.[name]?.length;
      const title = number === undefined ? t(TITLES[name]) : `${t(TITLES[name])} (${number})`;
      const [text, badge] = tab.children;
      if (text.textContent !== title) text.textContent = title;
      if (name === 'mine') this.#unreadOn(badge);
      tab.setAttribute('aria-selected', String(this.#tab === name));
    }
    this.panel.setAttribute('aria-labelledby', `tab-${this.#tab}`);
    const all = this.#found?.rows ?? this.#lists?.[this.#tab] ?? [];
    const rows = all.slice(0, this.#drawn);
    this.#rows(rows);
    const waits = !this.#found && this.#tab === 'queue' ? (this.#lists?.waiting ?? 0) : 0;
    this.more.hidden = Math.max(all.length, waits) <= rows.length && !this.#found?.next;
    this.#state(all.length);
  }

  /** How many of one's own conversations have something unread. */
  #unreadOn(badge) {
    const number = (this.#lists?.mine ?? []).filter((row) => this.#isUnread(row)).length;
    badge.hidden = number === 0;
    if (badge.dataset.number === String(number)) return;
    badge.dataset.number = String(number);
    badge.replaceChildren(` ${number}`, el('span', { className: 'visually-hidden', textContent: ` ${t('unread')}` }));
  }

  /** How many there are, and what there is to say where there are none. */
  #state(number) {
    const found = this.#found;
    const waits = found ? !found.loaded : !this.#lists;
    const more = found?.next ? '+' : '';
    const narrowed = this.#search || this.filters.any;
    const said = narrowed && !waits && !found?.error ? t('found', { number: `${number}${more}` }) : '';
    if (this.count.textContent !== said) this.count.textContent = said;
    const none = narrowed ? 'nothingFound' : NOTHING[this.#tab];
    const text = found?.error ? found.error.message : t(waits ? 'loading' : none);
    if (this.nothing.textContent !== text) this.nothing.textContent = text;
    this.nothing.hidden = number > 0 && !found?.error;
  }

  #rows(rows) {
    const shown = `${this.#tab} ${this.#search}`;
    const same = shown === this.#shown;
    this.#shown = shown;
    if (!same) {
      this.#steady.release();
      this.list.replaceChildren();
    }
    if (this.#tab === 'undelivered') {
      patch(
        this.list,
        rows,
        (row) => row.message,
        (row) => JSON.stringify(row),
        (row) => undeliveredRow(row, this.#tell.open, this.#tell.changed),
      );
      return;
    }
    this.#steady.keep(() => {
      const before = new Set(this.list.children);
      const { all, gone } = this.#withGone(rows);
      patch(
        this.list,
        all,
        (row) => row.id,
        () => 'row',
        () => makeRow(this.#tell.open),
      );
      this.#keys = new Map(all.map((row) => [row.id, row]));
      all.forEach((row, at) =>
        writeRow(this.list.children[at], row, {
          unread: this.#isUnread(row),
          current: row.id === this.#current,
          gone: row === gone,
          me: this.#me.name,
        }),
      );
      return same && before.size > 0 ? [...this.list.children].filter((row) => !before.has(row)) : [];
    });
  }

  /** The rows, and among them the one under the pointer though it has left the list: it stays until the pointer does. */
  #withGone(rows) {
    const held = this.#steady.held()?.dataset.key;
    const gone = held && this.#keys.get(held);
    if (!gone || rows.some((row) => row.id === held)) return { all: rows, gone: null };
    const at = [...this.list.children].findIndex((node) => node.dataset.key === held);
    return { all: rows.toSpliced(at, 0, gone), gone };
  }

  #tellNews(number) {
    const text = number ? t('news', { number }) : '';
    if (this.news.textContent !== text) this.news.textContent = text;
    this.news.hidden = !number;
  }
}
