// Who in the directory of customers somebody of a complaint may be: looked up where somebody of staff asks for it, and
// never told to the person in the chat.

import { call } from './desk-api.js';
import { el } from './desk-dom.js';
import { t } from './desk-words.js';

const FIELDS = ['name', 'born', 'phone', 'postcode'];
const HEADS = ['fits', 'customerName', 'customerBorn', 'customerPostcode', 'customerNumber', 'whyItFits'];

export class Customers {
  #reference = '';

  constructor() {
    const input = (name) => el('input', { id: `customer-${name}`, name, type: name === 'born' ? 'date' : 'text', maxLength: 200, dir: 'auto' });
    this.inputs = Object.fromEntries(FIELDS.map((name) => [name, input(name)]));
    this.said = el('p', { className: 'soft', role: 'status' });
    this.error = el('p', { className: 'error', role: 'alert' });
    this.body = el('tbody');
    this.frame = el(
      'div',
      { className: 'table-frame', tabIndex: 0, role: 'group', ariaLabel: t('directory'), hidden: true },
      el('table', {}, el('thead', {}, el('tr', {}, ...HEADS.map((head) => el('th', { scope: 'col', textContent: t(head) })))), this.body),
    );
    this.node = el(
      'section',
      {},
      el('h3', { textContent: t('directory') }),
      el('p', { className: 'soft', textContent: t('directoryHint') }),
      el(
        'form',
        { className: 'register-filter', noValidate: true, onsubmit: (event) => this.#look(event) },
        ...FIELDS.map((name) => el('div', {}, el('label', { htmlFor: this.inputs[name].id, textContent: t(`seek_${name}`) }), this.inputs[name])),
        el('button', { type: 'submit', textContent: t('lookUp') }),
      ),
      this.said,
      this.error,
      this.frame,
    );
  }

  fill(c) {
    this.#reference = c.reference;
  }

  async #look(event) {
    event.preventDefault();
    this.error.textContent = '';
    this.said.textContent = t('loading');
    const given = Object.entries(this.inputs).map(([name, input]) => [name, input.value.trim()]);
    const asked = new URLSearchParams(given.filter(([, value]) => value));
    try {
      this.#show(await call('GET', `complaints/${this.#reference}/customers?${asked}`));
    } catch (error) {
      this.said.textContent = '';
      if (error.status === 401) return;
      this.error.textContent = error.message;
      this.inputs[error.field]?.focus();
    }
  }

  #show({ customers, name, unanswered }) {
    const whom = name ?? t('somebody');
    const count = customers.length ? t('mayBe', { number: customers.length, name: whom }) : t('inNoDirectory', { name: whom });
    this.said.textContent = unanswered ? `${count} ${t('serverSilent', { text: unanswered })}` : count;
    this.frame.hidden = customers.length === 0;
    this.body.replaceChildren(
      ...customers.map((c) => {
        const why = c.why.map((w) => t(`fit_${w}`)).join(', ');
        const cells = [c.name, c.born ?? '', c.postcode ?? '', c.id, why];
        return el('tr', {}, el('th', { scope: 'row', textContent: String(c.score) }), ...cells.map((text) => el('td', { dir: 'auto', textContent: text })));
      }),
    );
  }
}
