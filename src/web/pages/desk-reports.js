// Reports: how long people waited, by what they have in common, how it was for them, and what agents did with
// suggestions, in the days that are chosen. Pictures show some of it at a look; the tables say all of it.

import { call } from './desk-api.js';
import { el } from './desk-dom.js';
import { named, t } from './desk-words.js';

const MEASURES = ['first_reply', 'pick_up', 'first_human_reply', 'resolution', 'abandoned', 'recontact'];
const PLOTS = ['waits', 'volume', 'hours', 'satisfaction'];
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** A time of waiting, in words. */
const lasted = (seconds) => {
  if (seconds < MINUTE) return t('seconds', { number: seconds });
  if (seconds < HOUR) return t('minutes', { number: Math.round(seconds / MINUTE) });
  if (seconds < 2 * DAY)
    return t('hours', { number: Math.floor(seconds / HOUR), text: Math.floor((seconds % HOUR) / MINUTE) });
  return t('manyDays', { number: Math.floor(seconds / DAY) });
};

const nameOf = (row) => {
  if (row.by === 'all') return t('everybody');
  if (row.by === 'customer') return t(`customer_${row.name}`);
  return t(`by_${row.by}`, { name: row.by === 'feeling' ? named(row.name) : row.name });
};

const grid = (label, heads, rows) =>
  el(
    'div',
    { className: 'table-frame', tabIndex: 0, role: 'group', ariaLabel: label },
    el(
      'table',
      {},
      el('thead', {}, el('tr', {}, ...heads.map((head) => el('th', { scope: 'col', textContent: head })))),
      el(
        'tbody',
        {},
        ...rows.map(([name, ...cells]) =>
          el(
            'tr',
            {},
            el('th', { scope: 'row', textContent: name }),
            ...cells.map((text) => el('td', { textContent: String(text) })),
          ),
        ),
      ),
    ),
  );

const section = (title, about, rows, heads) =>
  el(
    'section',
    {},
    el('h3', { textContent: title }),
    el('p', { className: 'soft', textContent: about }),
    rows.length === 0 ? el('p', { textContent: t('noMeasure') }) : grid(title, heads, rows),
  );

const plot = (name, days) => {
  const address = (theme) => `/api/v1/reports.svg?${new URLSearchParams({ ...days, plot: name, theme })}`;
  return el(
    'figure',
    {},
    el('figcaption', { textContent: t(`plot_${name}`) }),
    el(
      'picture',
      {},
      el('source', { srcset: address('dark'), media: '(prefers-color-scheme: dark)' }),
      // The tables say the same in words.
      el('img', { src: address('light'), alt: '', width: 720, height: 260, loading: 'lazy' }),
    ),
  );
};

const waits = (measure, rows) =>
  section(
    t(`measure_${measure}`),
    t(`about_${measure}`),
    rows[0].count === 0
      ? []
      : rows.map((row) => [nameOf(row), row.count, lasted(row.median), lasted(row.p90), lasted(row.longest)]),
    ['whose', 'howMany', 'median', 'nineOfTen', 'longest'].map((head) => t(head)),
  );

const satisfaction = (rows) =>
  section(
    t('satisfaction'),
    t('aboutSatisfaction'),
    rows[0].count === 0 ? [] : rows.map((row) => [nameOf(row), row.count, row.mean ?? '', ...row.answers]),
    [...['whose', 'howMany', 'mean'].map((head) => t(head)), '1', '2', '3', '4', '5'],
  );

const suggestions = (rows) =>
  section(
    t('suggestionsTitle'),
    t('aboutSuggestions'),
    rows.map((row) => [named(row.kind), row.taken, row.edited, row.ignored]),
    ['kind', 'taken', 'editedFirst', 'ignored'].map((head) => t(head)),
  );

export class Reports {
  constructor() {
    const day = (id) => el('input', { id, type: 'date' });
    this.from = day('report-from');
    this.to = day('report-to');
    this.error = el('p', { className: 'error', role: 'alert' });
    this.said = el('p', { className: 'soft', role: 'status' });
    this.tables = el('div', { className: 'reports' });
    this.plots = el('div', { className: 'plots' });
    const csv = (title) => el('a', { className: 'file', download: '', textContent: t(title) });
    this.files = { waits: csv('asCsv'), satisfaction: csv('csvSatisfaction'), suggestions: csv('csvSuggestions') };
    this.csv = el('p', { className: 'buttons' }, ...Object.values(this.files));
    this.node = el(
      'div',
      { className: 'page-body' },
      el('h2', { tabIndex: -1, textContent: t('reports') }),
      el(
        'form',
        { className: 'invite', noValidate: true, onsubmit: (event) => this.#submit(event) },
        el('label', { htmlFor: 'report-from', textContent: t('firstDay') }),
        this.from,
        el('label', { htmlFor: 'report-to', textContent: t('lastDay') }),
        this.to,
        el('button', { type: 'submit', className: 'primary', textContent: t('show') }),
      ),
      this.said,
      this.error,
      this.plots,
      this.tables,
      this.csv,
    );
    this.csv.hidden = true;
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
    const query = new URLSearchParams(days);
    try {
      const report = await call('GET', `reports?${query}`);
      this.from.value = report.from;
      this.to.value = report.to;
      this.said.textContent = report.partial ? t('partial') : '';
      const span = { from: report.from, to: report.to };
      this.plots.replaceChildren(...PLOTS.map((name) => plot(name, span)));
      const of = (measure) => report.rows.filter((row) => row.measure === measure);
      this.tables.replaceChildren(
        ...MEASURES.map((measure) => waits(measure, of(measure))),
        satisfaction(report.satisfaction),
        suggestions(report.suggestions),
      );
      for (const [table, link] of Object.entries(this.files)) {
        link.href = `/api/v1/reports.csv?${new URLSearchParams({ ...span, table })}`;
      }
      this.csv.hidden = false;
    } catch (error) {
      this.said.textContent = '';
      if (error.status !== 401) this.error.textContent = error.message;
    }
  }
}
