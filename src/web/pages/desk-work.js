// What a colleague takes where the desk gives out the work: how many conversations, for which teams, in which
// languages.

import { call } from './desk-api.js';
import { el } from './desk-dom.js';
import { t } from './desk-words.js';

export class WorkForm {
  #agent;
  #changed;
  #teams = null;
  #known = '';

  /** `changed` is called when it was saved. */
  constructor(agent, changed) {
    this.#agent = agent;
    this.#changed = changed;
    const field = (name, props) => el('input', { id: `${name}-${agent.id}`, dir: 'auto', ...props });
    this.capacity = field('capacity', { type: 'number', min: '1', max: '200', placeholder: '5' });
    this.languages = field('languages', { type: 'text', placeholder: 'en, es', autocomplete: 'off' });
    this.choices = el('div', { className: 'teams-choice' });
    this.said = el('p', { className: 'soft', role: 'status' });
    this.error = el('p', { className: 'error', role: 'alert' });
    const label = (input, text) => el('label', { htmlFor: input.id, textContent: t(text) });
    this.node = el(
      'details',
      { className: 'work', ontoggle: () => this.node.open && this.#load() },
      el('summary', { textContent: t('takes') }),
      el(
        'form',
        { noValidate: true, onsubmit: (event) => this.#save(event) },
        label(this.capacity, 'capacity'),
        this.capacity,
        label(this.languages, 'languages'),
        this.languages,
        el('fieldset', {}, el('legend', { textContent: t('takesTeams') }), this.choices),
        el('button', { type: 'submit', className: 'primary', textContent: t('save') }),
        this.said,
        this.error,
      ),
    );
  }

  /** As the program has it; what somebody is typing stays. */
  fill(agent) {
    this.#agent = agent;
    const known = JSON.stringify([agent.capacity, agent.languages, agent.teams]);
    if (known === this.#known) return;
    this.#known = known;
    this.capacity.value = agent.capacity ?? '';
    this.languages.value = agent.languages.join(', ');
    this.#mark();
  }

  #mark() {
    for (const box of this.choices.querySelectorAll('input')) box.checked = this.#agent.teams.includes(box.value);
  }

  async #load() {
    if (this.#teams) return;
    try {
      this.#teams = (await call('GET', 'teams')).teams;
      this.choices.replaceChildren(
        ...this.#teams.map((team, at) => {
          const box = el('input', { type: 'checkbox', id: `team-${at}-${this.#agent.id}`, value: team });
          return el('label', { htmlFor: box.id }, box, ` ${team}`);
        }),
      );
      this.#mark();
    } catch (error) {
      if (error.status !== 401) this.error.textContent = error.message;
    }
  }

  async #save(event) {
    event.preventDefault();
    this.said.textContent = '';
    this.error.textContent = '';
    const capacity = this.capacity.value.trim();
    const languages = this.languages.value.split(/[\s,;]+/u).filter(Boolean);
    const teams = [...this.choices.querySelectorAll('input:checked')].map((box) => box.value);
    try {
      await call('PUT', `agents/${this.#agent.id}/work`, {
        capacity: capacity ? Number(capacity) : null,
        languages,
        teams,
      });
      this.said.textContent = t('saved');
      this.#changed();
    } catch (error) {
      this.error.textContent = error.message;
      if (error.field === 'capacity') this.capacity.focus();
      if (error.field === 'languages') this.languages.focus();
    }
  }
}
