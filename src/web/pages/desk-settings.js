// One's own settings: the password, where one is signed in, and how the desk behaves.

import { call } from './desk-api.js';
import { fullDate } from './desk-dates.js';
import { el, patch } from './desk-dom.js';
import { SecondFactor } from './desk-second-factor.js';
import { t } from './desk-words.js';

export class Settings {
  constructor(tell) {
    this.error = el('p', { className: 'error', role: 'alert' });
    this.said = el('p', { className: 'soft', role: 'status' });
    this.sessions = el('ul', { className: 'accounts' });
    const secret = (id, autocomplete) => el('input', { id, type: 'password', autocomplete, required: true, maxLength: 200 });
    this.current = secret('password-now', 'current-password');
    this.fresh = secret('password-new', 'new-password');
    const keys = el('input', {
      type: 'checkbox',
      id: 'settings-keys',
      checked: tell.kept.setting('keys', true),
      onchange: () => tell.kept.keepSetting('keys', keys.checked),
    });
    this.node = el(
      'div',
      { className: 'page-body' },
      el('h2', { tabIndex: -1, textContent: t('settings') }),
      this.said,
      this.error,
      el('h3', { textContent: t('password') }),
      el(
        'form',
        { className: 'invite', noValidate: true, onsubmit: (event) => this.#password(event) },
        el('input', { type: 'text', autocomplete: 'username', value: tell.agent.name, hidden: true }),
        el('label', { htmlFor: 'password-now', textContent: t('passwordNow') }),
        this.current,
        el('label', { htmlFor: 'password-new', textContent: t('passwordNew') }),
        this.fresh,
        el('button', { type: 'submit', className: 'primary', textContent: t('changePassword') }),
      ),
      new SecondFactor(tell).node,
      el('h3', { textContent: t('signedInAt') }),
      this.sessions,
      el('button', { type: 'button', textContent: t('endOthers'), onclick: () => this.#end('sessions') }),
      el('h3', { textContent: t('keys') }),
      el('label', { className: 'switch', htmlFor: 'settings-keys' }, keys, ` ${t('keysOn')}`),
    );
    this.#look();
  }

  async #do(act, said) {
    this.error.textContent = '';
    this.said.textContent = '';
    try {
      await act();
      this.said.textContent = said;
      await this.#look();
      return true;
    } catch (error) {
      this.error.textContent = error.message;
      return false;
    }
  }

  async #password(event) {
    event.preventDefault();
    const body = { current: this.current.value, password: this.fresh.value };
    if (await this.#do(() => call('PUT', 'session/password', body), t('passwordChanged'))) {
      this.current.value = '';
      this.fresh.value = '';
    }
  }

  #end(path) {
    return this.#do(() => call('DELETE', path), t('ended'));
  }

  async #look() {
    try {
      const { sessions } = await call('GET', 'sessions');
      patch(
        this.sessions,
        sessions,
        (s) => s.id,
        (s) => JSON.stringify(s),
        (s) =>
          el(
            'li',
            {},
            el('p', {}, el('span', { textContent: s.device || t('somewhere') })),
            el('p', { className: 'soft', textContent: s.current ? t('thisOne') : t('lastUsed', { when: fullDate(s.used) }) }),
            s.current
              ? null
              : el('button', {
                  type: 'button',
                  textContent: t('end'),
                  'aria-label': `${t('end')}: ${s.device}`,
                  onclick: () => this.#end(`sessions/${s.id}`),
                }),
          ),
      );
    } catch (error) {
      if (error.status !== 401) this.error.textContent = error.message;
    }
  }
}
