// What the lists are narrowed down by: channel, team, label. Nothing happens before "Apply" is pressed.

import { call } from './desk-api.js';
import { el } from './desk-dom.js';
import { t } from './desk-words.js';

/** What of the API's list each choice is. */
const FIELDS = { inbox: 'channel', team: 'teamName', label: 'label' };

export class Filters {
  #apply;
  /** What is chosen, as the API's list is asked for it. */
  query = {};

  /** `apply` is called when something else is chosen. */
  constructor(apply) {
    this.#apply = apply;
    this.choices = Object.fromEntries(Object.keys(FIELDS).map((name) => [name, el('select', { id: `filter-${name}` })]));
    this.summary = el('summary', { textContent: t('filter') });
    this.error = el('p', { className: 'error', role: 'alert' });
    const form = el(
      'form',
      {
        className: 'filters',
        onsubmit: (event) => {
          event.preventDefault();
          this.#take();
        },
      },
      ...Object.entries(FIELDS).flatMap(([name, title]) => [
        el('label', { htmlFor: `filter-${name}`, textContent: t(title) }),
        this.choices[name],
      ]),
      this.error,
      el(
        'div',
        { className: 'buttons' },
        el('button', { type: 'submit', className: 'primary', textContent: t('apply') }),
        el('button', { type: 'button', textContent: t('clear'), onclick: () => this.#clear() }),
      ),
    );
    this.node = el('details', { className: 'filter', ontoggle: () => this.node.open && this.#load() }, this.summary, form);
  }

  get any() {
    return Object.keys(this.query).length > 0;
  }

  #fill(name, values) {
    const chosen = this.choices[name].value || this.query[name] || '';
    this.choices[name].replaceChildren(
      el('option', { value: '', textContent: t('any') }),
      ...values.map((value) => el('option', { value, textContent: value })),
    );
    if (values.includes(chosen)) this.choices[name].value = chosen;
  }

  async #load() {
    try {
      const [inboxes, teams, labels] = await Promise.all([
        call('GET', 'inboxes'),
        call('GET', 'teams'),
        call('GET', 'labels'),
      ]);
      this.#fill('inbox', [...new Set(['web', 'http', ...inboxes.inboxes.map((i) => i.inbox)])]);
      this.#fill('team', teams.teams);
      this.#fill('label', labels.labels.map((l) => l.name));
      this.error.textContent = '';
    } catch (error) {
      if (error.status !== 401) this.error.textContent = error.message;
    }
  }

  #take() {
    const chosen = Object.entries(this.choices).map(([name, select]) => [name, select.value]);
    this.query = Object.fromEntries(chosen.filter(([, value]) => value));
    const said = Object.values(this.query).join(', ');
    this.summary.textContent = said ? t('filtered', { text: said }) : t('filter');
    this.node.open = false;
    this.summary.focus();
    this.#apply();
  }

  #clear() {
    for (const select of Object.values(this.choices)) select.value = '';
    this.#take();
  }
}
