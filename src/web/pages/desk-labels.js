// What a conversation is marked as, and what can be marked.

import { call } from './desk-api.js';
import { el, patch } from './desk-dom.js';
import { t } from './desk-words.js';

export class Labels {
  #id;
  #changed;

  /** `changed` is called after labels were put on or taken off. */
  constructor(id, changed) {
    this.#id = id;
    this.#changed = changed;
    this.list = el('ul', { className: 'chips labels', ariaLabel: t('labels') });
    this.error = el('p', { className: 'error', role: 'alert' });
    this.known = el('datalist', { id: 'labels-known' });
    this.box = el('input', {
      type: 'text',
      className: 'label-box',
      ariaLabel: t('addLabel'),
      placeholder: t('addLabel'),
      maxLength: 40,
      dir: 'auto',
      onfocus: () => this.#look(),
    });
    this.box.setAttribute('list', 'labels-known');
    const form = el(
      'form',
      { className: 'label-form', onsubmit: (event) => this.#add(event) },
      this.box,
      el('button', { type: 'submit', textContent: t('add') }),
    );
    this.node = el(
      'section',
      {},
      el('h3', { textContent: t('labels') }),
      this.list,
      form,
      this.known,
      this.error,
    );
  }

  fill(labels) {
    patch(
      this.list,
      labels,
      (label) => label,
      () => '',
      (label) => {
        const take = el('button', {
          type: 'button',
          className: 'quiet',
          textContent: '×',
          ariaLabel: t('remove', { name: label }),
          onclick: () => this.#change({ remove: [label] }),
        });
        return el('li', {}, el('span', { dir: 'auto', textContent: label }), take);
      },
    );
    this.list.hidden = labels.length === 0;
  }

  /** Labels that are used already are offered while somebody types. */
  async #look() {
    const { labels } = await call('GET', 'labels').catch(() => ({ labels: [] }));
    this.known.replaceChildren(...labels.map((label) => el('option', { value: label.name })));
  }

  async #add(event) {
    event.preventDefault();
    const label = this.box.value.trim();
    if (label && (await this.#change({ add: [label] }))) this.box.value = '';
  }

  async #change(change) {
    this.error.textContent = '';
    try {
      await call('POST', `conversations/${this.#id}/labels`, change);
    } catch (error) {
      this.error.textContent = error.message;
      return false;
    }
    this.#changed();
    this.box.focus();
    return true;
  }
}
