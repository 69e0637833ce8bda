// The slim head of the desk. Where there is little room everything but the name of the house stands behind a menu
// button.

import { call } from './desk-api.js';
import { el } from './desk-dom.js';
import { t } from './desk-words.js';

export class Header {
  /** `p` are the desk's parts; `leave` signs out, `say` tells what went wrong. */
  constructor(session, p, { leave, say }) {
    const away = el('input', {
      type: 'checkbox',
      id: 'away',
      checked: session.agent.away,
      onchange: () => call('PUT', 'session/away', { away: away.checked }).catch((e) => say(e.message)),
    });
    this.menu = el('button', {
      type: 'button',
      className: 'top-menu',
      'aria-controls': 'top-all',
      onclick: () => this.#show(!this.node.classList.contains('open')),
    });
    const all = el(
      'div',
      { className: 'top-all', id: 'top-all' },
      p.pages.nav,
      el('span', { className: 'soft me', textContent: `${session.agent.name} · ${t(`role_${session.agent.role}`)}` }),
      p.notices.ask,
      p.notices.sound,
      p.keys.node,
      el('label', { className: 'switch', htmlFor: 'away' }, away, ` ${t('away')}`),
      el('button', { type: 'button', className: 'quiet', textContent: t('signOut'), onclick: leave }),
    );
    this.node = el(
      'header',
      { className: 'top' },
      this.menu,
      el('h1', { className: 'brand', textContent: session.organisation }),
      all,
    );
    // A page was chosen, or somebody goes elsewhere: the menu has done its work.
    p.pages.nav.addEventListener('click', () => this.#show(false));
    this.node.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !this.node.classList.contains('open')) return;
      event.stopPropagation();
      this.#show(false);
      this.menu.focus();
    });
    this.node.addEventListener('focusout', ({ relatedTarget }) => {
      if (relatedTarget instanceof Node && !this.node.contains(relatedTarget)) this.#show(false);
    });
    this.#show(false);
    this.news(0);
  }

  #show(open) {
    this.node.classList.toggle('open', open);
    this.menu.setAttribute('aria-expanded', String(open));
  }

  /** How much is new behind the menu. */
  news(number) {
    const text = number ? `${t('menu')} (${number})` : t('menu');
    if (this.menu.textContent !== text) this.menu.textContent = text;
  }
}
