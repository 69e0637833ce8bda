// Single keys for those who know them, and "?" that tells them. They work where nothing is being typed, can be
// switched off, and do nothing that a button does not do.

import { el } from './desk-dom.js';
import { shown } from './desk-ask.js';
import { t } from './desk-words.js';

/** Whether what has the focus takes letters for itself. */
const takesLetters = (node) =>
  node?.closest?.('input:not([type="checkbox"]):not([type="radio"]):not([type="button"]), textarea, select, [contenteditable]');

export class Keys {
  #keys;
  #kept;

  /** `keys`: `{key, title, act}` in the order in which they are told. `kept` keeps whether they are on. */
  constructor(keys, kept) {
    this.#keys = keys;
    this.#kept = kept;
    this.node = el('button', {
      type: 'button',
      className: 'quiet keys',
      textContent: '?',
      ariaLabel: t('keys'),
      title: t('keys'),
      onclick: () => this.#help(),
    });
  }

  /** Listens until the function that it gives back is called. */
  listen() {
    const pressed = (event) => this.#pressed(event);
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }

  #pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return;
    if (takesLetters(event.target) || document.querySelector('dialog[open]')) return;
    if (event.key === '?') this.#help();
    else if (!this.#kept.setting('keys', true)) return;
    else {
      const key = this.#keys.find((k) => k.key === event.key);
      if (!key) return;
      key.act();
    }
    event.preventDefault();
  }

  #help() {
    return shown(t('keys'), (close) => {
      const on = el('input', {
        type: 'checkbox',
        id: 'keys-on',
        checked: this.#kept.setting('keys', true),
        onchange: () => this.#kept.keepSetting('keys', on.checked),
      });
      const row = (key, title) => [el('dt', {}, el('kbd', { textContent: key })), el('dd', { textContent: title })];
      return el(
        'div',
        { className: 'ask-body' },
        el(
          'dl',
          { className: 'key-list' },
          row('?', t('keys')),
          this.#keys.flatMap(({ key, title }) => row(key, title)),
          row('/', t('keyCanned')),
          row('Ctrl Enter', t('keySend')),
          row('Ctrl Z', t('keyUndo')),
          row('Esc', t('keyLeave')),
        ),
        el('label', { className: 'switch', htmlFor: 'keys-on' }, on, ` ${t('keysOn')}`),
        el(
          'div',
          { className: 'buttons' },
          el('button', { type: 'button', autofocus: true, textContent: t('close'), onclick: () => close(null) }),
        ),
      );
    });
  }
}
