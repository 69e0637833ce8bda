// The register: complaints in short rows, narrowed down by what is chosen and typed, page by page. Nothing is
// looked up before somebody asks for it.

import { call } from './desk-api.js';
import { fullDate, left } from './desk-dates.js';
import { el } from './desk-dom.js';
import { CATEGORIES, RELATIONS, STATUSES } from './desk-record-form.js';
import { named, t } from './desk-words.js';

const SORTS = ['-received_at', 'due_at', '-priority'];
const COLUMNS = ['reference', 'receivedOn', 'status', 'priority', 'category', 'whoComplains', 'happenedTo', 'where', 'dueNext'];

const choice = (id, values, worded) =>
  el(
    'select',
    { id, name: id.slice('register-'.length) },
    ...values.map((value) => el('option', { value, textContent: worded(value) })),
  );

const anyOf = (id, values) => choice(id, ['', ...values], (v) => (v ? named(v) : t('any')));

/** The next clock, in words. */
const due = (c) => {
  if (!c.due_at) return '';
  const time = left(c.due_at);
  return el('span', { className: time.late ? 'late' : '', title: fullDate(c.due_at), textContent: time.text });
};

export class Complaints {
  #tell;
  #next = null;
  #asked = {};

  /** `tell` has `go(path)` and `agent`. */
  constructor(tell) {
    this.#tell = tell;
    const text = (name, type) => el('input', { id: `register-${name}`, name, type, maxLength: 200, dir: 'auto' });
    const fields = {
      q: [t('words'), text('q', 'search')],
      status: [t('status'), anyOf('register-status', STATUSES)],
      category: [t('category'), anyOf('register-category', CATEGORIES)],
      relation: [t('relation'), anyOf('register-relation', RELATIONS)],
      place: [t('where'), text('place', 'text')],
      from: [t('firstDay'), text('from', 'date')],
      to: [t('lastDay'), text('to', 'date')],
      overdue: [t('clocks'), choice('register-overdue', ['', 'true', 'false'], (v) => t(v ? `overdue_${v}` : 'any'))],
      sort: [t('order'), choice('register-sort', SORTS, (v) => t(`sort_${v.replace('-', '')}`))],
    };
    this.form = el(
      'form',
      { className: 'register-filter', role: 'search', ariaLabel: t('complaints'), noValidate: true },
      ...Object.values(fields).map(([label, input]) =>
        el('div', {}, el('label', { htmlFor: input.id, textContent: label }), input),
      ),
      el('button', { type: 'submit', className: 'primary', textContent: t('show') }),
    );
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      const given = Object.fromEntries(new FormData(this.form));
      this.#look(Object.fromEntries(Object.entries(given).filter(([, value]) => String(value).trim())));
    });
    this.said = el('p', { className: 'soft', role: 'status' });
    this.error = el('p', { className: 'error', role: 'alert' });
    this.body = el('tbody');
    this.table = el(
      'table',
      {},
      el('caption', { className: 'visually-hidden', textContent: t('complaints') }),
      el('thead', {}, el('tr', {}, ...COLUMNS.map((name) => el('th', { scope: 'col', textContent: t(name) })))),
      this.body,
    );
    this.more = el('button', { type: 'button', textContent: t('more'), hidden: true, onclick: () => this.#goOn() });
    const report = this.#link('/desk/complaints/report', t('complaintReport'));
    this.node = el(
      'div',
      { className: 'page-body register' },
      el('h2', { tabIndex: -1, textContent: t('complaints') }),
      tell.agent.role === 'agent' ? null : el('p', {}, report),
      this.form,
      this.said,
      this.error,
      el('div', { className: 'table-frame', tabIndex: 0, role: 'group', ariaLabel: t('complaints') }, this.table),
      this.more,
    );
    this.#look({});
  }

  #link(href, textContent) {
    const onclick = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.#tell.go(href);
    };
    return el('a', { href, textContent, onclick });
  }

  #row(c) {
    const who = [c.complainant ?? t('somebody'), named(c.relation)].join(', ');
    const cells = [
      this.#link(`/desk/complaints/${c.reference}`, c.reference),
      fullDate(c.received_at),
      named(c.status),
      named(c.priority),
      c.category ? named(c.category) : '',
      who,
      c.affected ?? '',
      c.place ?? '',
      due(c),
    ];
    return el(
      'tr',
      { className: c.overdue ? 'late' : '' },
      ...cells.map((cell, at) => (at === 0 ? el('th', { scope: 'row' }, cell) : el('td', { dir: 'auto' }, cell))),
    );
  }

  async #look(asked) {
    this.#asked = asked;
    await this.#load(asked, (rows) => this.body.replaceChildren(...rows));
  }

  async #goOn() {
    const first = this.body.children.length;
    await this.#load({ ...this.#asked, cursor: this.#next }, (rows) => this.body.append(...rows));
    this.body.children[first]?.querySelector('a').focus();
  }

  async #load(query, place) {
    this.error.textContent = '';
    this.said.textContent = t('loading');
    try {
      const page = await call('GET', `complaints?${new URLSearchParams(query)}`);
      place(page.complaints.map((c) => this.#row(c)));
      this.#next = page.next;
      this.more.hidden = !page.next;
      const number = this.body.children.length;
      this.said.textContent = number ? t(page.next ? 'shownSoFar' : 'shownAll', { number }) : t('noComplaints');
    } catch (error) {
      this.said.textContent = '';
      if (error.status === 401) return;
      this.error.textContent = error.message;
      this.form.elements[error.field]?.focus();
    }
  }
}
