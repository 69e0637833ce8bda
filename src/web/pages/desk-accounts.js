// Accounts, for administrators: a colleague is invited by a link, and gets another role, no more access, or a way
// back in. Nothing happens before a button is pressed.

import { call } from './desk-api.js';
import { sureOf } from './desk-ask.js';
import { el, patch } from './desk-dom.js';
import { t } from './desk-words.js';

const ROLES = ['agent', 'supervisor', 'complaints_manager', 'admin'];

const roles = (id, now) =>
  el(
    'select',
    { id },
    ...ROLES.map((role) => el('option', { value: role, textContent: t(`role_${role}`), selected: role === now })),
  );

export class Accounts {
  #changed;

  /** `changed` is called after an account was changed. */
  constructor(changed) {
    this.#changed = changed;
    this.list = el('ul', { className: 'accounts' });
    this.said = el('p', { className: 'soft', role: 'status' });
    this.error = el('p', { className: 'error', role: 'alert' });
    this.link = el('div', { className: 'invitation', hidden: true });
    this.name = el('input', { id: 'invite-name', type: 'text', maxLength: 80, required: true, dir: 'auto', autocomplete: 'off' });
    this.role = roles('invite-role', 'agent');
    const form = el(
      'form',
      { className: 'invite', noValidate: true, onsubmit: (event) => this.#invite(event) },
      el('label', { htmlFor: 'invite-name', textContent: t('signInName') }),
      this.name,
      el('label', { htmlFor: 'invite-role', textContent: t('role') }),
      this.role,
      el('button', { type: 'submit', className: 'primary', textContent: t('invite') }),
    );
    this.node = el(
      'section',
      {},
      el('h3', { textContent: t('accounts') }),
      el('p', { className: 'soft', textContent: t('inviteHint') }),
      form,
      this.link,
      this.said,
      this.error,
      this.list,
    );
  }

  fill(agents) {
    patch(
      this.list,
      agents,
      (a) => a.id,
      (a) => JSON.stringify([a.name, a.role, a.disabled, a.joined, a.second_factor]),
      (a) => this.#account(a),
    );
  }

  #account(a) {
    const choice = roles(`role-${a.id}`, a.role);
    const button = (title, act, look) =>
      el('button', { type: 'button', className: look, textContent: t(title), 'aria-label': `${t(title)}: ${a.name}`, onclick: act });
    const patchOf = (change) => () => this.#do(() => call('PATCH', `agents/${a.id}`, change), t('saved'));
    return el(
      'li',
      {},
      el('p', {}, el('strong', { dir: 'auto', textContent: a.name }), ' ', el('span', { className: 'soft', textContent: [t(`role_${a.role}`), a.disabled && t('isDisabled'), !a.joined && t('notJoined')].filter(Boolean).join(' · ') })),
      el(
        'div',
        { className: 'buttons' },
        el('label', { className: 'visually-hidden', htmlFor: choice.id, textContent: `${t('role')}: ${a.name}` }),
        choice,
        button('changeRole', () => choice.value !== a.role && patchOf({ role: choice.value })()),
        a.second_factor ? button('secondFactorOff', () => this.#factorOff(a)) : null,
        a.disabled ? null : button(a.joined ? 'resetPassword' : 'newLink', () => this.#reset(a)),
        a.disabled
          ? button('enable', patchOf({ disabled: false }))
          : button('disable', () => this.#disable(a, patchOf({ disabled: true })), 'danger-button'),
      ),
    );
  }

  async #do(act, said) {
    this.error.textContent = '';
    this.said.textContent = '';
    try {
      const answer = await act();
      this.said.textContent = said;
      this.#changed();
      return answer;
    } catch (error) {
      this.error.textContent = error.message;
      return null;
    }
  }

  async #disable(a, act) {
    const key = ['disableAsk', 'disableOne'][a.conversations] ?? 'disableWith';
    const text = t(key, { name: a.name, number: a.conversations });
    if (await sureOf(t('disable'), text, t('yesDisable'))) act();
  }

  async #factorOff(a) {
    const sure = await sureOf(t('secondFactorOff'), t('secondFactorAsk', { name: a.name }), t('secondFactorYes'));
    if (sure) this.#do(() => call('DELETE', `agents/${a.id}/second-factor`), t('saved'));
  }

  async #invite(event) {
    event.preventDefault();
    const name = this.name.value.trim();
    const added = await this.#do(() => call('POST', 'agents', { name, role: this.role.value }), t('invited', { name }));
    if (!added) {
      this.name.focus();
      return;
    }
    this.name.value = '';
    this.#show(name, added.invitation);
  }

  async #reset(a) {
    const made = await this.#do(() => call('POST', `agents/${a.id}/invitation`), t('invited', { name: a.name }));
    if (made) this.#show(a.name, made.link);
  }

  /** The link, to be passed on; it is shown this once. */
  #show(name, link) {
    const box = el('input', { id: 'invitation', type: 'text', readOnly: true, value: link, onfocus: () => box.select() });
    this.link.replaceChildren(
      el('label', { htmlFor: 'invitation', textContent: t('linkFor', { name }) }),
      box,
      el('button', {
        type: 'button',
        textContent: t('copy'),
        onclick: async () => {
          box.select();
          await navigator.clipboard?.writeText(link).catch(() => {});
          this.said.textContent = t('copied');
        },
      }),
    );
    this.link.hidden = false;
    box.focus();
  }
}
