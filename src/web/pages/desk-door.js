// The door: signing in, the first administrator, and signing in again when a session has ended in the middle of work.

import { call } from './desk-api.js';
import { el } from './desk-dom.js';
import { t } from './desk-words.js';

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
  const error = el('p', { className: 'error', role: 'alert', textContent: message ?? '' });
  const button = el('button', { type: 'submit', className: 'primary', textContent: setup || join ? t('setUp') : t('signIn') });
  const submit = async (event) => {
    event.preventDefault();
    button.disabled = true;
    error.textContent = '';
    const body = { name: name.value, password: password.value };
    const enter = () => {
      if (join) return call('POST', 'join', { token: join, password: password.value });
      return setup ? call('POST', 'setup', { ...body, token: setup }) : call('POST', 'session', body);
    };
    try {
      entered(await enter());
    } catch (e) {
      error.textContent = e.status === 401 ? t('wrongPassword') : e.message;
      button.disabled = false;
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
      error,
      button,
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
