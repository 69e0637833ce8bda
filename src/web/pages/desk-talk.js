// What was said, in order. An entry that did not change stays the same node, so reading, selecting and scrolling
// are not disturbed.

import { clock } from './desk-dates.js';
import { attachment } from './desk-pictures.js';
import { el, patch } from './desk-dom.js';
import { t } from './desk-words.js';

const DELIVERY = { waiting: 'onItsWay', failed: 'notArrived' };

const who = (m) => {
  if (m.from === 'contact' || m.from === 'bot') return t(`from_${m.from}`);
  const name = m.agent ?? t('from_bot');
  if (m.from !== 'note') return name;
  return `${name} · ${t(m.whisper ? 'whisperHidden' : 'noteHidden')}`;
};

const entry = (m) => {
  const files = (m.attachments ?? []).map((f) => attachment(f));
  const borrowed = (m.borrowed ?? []).map((line) =>
    el('blockquote', { className: 'borrowed', dir: 'auto', textContent: line }),
  );
  const text = m.erased ? t('takenBack') : m.text;
  const head = [
    who(m),
    clock(m.at),
    m.edited && t('changed'),
    m.removed && t('removedInChannel'),
    DELIVERY[m.delivery] && t(DELIVERY[m.delivery]),
  ];
  const node = el(
    'article',
    {
      className: `entry ${m.from}${m.delivery === 'failed' ? ' failed' : ''}${m.whisper ? ' whisper' : ''}`,
      tabIndex: -1,
    },
    el('p', { className: 'who', textContent: head.filter(Boolean).join(' · ') }),
    ...borrowed,
    text || files.length + borrowed.length === 0
      ? el('div', { className: `text${m.erased ? ' erased' : ''}`, dir: 'auto', textContent: text })
      : null,
    ...files,
  );
  node.dataset.id = m.id;
  return node;
};

/** Room above a message that the talk stands at, in pixels. */
const ABOVE = 8;

export class Talk {
  #height = 0;
  #fresh;
  #stands = null;

  constructor() {
    this.node = el('div', { className: 'talk', role: 'log', ariaLabel: t('whatWasSaid'), tabIndex: 0 });
    // What was in sight at the lower edge stays there when the composer grows or shrinks.
    new ResizeObserver(() => {
      const height = this.node.clientHeight;
      if (this.#stands?.isConnected) this.#standAt(this.#stands);
      else if (this.#height && height) this.node.scrollTop += this.#height - height;
      this.#height = height;
    }).observe(this.node);
  }

  fill(messages) {
    const log = this.node;
    const near = log.scrollHeight - log.scrollTop - log.clientHeight < 120;
    const before = new Set([...log.children].map((node) => node.dataset.key));
    patch(
      log,
      messages,
      (m) => m.id,
      (m) => JSON.stringify(m),
      entry,
    );
    this.#fresh = [...log.children].find((node) => !before.has(node.dataset.key));
    return near;
  }

  toEnd() {
    this.node.scrollTop = this.node.scrollHeight;
  }

  /** To the end, but never past the beginning of what has just come. */
  follow() {
    this.toEnd();
    if (this.#fresh) this.#atLeast(this.#fresh);
  }

  /** Where somebody begins to read: at the first of the person's words that are unread, else at their last words. */
  stand(messages, read) {
    const theirs = messages.filter((m) => m.from === 'contact');
    const unread = read === undefined ? undefined : theirs.find((m) => m.position > read);
    let first = messages.indexOf(unread ?? theirs.at(-1));
    while (!unread && first > 0 && messages[first - 1].from === 'contact') first -= 1;
    this.#standAt(this.node.children[first]);
    // What comes up around it at first changes nothing, until somebody does something themselves.
    this.#stands = this.node.children[first];
    const ends = () => {
      this.#stands = null;
    };
    for (const act of ['pointerdown', 'wheel', 'keydown', 'input']) {
      document.addEventListener(act, ends, { once: true, capture: true, passive: true });
    }
  }

  #standAt(node) {
    this.toEnd();
    if (node) this.#atLeast(node);
  }

  #atLeast(node) {
    const above = node.getBoundingClientRect().top - this.node.getBoundingClientRect().top - ABOVE;
    if (above < 0) this.node.scrollTop += above;
  }

  /** Shows one message, and goes there. */
  show(message) {
    const found = this.node.querySelector(`[data-id="${CSS.escape(message)}"]`);
    found?.scrollIntoView({ block: 'center' });
    found?.focus();
  }
}
