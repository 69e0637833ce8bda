// What the composer is put together from: fields, tabs, panels, the whisper, the warning that a colleague writes.

import { el } from './desk-dom.js';
import { LANGUAGE, t } from './desk-words.js';

export const LONGEST = 16384;

export const field = (name, hint) =>
  el('textarea', {
    id: `draft-${name}`,
    rows: 2,
    dir: 'auto',
    placeholder: t(hint),
    ariaLabel: t(name),
  });

export const tab = (name, show) =>
  el('button', {
    type: 'button',
    role: 'tab',
    id: `tab-${name}`,
    className: `composer-tab ${name}`,
    'aria-controls': `panel-${name}`,
    textContent: t(name),
    onclick: show,
  });

export const panel = (name, submit, ...children) =>
  el(
    'div',
    { id: `panel-${name}`, className: `panel ${name}`, role: 'tabpanel', 'aria-labelledby': `tab-${name}` },
    el(
      'form',
      {
        className: 'draft',
        onsubmit: (event) => {
          event.preventDefault();
          submit();
        },
      },
      ...children,
    ),
  );

/** The buttons below a field, and by which keys the first is pressed. */
export const buttons = (...all) =>
  el('div', { className: 'buttons' }, ...all, el('span', { className: 'soft hint', textContent: t('ctrlEnter') }));

/** What is too long for one message is never cut: it is said, and stays until it was made shorter. */
export class TooLong {
  #box;

  constructor(box) {
    this.#box = box;
    this.node = el('p', { className: 'error too-long', id: `${box.id}-too-long`, role: 'alert' });
    box.setAttribute('aria-describedby', this.node.id);
  }

  /** Whether it is, said in words. */
  look() {
    const { length } = [...this.#box.value];
    const written = (number) => number.toLocaleString(LANGUAGE);
    const values = { number: written(LONGEST), text: written(length - LONGEST) };
    const text = length > LONGEST ? t('tooLong', values) : '';
    if (this.node.textContent !== text) this.node.textContent = text;
    if (text) this.#box.setAttribute('aria-invalid', 'true');
    else this.#box.removeAttribute('aria-invalid');
    return text !== '';
  }

  /** Whether it cannot go out; the field has the focus then. */
  stops() {
    const stops = this.look();
    if (stops) this.#box.focus();
    return stops;
  }
}

/** Whether a note is advice to the colleague who has the conversation. */
export class Whisper {
  constructor() {
    this.box = el('input', { id: 'whisper', type: 'checkbox' });
    this.name = el('span');
    this.node = el('label', { className: 'switch', htmlFor: 'whisper', hidden: true }, this.box, ' ', this.name);
  }

  /** `colleague` has it; only whoever supervises whispers. */
  fill(colleague, supervises) {
    this.node.hidden = !supervises || colleague === null;
    this.name.textContent = colleague === null ? '' : t('whisperTo', { name: colleague });
  }

  get wanted() {
    return this.box.checked && !this.node.hidden;
  }

  clear() {
    this.box.checked = false;
  }
}

/** A colleague is writing, too: the person should not get two answers by a slip. */
export const colleagueWrites = (name, { wait, send }) => {
  const button = (title, act, look) =>
    el('button', { type: 'button', className: look, textContent: t(title), onclick: act });
  return el(
    'div',
    { className: 'company' },
    el('p', { textContent: t('writesToo', { name }) }),
    el('div', { className: 'buttons' }, button('waitForThem', wait, ''), button('sendAnyway', send, 'primary')),
  );
};
