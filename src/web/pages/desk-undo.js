// What was just asked for and can still be taken back: it waits in the program, so closing the page or looking at
// another conversation changes nothing.

import { call } from './desk-api.js';
import { el, patch } from './desk-dom.js';
import { called, t } from './desk-words.js';

const TEXTS = { resolve: 'willResolve', release: 'willRelease', transfer: 'willTransfer' };

export class UndoBar {
  #changed;
  #left;
  #timers = new Map();

  /**
   * `changed` is called when something was taken back or its time is over, with what went wrong, where
   * something did; `left` when the focus needs another place.
   */
  constructor(changed, left) {
    this.#changed = changed;
    this.#left = left;
    this.list = el('ul', { className: 'undos' });
    this.node = el('div', { role: 'status', 'aria-atomic': 'false' }, this.list);
  }

  /** `rows`: `{id, name, deferred}` of each conversation for which something waits. */
  update(rows) {
    const focused = this.list.contains(document.activeElement);
    patch(
      this.list,
      rows,
      (row) => row.id,
      (row) => row.deferred.due_at,
      (row) => this.#row(row),
    );
    for (const [id, timer] of this.#timers) {
      if (rows.some((row) => row.id === id)) continue;
      clearTimeout(timer);
      this.#timers.delete(id);
    }
    if (focused && !this.list.contains(document.activeElement)) this.#left();
    // Whoever asked for it by the keyboard finds the way back at once.
    if (rows.length > 0 && document.activeElement === document.body) this.list.querySelector('button')?.focus();
  }

  #row(row) {
    clearTimeout(this.#timers.get(row.id));
    this.#timers.set(
      row.id,
      setTimeout(() => this.#changed(), row.deferred.left_ms + 400),
    );
    const describes = `undo-${row.id}`;
    const undo = async () => {
      try {
        await call('POST', `conversations/${row.id}/undo`);
        this.#changed();
      } catch (error) {
        this.#changed(error.message);
      }
    };
    const node = el(
      'li',
      { className: 'undo' },
      el('span', {
        id: describes,
        textContent: t(TEXTS[row.deferred.act], { name: called(row.name), text: row.deferred.to }),
      }),
      el('button', {
        type: 'button',
        className: 'undo-button',
        textContent: t('undo'),
        'aria-describedby': describes,
        onclick: undo,
      }),
      el('span', { className: 'undo-left', 'aria-hidden': 'true' }),
    );
    node.style.setProperty('--left', `${row.deferred.left_ms}ms`);
    return node;
  }
}
