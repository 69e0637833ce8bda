// Notes in which one is named: how many are new, and where they stand.

import { call } from './desk-api.js';
import { clock } from './desk-dates.js';
import { el, patch } from './desk-dom.js';
import { t } from './desk-words.js';

export class Mentions {
  #tell;

  constructor(tell) {
    this.#tell = tell;
    this.error = el('p', { className: 'error', role: 'alert' });
    this.none = el('p', { className: 'soft', textContent: t('noMentions'), hidden: true });
    this.list = el('ul', { className: 'mentions' });
    this.node = el(
      'div',
      { className: 'page-body' },
      el('h2', { tabIndex: -1, textContent: t('mentions') }),
      this.error,
      this.none,
      this.list,
    );
    this.refresh();
  }

  async refresh() {
    try {
      const { mentions } = await call('GET', 'mentions');
      this.error.textContent = '';
      this.none.hidden = mentions.length > 0;
      patch(
        this.list,
        mentions,
        (m) => m.position,
        (m) => String(m.seen),
        (m) => this.#row(m),
      );
    } catch (error) {
      if (error.status !== 401) this.error.textContent = error.message;
    }
  }

  #row(m) {
    const head = [m.by, clock(m.at), m.seen ? '' : t('unread')].filter(Boolean).join(' · ');
    return el(
      'li',
      {},
      el('p', { className: 'who', textContent: head }),
      el('button', {
        type: 'button',
        className: 'summary-link',
        dir: 'auto',
        textContent: m.text,
        onclick: () => this.#tell.open(m.conversation),
      }),
    );
  }
}

/** How many notes name one and were not seen. */
export const unseenMentions = async () => {
  const { mentions } = await call('GET', 'mentions');
  return mentions.filter((m) => !m.seen);
};
