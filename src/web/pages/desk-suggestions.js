// Replies to start from: the program's own, and further ones by an outside model, where the owner has one.

import { call } from './desk-api.js';
import { el, patch } from './desk-dom.js';
import { t } from './desk-words.js';

/** How often agents used this kind so far; nothing where it was never offered. */
const used = (record) => {
  if (!record) return '';
  return ` ${t('usedOf', { number: record.taken + record.edited, text: record.taken + record.edited + record.ignored })}`;
};

export class Suggestions {
  #conversation;
  #use;
  #say;
  #asking = null;
  #further = [];

  constructor(conversation, { use, say }) {
    this.#conversation = conversation;
    this.#use = use;
    this.#say = say;
    this.list = el('div', { className: 'suggestions', role: 'group', ariaLabel: t('suggestions') });
    this.more = el('button', {
      type: 'button',
      className: 'suggestion-more',
      textContent: t('more'),
      hidden: true,
      onclick: () => this.#ask(),
    });
    this.node = el('div', { className: 'suggestions-place' }, this.list, this.more);
  }

  fill({ suggestions, further }, locked) {
    this.shown = suggestions;
    this.locked = locked;
    this.more.hidden = !further || locked || this.#further.length > 0;
    this.#draw();
  }

  #draw() {
    const all = [...this.shown, ...this.#further];
    patch(
      this.list,
      all,
      (s) => s.id,
      (s) => JSON.stringify([s, this.locked]),
      (s) =>
        el(
          'button',
          {
            type: 'button',
            className: 'suggestion',
            disabled: this.locked,
            title: s.text,
            onclick: () => this.#use(s),
          },
          el('span', { className: 'suggestion-why', textContent: s.why + used(s.record) }),
          ' ',
          el('span', { className: 'suggestion-text', textContent: s.text }),
        ),
    );
  }

  /** Asks the outside model. Whatever it says, the reply can be written meanwhile. */
  async #ask() {
    const asking = (this.#asking = new AbortController());
    this.more.disabled = true;
    this.more.textContent = t('writing');
    try {
      const written = await call('POST', `conversations/${this.#conversation}/suggestions/further`, {}, asking.signal);
      this.#further = written.suggestions;
      this.#draw();
      if (written.suggestions.length === 0) this.#say(t('nothingFurther'));
    } catch (error) {
      if (error.name !== 'AbortError') this.#say(error.message);
    }
    this.more.disabled = false;
    this.more.textContent = t('more');
    this.more.hidden = this.#further.length > 0;
  }

  /** Leaving the conversation cancels what was asked. */
  leave() {
    this.#asking?.abort();
  }
}
