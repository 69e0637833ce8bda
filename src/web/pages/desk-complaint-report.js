// The register in figures: how many, of what kind, where, and how long it took.

import { call } from './desk-api.js';
import { el } from './desk-dom.js';
import { named, t } from './desk-words.js';

const GROUPS = ['month', 'domain', 'category', 'place', 'relation', 'customer', 'channel', 'status'];
const HEADS = ['figuresOf', 'howMany', 'stillOpen', 'overdueNow', 'daysToAcknowledge', 'daysToRespond', 'isSettled', 'isNotSettled'];

const number = (value) => (value === null ? '' : String(Math.round(value * 10) / 10));

const nameOf = (row) => {
  if (row.name === null) return t('notKnown');
  return ['month', 'place', 'channel'].includes(row.by) ? row.name : named(row.name);
};

/** A picture of the report; the tables say the same in words. */
const plot = (about, asked) => {
  const address = (theme) => `/api/v1/complaint-reports.svg?${new URLSearchParams({ ...asked, theme })}`;
  return el(
    'figure',
    {},
    el('figcaption', { textContent: about }),
    el(
      'picture',
      {},
      el('source', { srcset: address('dark'), media: '(prefers-color-scheme: dark)' }),
      el('img', { src: address('light'), alt: '', width: 720, height: 260, loading: 'lazy' }),
    ),
  );
};

const table = (by, rows) =>
  el(
    'section',
    {},
    el('h3', { textContent: t(`report_${by}`) }),
    el(
      'div',
      { className: 'table-frame', tabIndex: 0, role: 'group', ariaLabel: t(`report_${by}`) },
      el(
        'table',
        {},
        el('thead', {}, el('tr', {}, ...HEADS.map((head) => el('th', { scope: 'col', textContent: t(head) })))),
        el(
          'tbody',
          {},
          ...rows.map((row) =>
            el(
              'tr',
              {},
              el('th', { scope: 'row', dir: 'auto', textContent: nameOf(row) }),
              ...[row.count, row.open, row.overdue, number(row.days_to_acknowledge), number(row.days_to_respond), row.settled, row.not_settled].map((v) =>
                el('td', { textContent: String(v) }),
              ),
            ),
          ),
        ),
      ),
    ),
  );

export class ComplaintReport {
  constructor() {
    const day = (id) => el('input', { id, type: 'date' });
    this.from = day('complaint-report-from');
    this.to = day('complaint-report-to');
    this.said = el('p', { className: 'soft', role: 'status' });
    this.error = el('p', { className: 'error', role: 'alert' });
    this.plots = el('div', { className: 'plots' });
    this.tables = el('div', { className: 'page-body' });
    this.csv = el('a', { textContent: t('asCsv'), hidden: true });
    this.node = el(
      'div',
      { className: 'page-body' },
      el('h2', { tabIndex: -1, textContent: t('complaintReport') }),
      el(
        'form',
        { className: 'invite', noValidate: true, onsubmit: (event) => this.#submit(event) },
        el('label', { htmlFor: this.from.id, textContent: t('firstDay') }),
        this.from,
        el('label', { htmlFor: this.to.id, textContent: t('lastDay') }),
        this.to,
        el('button', { type: 'submit', className: 'primary', textContent: t('show') }),
      ),
      this.said,
      this.error,
      this.plots,
      this.tables,
      this.csv,
    );
    this.#look({});
  }

  #submit(event) {
    event.preventDefault();
    const days = { from: this.from.value, to: this.to.value };
    this.#look(Object.fromEntries(Object.entries(days).filter(([, value]) => value)));
  }

  async #look(days) {
    this.error.textContent = '';
    this.said.textContent = t('loading');
    try {
      const report = await call('GET', `complaint-reports?${new URLSearchParams(days)}`);
      this.from.value = report.from;
      this.to.value = report.to;
      this.said.textContent = report.rising.length
        ? t('rising', { text: report.rising.map((r) => `${named(r.category)} (${r.before} → ${r.now})`).join(', ') })
        : '';
      const span = { from: report.from, to: report.to };
      this.plots.replaceChildren(
        plot(t('plot_received'), { ...span, plot: 'received' }),
        plot(t('plot_answered'), { ...span, plot: 'answered' }),
        ...report.rising.map((r) => plot(t('plotRising', { name: named(r.category) }), { ...span, plot: 'theme', category: r.category })),
      );
      this.tables.replaceChildren(...GROUPS.map((by) => table(by, report.rows.filter((row) => row.by === by))));
      this.csv.href = `/api/v1/complaint-reports.csv?${new URLSearchParams({ from: report.from, to: report.to })}`;
      this.csv.hidden = false;
    } catch (error) {
      this.said.textContent = '';
      if (error.status !== 401) this.error.textContent = error.message;
    }
  }
}
