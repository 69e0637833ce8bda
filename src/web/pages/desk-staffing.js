// How many people the desk needs: a grid by hour and weekday, the sentence that it comes to, and what waits in the
// register. Nothing here changes anything.

import { call } from './desk-api.js';
import { el } from './desk-dom.js';
import { LANGUAGE, t } from './desk-words.js';

const percent = (share) => `${Math.round(share * 100)} %`;
const tidy = (number) => new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 1 }).format(number);
const weekday = (number) => t(`weekday_${number}`);
const inWords = (seconds) =>
  seconds < 90 ? `${Math.round(seconds)} s` : t('minutes', { number: Math.round(seconds / 60) });

export class Staffing {
  #staffing = null;

  constructor() {
    const field = (name, props) => el('input', { id: `staffing-${name}`, type: 'number', min: '1', required: true, ...props });
    this.people = field('people', { max: '1000', value: '3' });
    this.handling = field('handling', { max: '1440', step: 'any' });
    this.target = field('target', { min: '0', max: '86400' });
    this.concurrency = field('concurrency', { max: '20', step: 'any', value: '2' });
    const label = (input, text) => el('label', { htmlFor: input.id, textContent: t(text) });
    this.error = el('p', { className: 'error', role: 'alert' });
    this.said = el('div', { className: 'staffing-said', role: 'status' });
    this.grid = el('div', { className: 'staffing-frame' });
    this.cases = el('section', {});
    this.node = el(
      'div',
      { className: 'page-body' },
      el('h2', { tabIndex: -1, textContent: t('staffing') }),
      el('p', { className: 'soft', textContent: t('staffingWhat') }),
      el(
        'form',
        { className: 'invite', noValidate: true, onsubmit: (event) => this.#ask(event) },
        ...[
          [this.people, 'staffingPeople'],
          [this.handling, 'staffingHandling'],
          [this.target, 'staffingTarget'],
          [this.concurrency, 'staffingConcurrency'],
        ].flatMap(([input, text]) => [label(input, text), input]),
        el('button', { type: 'submit', className: 'primary', textContent: t('staffingApply') }),
      ),
      this.error,
      this.said,
      this.grid,
      this.cases,
    );
    this.#look(new URLSearchParams());
  }

  #ask(event) {
    event.preventDefault();
    const asked = new URLSearchParams({ people: this.people.value, concurrency: this.concurrency.value });
    if (this.handling.value) asked.set('handling_seconds', String(Number(this.handling.value) * 60));
    if (this.target.value) asked.set('target_seconds', this.target.value);
    this.#look(asked);
  }

