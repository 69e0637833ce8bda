// Practice: the scenarios, how one stands with each, and the way into a run. Only oneself sees one's runs.

import { call } from './desk-api.js';
import { clock } from './desk-dates.js';
import { el } from './desk-dom.js';
import { t } from './desk-words.js';

const percent = (share) => `${Math.round(share * 100)} %`;

export class Practice {
  #tell;

  /** `tell` has `go(path)`. */
  constructor(tell) {
    this.#tell = tell;
    this.error = el('p', { className: 'error', role: 'alert' });
    this.team = el('p', { className: 'soft', hidden: true });
    this.levels = el('div', { className: 'drill-levels' });
    this.node = el(
      'div',
      { className: 'page-body' },
      el('h2', { tabIndex: -1, textContent: t('practice') }),
      el('p', { className: 'soft', textContent: t('practiceWhat') }),
      this.error,
      this.team,
      this.levels,
    );
    this.#look();
  }

  async #look() {
    try {
      const { drills, team } = await call('GET', 'drills');
      this.error.textContent = '';
      this.team.hidden = !team;
      if (team)
        this.team.textContent = t('practiceTeam', {
          number: team.people,
          count: team.runs,
          text: percent(team.passed),
          when: team.days,
        });
      const levels = [...new Set(drills.map((d) => d.level))];
      this.levels.replaceChildren(
        ...levels.map((level) =>
          el(
            'section',
            {},
            el('h3', { textContent: t('drillLevel', { number: level }) }),
            el('ul', { className: 'drills' }, ...drills.filter((d) => d.level === level).map((d) => this.#row(d))),
          ),
        ),
      );
    } catch (error) {
      if (error.status !== 401) this.error.textContent = error.message;
    }
  }

  #row(drill) {
    const marks = [
      drill.due ? t('drillDue') : null,
      drill.passed ? t('drillPassed') : null,
      drill.best === null ? null : t('drillBest', { text: percent(drill.best) }),
      drill.runs ? t('drillRuns', { number: drill.runs }) : null,
      !drill.due && drill.due_at ? t('drillDueAt', { when: clock(drill.due_at) }) : null,
    ].filter(Boolean);
    const title = el('h4', { id: `drill-${drill.id}`, textContent: drill.title, lang: drill.language, dir: 'auto' });
    return el(
      'li',
      { className: 'drill' },
      title,
      el('p', { className: 'soft', textContent: drill.persona, lang: drill.language, dir: 'auto' }),
      marks.length ? el('p', { className: 'soft', textContent: marks.join(' · ') }) : null,
      el('button', {
        type: 'button',
        className: drill.due ? 'primary' : '',
        textContent: drill.open_run ? t('drillGoOn') : t('drillBegin'),
        'aria-describedby': title.id,
        onclick: () => this.#begin(drill),
      }),
    );
  }

  async #begin(drill) {
    try {
      const run = drill.open_run ?? (await call('POST', `drills/${encodeURIComponent(drill.id)}/runs`, {})).id;
      this.#tell.go(`/desk/practice/${run}`);
    } catch (error) {
      if (error.status !== 401) this.error.textContent = error.message;
    }
  }
}
