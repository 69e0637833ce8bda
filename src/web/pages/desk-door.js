// The door: signing in, the first administrator, and signing in again when a session has ended in the middle of work.

import { call } from './desk-api.js';
import { el } from './desk-dom.js';
import { PROVIDER, t } from './desk-words.js';

/** The form. `entered` gets the session; `setup` is the token of the one-time link, where there is one. */
const form = ({ setup, join, message, title, level, entered }) => {
  const name = el('input', { name: 'name', autocomplete: 'username', required: true, maxLength: 200, id: 'door-name' });
  const password = el('input', {
    name: 'password',
    type: 'password',
    autocomplete: setup || join ? 'new-password' : 'current-password',
    required: true,
    minLength: setup || join ? 10 : 1,
    id: 'door-password',
  });
  // Asked for only where the account has a second factor, once the password was right.
  const code = el('input', { name: 'code', autocomplete: 'one-time-code', autocapitalize: 'none', spellcheck: false, maxLength: 40, id: 'door-code', 'aria-describedby': 'door-code-hint' });
  const second = el(
    'div',
    { className: 'door-code', hidden: true },
    el('label', { htmlFor: 'door-code', textContent: t('code') }),
    code,
    el('p', { className: 'soft', id: 'door-code-hint', textContent: t('codeHint') }),
  );
  const error = el('p', { className: 'error', role: 'alert', textContent: message ?? '' });
  const button = el('button', { type: 'submit', className: 'primary', textContent: setup || join ? t('setUp') : t('signIn') });
  const submit = async (event) => {
    event.preventDefault();
    button.disabled = true;
    error.textContent = '';
    const shown = code.value.trim() ? { code: code.value } : {};
    const body = { name: name.value, password: password.value, ...shown };
    const enter = () => {
      if (join) return call('POST', 'join', { token: join, password: password.value, ...shown });
      return setup ? call('POST', 'setup', { name: name.value, password: password.value, token: setup }) : call('POST', 'session', body);
    };
    try {
      entered(await enter());
    } catch (e) {
      button.disabled = false;
      if (e.code === 'second_factor') {
        error.textContent = second.hidden ? '' : t('wrongCode');
        second.hidden = false;
        code.select();
        return;
      }
      error.textContent = e.status === 401 ? t('wrongPassword') : e.message;
      second.hidden = true;
      code.value = '';
      password.select();
    }
  };
  return {
    first: join ? password : name,
    node: el(
      'form',
      { className: 'door', onsubmit: submit },
      el(level, { id: 'door-title', textContent: title }),
      setup ? el('p', { className: 'soft', textContent: t('setupHint') }) : null,
      join ? el('p', { className: 'soft', textContent: t('joinHint') }) : null,
      ...(join ? [] : [el('label', { htmlFor: 'door-name', textContent: setup ? t('yourName') : t('signInName') }), name]),
      el('label', { htmlFor: 'door-password', textContent: t('password') }),
      password,
      second,
      error,
      button,
      PROVIDER && !setup && !join ? el('a', { className: 'provider', href: '/api/v1/oidc', textContent: t('signInBy', { name: PROVIDER }) }) : null,
    ),
  };
};

/** A page of its own. */
export const door = (host, { setup, join, message, entered }) => {
  const title = setup ? t('setupTitle') : join ? t('joinTitle') : t('desk');
  const { first, node } = form({ setup, join, message, title, level: 'h1', entered });
  host.replaceChildren(el('main', { className: 'centre' }, node));
  first.focus();
};

/** Over the desk, which stays as it is, with every word that was being written. */
export const doorOver = (entered) => {
  if (document.querySelector('dialog.door-over')) return;
  const before = /** @type {HTMLElement} */ (document.activeElement);
  const { first, node } = form({
    setup: null,
    join: null,
    message: t('sessionEnded'),
    title: t('signInAgain'),
    level: 'h2',
    entered: (session) => {
      dialog.close();
      dialog.remove();
      before?.focus();
      entered(session);
    },
  });
  // Without a session nothing behind it works, so Escape does not take it away.
  const dialog = el(
    'dialog',
    {
      className: 'door-over',
      'aria-labelledby': 'door-title',
      onclose: () => {
        if (dialog.isConnected) dialog.showModal();
      },
    },
    node,
  );
  document.body.append(dialog);
  dialog.showModal();
  first.focus();
};