  async #look(asked) {
    this.error.textContent = '';
    try {
      this.#staffing = await call('GET', `staffing?${asked}`);
      this.#show();
    } catch (error) {
      if (error.status !== 401) this.error.textContent = error.message;
      const field = { people: this.people, handling_seconds: this.handling, target_seconds: this.target, concurrency: this.concurrency }[error.field];
      field?.focus();
    }
  }

  #show() {
    const s = this.#staffing;
    this.people.value = s.people;
    this.handling.value = tidy(s.handling_seconds / 60).replace(',', '.');
    this.target.value = s.target_seconds;
    this.concurrency.value = s.concurrency;
    const lines = s.cells ? this.#sentences() : [el('p', { textContent: t('staffingTooLittle', { number: tidy(s.weeks) }) })];
    this.said.replaceChildren(...lines);
    this.grid.replaceChildren(...(s.cells?.length ? [this.#view(), this.#table(false)] : []));
    this.#casework();
  }

  #sentences() {
    const s = this.#staffing;
    const b = s.busiest;
    const band = (of) => ({ low: percent(of.low), high: percent(of.high) });
    const lines = [];
    if (b) {
      const when = `${weekday(b.weekday)} ${String(b.hour).padStart(2, '0')}:00`;
      lines.push(t('staffingSentence', { when, count: tidy(b.arrivals), number: s.people, ...band(b.now) }));
      if (b.fewer) lines.push(t('staffingFewer', band(b.fewer)));
      lines.push(t('staffingRoster', { number: b.needed, count: s.roster }));
      if (b.needed > s.people) lines.push(t('staffingGap', { number: b.needed - s.people }));
    }
    const busy = s.cells.filter((cell) => cell.now.occupancy > s.busy_from).length;
    const warnings = busy ? [t('staffingBusy', { number: busy, text: percent(s.busy_from) })] : [];
    if (s.people <= s.few_people) warnings.push(t('staffingFew', { number: s.few_people }));
    if (!s.handling_measured) lines.push(t('staffingHandlingGuess'));
    lines.push(s.patience_seconds === null ? t('staffingNoPatience') : t('staffingPatience', { text: inWords(s.patience_seconds) }));
    return [
      ...lines.map((textContent) => el('p', { textContent })),
      ...warnings.map((textContent) => el('p', { className: 'banner', textContent })),
    ];
  }

  /** All people, or one fewer: two buttons, so that nothing acts on a mere change. */
  #view() {
    const buttons = [false, true].map((fewer) =>
      el('button', {
        type: 'button',
        ariaPressed: String(!fewer),
        textContent: fewer ? t('staffingOne') : t('staffingAll', { number: this.#staffing.people }),
        disabled: fewer && this.#staffing.people < 2,
        onclick: () => {
          for (const [at, button] of buttons.entries()) button.ariaPressed = String(Boolean(at) === fewer);
          this.grid.lastElementChild.replaceWith(this.#table(fewer));
        },
      }),
    );
    return el('div', { className: 'buttons', role: 'group', ariaLabel: t('staffingView') }, ...buttons);
  }

  #table(fewer) {
    const s = this.#staffing;
    const at = new Map(s.cells.map((cell) => [`${cell.weekday}-${cell.hour}`, cell]));
    const days = [1, 2, 3, 4, 5, 6, 7];
    const hours = [...new Set(s.cells.map((cell) => cell.hour))].sort((a, b) => a - b);
    const field = (cell) => {
      if (!cell) return el('td', { textContent: '–' });
      const band = (fewer && cell.fewer) || cell.now;
      const marks = [band.low < s.target_share && 'under', band.occupancy > s.busy_from && 'busy'].filter(Boolean);
      const step = band.low >= s.target_share ? 'good' : band.high >= s.target_share ? 'near' : 'bad';
      const text = t('staffingCell', { low: Math.round(band.low * 100), high: percent(band.high) });
      return el('td', { className: ['heat', `heat-${step}`, ...marks].join(' '), textContent: text });
    };
    const table = el(
      'table',
      { className: 'staffing-grid' },
      el('caption', {}, el('span', { textContent: t('staffingGrid') }), el('span', { className: 'soft staffing-key', textContent: t('staffingKey') })),
      el('thead', {}, el('tr', {}, el('th', { scope: 'col', textContent: t('staffingHour') }), ...days.map((d) => el('th', { scope: 'col', textContent: weekday(d) })))),
      el(
        'tbody',
        {},
        ...hours.map((hour) =>
          el('tr', {}, el('th', { scope: 'row', textContent: `${String(hour).padStart(2, '0')}:00` }), ...days.map((d) => field(at.get(`${d}-${hour}`)))),
        ),
      ),
    );
    return el('div', { className: 'table-frame', tabIndex: 0, role: 'group', ariaLabel: t('staffingGrid') }, table);
  }

  #casework() {
    const c = this.#staffing.casework;
    const link = (reference) => el('li', {}, el('a', { href: `/desk/complaints/${reference}`, textContent: reference }));
    this.cases.replaceChildren(
      el('h3', { textContent: t('casework') }),
      el('p', { textContent: t('caseworkOpen', { number: c.open, count: c.overdue, text: tidy(c.new_a_day), when: tidy(c.answered_a_day) }) }),
      el('p', { textContent: t('caseworkPeople', { number: tidy(c.people) }) }),
      el('p', { textContent: c.will_miss_count ? t('caseworkMiss', { number: c.will_miss_count }) : t('caseworkNone') }),
      c.will_miss_count ? el('ul', {}, ...c.will_miss.map(link)) : '',
    );
  }
}
