// The talk as it is shown: each message once, at its place. What is shown already is changed where it stands, so that
// nobody loses their place and nothing is read out twice.

import { el } from './widget-dom.js';
import { bubble, pending, refused, sameLook } from './widget-message.js';
import { ownTools } from './widget-own.js';
import { Scroller } from './widget-scroll.js';
import { WORDS } from './widget-words.js';

export class Log {
  #entries = new Map();
  #does;

  /** `does` has what messages can do: `name`, `fetchFile`, `save`, `edit`, `remove`, `again`; `changed` is told of each change. */
  constructor(does) {
    this.#does = { ...does, show: (message) => this.show(message) };
    this.empty = el('p', { className: 'empty', textContent: WORDS.loading });
    this.node = el(
      'div',
      { className: 'log', role: 'log', ariaLive: 'polite', ariaLabel: WORDS.log, tabIndex: 0 },
      this.empty,
    );
    this.scroller = new Scroller(this.node);
    this.means = {
      fetchFile: does.fetchFile,
      save: does.save,
      grown: () => this.scroller.follows && this.scroller.toEnd(),
    };
  }

  get size() {
    return this.#entries.size;
  }

  /** What was said, in order; what is not sent yet stands last. */
  get messages() {
    const place = (m) => m.position ?? Infinity;
    return [...this.#entries.values()].map((n) => n.message).sort((a, b) => place(a) - place(b));
  }

  clear() {
    for (const node of this.#entries.values()) node.remove();
    this.#entries.clear();
    this.empty.hidden = false;
    this.#does.changed();
  }

  /** A message that is new, or as it is now. */
  show(message) {
    const known = this.#known(message);
    if (!known) {
      this.#place(message.id, this.#made(message));
      return;
    }
    const [key, node] = known;
    this.#entries.delete(key);
    if (node.dataset.busy) {
      // What somebody is changing at this moment is not changed under their hands.
      node.later = message;
      this.#entries.set(key, node);
      return;
    }
    if (sameLook(node.message, message)) {
      node.message = { ...node.message, id: message.id, position: message.position, at: message.at ?? node.message.at };
      this.#entries.set(message.id, node);
      node.querySelector('.own').replaceWith(ownTools(node, this.#does));
      return;
    }
    const fresh = this.#made(message);
    const focused = node.contains(node.getRootNode().activeElement);
    node.replaceWith(fresh);
    this.#entries.set(message.id, fresh);
    if (focused) (fresh.querySelector('.own button') ?? this.node).focus();
    this.#does.changed();
  }

  /** Everything that there is: what is not among it is there no more. */
  all(messages) {
    const places = new Set(messages.map((m) => m.position));
    for (const [key, node] of this.#entries) {
      const { position } = node.message;
      if (position !== undefined && !places.has(position)) {
        node.remove();
        this.#entries.delete(key);
      }
    }
    for (const message of messages) this.show(message);
    this.#does.changed();
  }

  pending(message) {
    this.#place(`pending ${message.id}`, pending(message, this.#does.name({ from: 'contact' }), this.means));
  }

  /** It was taken, or refused for a reason. */
  settle(id, why, withFiles) {
    const key = `pending ${id}`;
    const node = this.#entries.get(key);
    if (!node) return;
    if (why === null) {
      node.remove();
      this.#entries.delete(key);
      return;
    }
    refused(node, why === 'file' ? WORDS.fileRefused : why, {
      again: () => this.#does.again(id, false),
      withoutFiles: withFiles ? () => this.#does.again(id, true) : null,
    });
    // What can be done about it is in sight, not behind the field.
    if (this.scroller.follows || node === this.node.lastElementChild) this.scroller.toEnd();
  }

  #known(message) {
    for (const [key, node] of this.#entries) {
      if (key === message.id || node.message.position === message.position) return [key, node];
    }
    return null;
  }

  #made(message) {
    const node = bubble(message, this.#does.name(message), this.means);
    node.append(ownTools(node, this.#does));
    return node;
  }

  #place(key, node) {
    const { message } = node;
    const { follows } = this.scroller;
    this.#entries.get(key)?.remove();
    this.#entries.set(key, node);
    const after = [...this.node.children].find(
      (n) => n.message && (n.message.position ?? Infinity) > (message.position ?? Infinity),
    );
    this.node.insertBefore(node, after ?? null);
    this.empty.hidden = true;
    this.#does.changed();
    // The answer may be here before the program has said that it took the message.
    const answer = node.nextElementSibling;
    const answered = answer?.message && answer.message.from !== 'contact';
    if (message.from !== 'contact') {
      if (follows || message.emergency) this.scroller.toStart(this.#answer(node));
    } else if (answered) this.scroller.toStart(answer);
    else this.scroller.toEnd();
  }

  /** The first message of the answer that this one is part of. */
  #answer(node) {
    let first = node;
    for (
      let before = node.previousElementSibling;
      before?.message && before.message.from !== 'contact';
      before = before.previousElementSibling
    )
      first = before;
    return first;
  }
}
