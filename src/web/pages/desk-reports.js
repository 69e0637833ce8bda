// Reports: how long people waited, by channel and team, in the days that are chosen.

import { call } from './desk-api.js';
import { el } from './desk-dom.js';
import { t } from './desk-words.js';

const MEASURES = ['first_reply', 'pick_up', 'first_human_reply', 'resolution'];
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

const nameOf = (row) => (row.by === 'all' ? t('everybody') : t(`by_${row.by}`, { name: row.name }));

const table = (measure, rows) =>
  el(
    'section',
    {},
    el('h3', { textContent: t(`measure_${measure}`) }),
    el('p', { className: 'soft', textContent: t(`about_${measure}`) }),
    rows[0].count === 0
      ? el('p', { textContent: t('noMeasure') })
      : el(
          'div',
          { className: 'table-frame', tabIndex: 0, role: 'group', ariaLabel: t(`measure_${measure}`) },
          el(
            'table',
            {},
            el(
              'thead',
              {},
              el(
                'tr',
                {},
                ...['whose', 'howMany', 'median', 'nineOfTen', 'longest'].map((head) =>
                  el('th', { scope: 'col', textContent: t(head) }),
                ),
              ),
            ),
            el(
              'tbody',
              {},
              ...rows.map((row) =>
                el(
                  'tr',
                  {},
                  el('th', { scope: 'row', textContent: nameOf(row) }),
                  ...[String(row.count), lasted(row.median), lasted(row.p90), lasted(row.longest)].map((text) =>
                    el('td', { textContent: text }),
                  ),
                ),
              ),
            ),
          ),
        ),
  );

export class Reports {
  constructor() {
    const day = (id) => el('input', { id, type: 'date' });
    this.from = day('report-from');
    this.to = day('report-to');
    this.error = el('p', { className: 'error', role: 'alert' });
    this.said = el('p', { className: 'soft', role: 'status' });
    this.tables = el('div', { className: 'reports' });
    this.csv = el('a', { className: 'file', download: '', textContent: t('asCsv') });
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
      this.tables.replaceChildren(
        ...MEASURES.map((measure) =>
          table(
            measure,
            report.rows.filter((row) => row.measure === measure),
          ),
        ),
      );
      this.csv.href = `/api/v1/reports.csv?${new URLSearchParams({ from: report.from, to: report.to })}`;
      this.csv.hidden = false;
    } catch (error) {
      this.said.textContent = '';
      if (error.status !== 401) this.error.textContent = error.message;
    }
  }
}
