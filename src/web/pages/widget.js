// The web chat: one script tag on any page. <script type="module" src="https://…/widget.js"></script>
// A page may place <nohold-chat mode="page"></nohold-chat> itself; else a button is put at the corner.
// Everything that a person wrote is shown as text, never as HTML.

import { el } from './widget-dom.js';
import { Line } from './widget-line.js';
import { bubble, pending, refused } from './widget-message.js';
import { Scroller } from './widget-scroll.js';
import { draft } from './widget-store.js';
import { style } from './widget-style.js';
import { UrgentCard } from './widget-urgent.js';
import { LANGUAGE, WORDS } from './widget-words.js';

const BASE = new URL('.', import.meta.url);
const MOST_BYTES = 5 * 1024 * 1024;
const LONGEST_TEXT = 16384;

class NoholdChat extends HTMLElement {
  #root = this.attachShadow({ mode: 'open' });
  #line;
  #entries = new Map();
  #agent = null;
  #status = 'new';
  #files = [];
  #typingTimer;
  #lastTyping = 0;
  #parts = {};

  connectedCallback() {
    if (this.#line) return;
    this.lang ||= LANGUAGE;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    this.#root.adoptedStyleSheets = [sheet];
    this.#build();
    this.#line = new Line(BASE, {
      status: (status, agent) => this.#setStatus(status, agent),
      message: (message) => this.#show(message),
      pending: (message) => this.#showPending(message),
      sent: (id) => this.#settlePending(id, null),
      refused: (message, why) => this.#settlePending(message.id, why, message.attachments?.length > 0),
      typing: () => this.#showTyping(),
      connection: (online) => this.#setConnection(online),
      ready: () => this.#ready(),
      reset: () => this.#clear(),
    });
    this.#line.start();
  }

  disconnectedCallback() {
    this.#line?.stop();
  }

  get #page() {
    return this.getAttribute('mode') === 'page';
  }

  #build() {
    const p = this.#parts;
    p.title = el('p', { className: 'title', textContent: WORDS.bot });
    p.hint = el('p', { className: 'hint', textContent: WORDS.botHint });
    p.close = el('button', {
      className: 'icon',
      type: 'button',
      ariaLabel: WORDS.close,
      textContent: '✕',
      onclick: () => this.#toggle(false),
    });
    p.banner = el('p', { className: 'banner', role: 'status', hidden: true });
    p.notice = el('p', { className: 'banner', role: 'status', hidden: true });
    p.urgent = new UrgentCard();
    p.log = el('div', { className: 'log', role: 'log', ariaLive: 'polite', ariaLabel: WORDS.log, tabIndex: 0 });
    p.empty = el('p', { className: 'empty', textContent: WORDS.loading });
    p.log.append(p.empty);
    p.scroller = new Scroller(p.log);
    p.typing = el('p', { className: 'typing', hidden: true });
    p.choices = el('div', { className: 'choices', role: 'group', ariaLabel: WORDS.choices, hidden: true });
    p.chips = el('ul', { className: 'chips', hidden: true });
    p.input = el('textarea', {
      rows: 1,
      placeholder: WORDS.placeholder,
      ariaLabel: WORDS.placeholder,
      maxLength: LONGEST_TEXT,
      dir: 'auto',
      enterKeyHint: 'send',
      value: draft.read(),
    });
    p.input.addEventListener('input', () => this.#typed());
    p.input.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.#submit();
      }
    });
    p.picker = el('input', {
      type: 'file',
      multiple: true,
      hidden: true,
      accept:
        'image/jpeg,image/png,image/gif,image/webp,image/heic,image/heif,application/pdf,.docx,.xlsx,.odt,text/plain,audio/*,video/mp4,video/webm',
      onchange: () => this.#pick(),
    });
    p.attach = el('button', {
      className: 'icon',
      type: 'button',
      ariaLabel: WORDS.attach,
      title: WORDS.attach,
      textContent: '+',
      onclick: () => p.picker.click(),
    });
    p.send = el('button', { className: 'send', type: 'submit', textContent: WORDS.send });
    p.form = el(
      'form',
      {
        onsubmit: (event) => {
          event.preventDefault();
          this.#submit();
        },
      },
      p.attach,
      p.picker,
      p.input,
      p.send,
    );
    const header = el('header', {}, el('div', {}, p.title, p.hint), this.#page ? null : p.close);
    p.panel = el(
      'section',
      { className: this.#page ? 'panel page' : 'panel', ariaLabel: WORDS.open },
      header,
      p.banner,
      p.notice,
      p.urgent.node,
      p.log,
      p.typing,
      p.choices,
      p.chips,
      p.form,
    );
    if (this.#page) {
      this.#root.append(p.panel);
      return;
    }
    p.panel.hidden = true;
    p.panel.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.#toggle(false);
    });
    p.launcher = el('button', {
      className: 'launcher',
      type: 'button',
      ariaExpanded: 'false',
      textContent: WORDS.open,
      onclick: () => this.#toggle(true),
    });
    this.#root.append(p.panel, p.launcher);
  }

  #toggle(open) {
    const p = this.#parts;
    p.panel.hidden = !open;
    p.launcher.hidden = open;
    p.launcher.ariaExpanded = String(open);
    (open ? p.input : p.launcher).focus();
    if (open) p.scroller.toEnd();
  }

  #ready() {
    const p = this.#parts;
    p.empty.textContent = WORDS.empty;
    p.empty.hidden = this.#entries.size > 0;
    this.#offer();
  }

  #clear() {
    for (const node of this.#entries.values()) node.remove();
    this.#entries.clear();
    this.#pin();
    this.#offer();
  }

  #setStatus(status, agent) {
    const p = this.#parts;
    this.#status = status;
    this.#agent = agent ?? null;
    const [title, hint] = {
      queued: [WORDS.queued, WORDS.queuedHint],
      assigned: [WORDS.person(agent ?? ''), WORDS.personHint],
      resolved: [WORDS.resolved, WORDS.resolvedHint],
    }[status] ?? [WORDS.bot, WORDS.botHint];
    p.title.textContent = title;
    p.hint.textContent = hint;
    this.#pin();
    this.#offer();
  }

  #setConnection(online) {
    const p = this.#parts;
    p.banner.hidden = online;
    p.banner.textContent = online ? '' : WORDS.offline;
    if (!online && this.#entries.size === 0) p.empty.textContent = WORDS.empty;
  }

  #name(message) {
    if (message.from === 'contact') return WORDS.you;
    return message.from === 'agent' ? WORDS.person(message.agent ?? this.#agent ?? '') : WORDS.botName;
  }

  #bubble(message) {
    return bubble(message, this.#name(message), (file) => this.#line.file(file).catch(() => this.#say(WORDS.notSaved)));
  }

  /** In the order of the log; what is not sent yet stands last. */
  #place(key, node) {
    const p = this.#parts;
    const { scroller } = p;
    const { message } = node;
    const follows = scroller.follows;
    this.#entries.get(key)?.remove();
    this.#entries.set(key, node);
    const after = [...p.log.children].find(
      (n) => n.message && (n.message.position ?? Infinity) > (message.position ?? Infinity),
    );
    p.log.insertBefore(node, after ?? null);
    p.empty.hidden = true;
    this.#pin();
    this.#offer();
    if (message.from === 'contact') scroller.toEnd();
    else if (follows || message.emergency) scroller.toStart(this.#answer(node));
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

  /** Whom to ring stays in sight as long as the matter is open. */
  #pin() {
    const shown = [...this.#entries.values()].map((n) => n.message).filter((m) => m.emergency && !m.erased);
    shown.sort((a, b) => a.position - b.position);
    this.#parts.urgent.update(this.#status === 'resolved' ? [] : shown);
  }

  #show(message) {
    if (message.from !== 'contact') this.#hideTyping();
    // The same place in the log is the same message, by whichever way it came.
    for (const [key, node] of this.#entries) {
      if (key !== message.id && node.message.position === message.position) {
        node.remove();
        this.#entries.delete(key);
      }
    }
    this.#place(message.id, this.#bubble(message));
  }

  #showPending(message) {
    this.#place(`pending ${message.id}`, pending(message, WORDS.you));
  }

  #settlePending(id, why, files) {
    const key = `pending ${id}`;
    const node = this.#entries.get(key);
    if (!node) return;
    if (why === null) {
      node.remove();
      this.#entries.delete(key);
      return;
    }
    refused(node, why === 'file' ? WORDS.fileRefused : why, {
      again: () => this.#line.retry(id),
      withoutFiles: files ? () => this.#line.retry(id, true) : null,
    });
  }

  #offer() {
    const p = this.#parts;
    const shown = [...this.#entries.values()].map((n) => n.message);
    const last = shown.reduce((a, b) => ((b.position ?? Infinity) >= (a?.position ?? -1) ? b : a), null);
    const choices = last && last.from === 'bot' && this.#status !== 'assigned' ? (last.choices ?? []) : [];
    p.choices.replaceChildren(
      ...choices.map((choice) =>
        el('button', {
          type: 'button',
          className: 'choice',
          textContent: choice.title,
          onclick: () => this.#choose(choice),
        }),
      ),
    );
    p.choices.hidden = choices.length === 0;
  }

  #choose(choice) {
    this.#line.send({ choice: choice.value, title: choice.title });
    this.#parts.input.focus();
  }

  #typed() {
    const p = this.#parts;
    p.input.style.blockSize = 'auto';
    p.input.style.blockSize = `${Math.min(p.input.scrollHeight, 160)}px`;
    draft.keep(p.input.value);
    const now = Date.now();
    if (p.input.value && now - this.#lastTyping > 3000) {
      this.#lastTyping = now;
      this.#line.typing();
    }
  }

  #showTyping() {
    const p = this.#parts;
    p.typing.textContent = WORDS.typing(this.#agent ?? WORDS.botName);
    p.typing.hidden = false;
    clearTimeout(this.#typingTimer);
    this.#typingTimer = setTimeout(() => this.#hideTyping(), 5000);
  }

  #hideTyping() {
    this.#parts.typing.hidden = true;
  }

  async #pick() {
    const p = this.#parts;
    for (const file of p.picker.files) {
      if (this.#files.length >= 4) {
        this.#say(WORDS.tooMany);
        break;
      }
      if (file.size > MOST_BYTES) {
        this.#say(WORDS.tooLarge);
        continue;
      }
      const bytes = new Uint8Array(await file.arrayBuffer());
      let binary = '';
      for (let i = 0; i < bytes.length; i += 32768) binary += String.fromCharCode(...bytes.subarray(i, i + 32768));
      this.#files.push({ name: file.name, media_type: file.type || 'application/octet-stream', content: btoa(binary) });
    }
    p.picker.value = '';
    this.#drawChips();
    p.input.focus();
  }

  #say(text) {
    const p = this.#parts;
    p.notice.textContent = text;
    p.notice.hidden = false;
    setTimeout(() => {
      if (p.notice.textContent === text) p.notice.hidden = true;
    }, 8000);
  }

  #drawChips() {
    const p = this.#parts;
    p.chips.replaceChildren(
      ...this.#files.map((file, index) =>
        el(
          'li',
          {},
          el('span', { dir: 'auto', textContent: file.name }),
          el('button', {
            type: 'button',
            className: 'icon',
            ariaLabel: WORDS.remove(file.name),
            textContent: '✕',
            onclick: () => {
              this.#files.splice(index, 1);
              this.#drawChips();
            },
          }),
        ),
      ),
    );
    p.chips.hidden = this.#files.length === 0;
  }

  #submit() {
    const p = this.#parts;
    const text = p.input.value.trim();
    if (!text && this.#files.length === 0) return;
    this.#line.send({ text, attachments: this.#files });
    this.#files = [];
    this.#drawChips();
    p.input.value = '';
    draft.keep('');
    p.input.style.blockSize = 'auto';
    p.input.focus();
  }
}

customElements.define('nohold-chat', NoholdChat);
if (!document.querySelector('nohold-chat')) document.body.append(document.createElement('nohold-chat'));
