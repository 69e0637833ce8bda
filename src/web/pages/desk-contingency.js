// The ladder of contingencies: what the program does by itself at this moment, since when, why, and what for; and, for
// those who look after the desk, what is to be looked at afterwards.

import { call } from './desk-api.js';
import { clock } from './desk-dates.js';
import { el, patch } from './desk-dom.js';
import { t } from './desk-words.js';

const minutes = (seconds) => Math.floor(seconds / 60);

/** The facts by which a rung began, as one sentence. */
const because = ({ waited, waiting, online, absent, holiday, down, model_down: model }) =>
  [
    t('ladderFacts', { wait: minutes(waited), number: waiting, count: online, limit: absent }),
    holiday ? t('ladderHoliday') : '',
    down.length > 0 ? t('ladderDown', { text: down.join(', ') }) : '',
    model ? t('ladderModelDown') : '',
  ]
    .filter(Boolean)
    .join(' ');

const does = ({ step, text }) => t(`ladder_${step}`, { text: step === 'call_in' ? t(`role_${text}`) : (text ?? '') });

export class Contingency {
  /** `say` tells what went wrong; `changed` is called when something was looked at. */
  constructor(supervises, say, changed) {
    this.supervises = supervises;
    this.say = say;
    this.changed = changed;
    this.holding = el('ul', { className: 'contingencies' });
    this.after = el('ul', { className: 'contingencies' });
    // What is added is said; what is opened in it is not said again.
    const live = el('div', { role: 'status', 'aria-atomic': 'false' }, this.holding);
    this.node = el('section', { 'aria-label': t('ladderTitle') }, live, this.after);
  }

  update({ ladder, contingencies }) {
    const holding = contingencies.filter((one) => !one.ended);
    const steps = new Map(ladder.map((rung) => [rung.rung, rung.steps]));
    patch(
      this.holding,
      holding,
      (one) => one.id,
      (one) => one.began,
      (one) => this.#held(one, steps.get(one.rung) ?? []),
    );
    patch(
      this.after,
      this.supervises ? contingencies.filter((one) => one.review.length > 0) : [],
      (one) => one.id,
      (one) => one.ended,
      (one) => this.#over(one),
    );
  }

  #held(one, steps) {
    return el(
      'li',
      { className: 'contingency' },
      el(
        'details',
        {},
        el('summary', { textContent: t('ladderHolds', { text: one.about, when: clock(one.began) }) }),
        el('p', { textContent: because(one.why) }),
        el('ul', {}, ...steps.map((step) => el('li', { textContent: does(step) }))),
        el('p', { textContent: t('ladderUndone') }),
      ),
    );
  }

  #over(one) {
    const done = el('button', {
      type: 'button',
      className: 'quiet',
      textContent: t('ladderLookedAt'),
      'aria-label': `${t('ladderLookedAt')}: ${one.about}`,
      onclick: async () => {
        done.disabled = true;
        try {
          await call('POST', `contingency/${one.id}/reviewed`);
          this.changed();
        } catch (error) {
          done.disabled = false;
          this.say(error.message);
        }
      },
    });
    const values = { name: one.about, when: clock(one.began), to: clock(one.ended), text: one.review.join('; ') };
    return el('li', { className: 'contingency over' }, el('p', { textContent: t('ladderAfter', values) }), done);
  }
}
