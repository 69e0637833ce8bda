// The web chat: one script tag on any page. <script type="module" src="https://…/widget.js"></script>
// A page may place <nohold-chat mode="page"></nohold-chat> itself; else a button is put at the corner.
// Everything that a person wrote is shown as text, never as HTML.

import { el } from './widget-dom.js';
import { Files } from './widget-files.js';
import { Launcher, Unread, holdFocus } from './widget-launcher.js';
import { Line } from './widget-line.js';
import { Log } from './widget-log.js';
import { Menu } from './widget-menu.js';
import { RatingCard } from './widget-rating.js';
import { draft } from './widget-store.js';
import { style } from './widget-style.js';
import { print, save } from './widget-transcript.js';
import { UrgentCard } from './widget-urgent.js';
import { LANGUAGE, WORDS } from './widget-words.js';

const BASE = new URL('.', import.meta.url);
const LONGEST_TEXT = 16384;

class NoholdChat extends HTMLElement {
  #root = this.attachShadow({ mode: 'open' });
  #line;
  #log;
  #files;
  #unread = new Unread();
  #standing = { status: 'new', agent: null, complaint: null, organisation: '' };
  #typingTimer;
  #lastTyping = 0;
  /** @type {any} */
  #parts = {};

  connectedCallback() {
    if (this.#line) return;
    this.lang ||= LANGUAGE;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    this.#root.adoptedStyleSheets = [sheet];
    this.#build();
    const tell = {
      status: (standing) => this.#stand(standing),
      message: (message) => this.#show(message),
      all: (messages) => this.#log.all(messages),
      pending: (message) => this.#log.pending(message),
      sent: (id) => this.#log.settle(id, null),
      refused: (message, why) => this.#log.settle(message.id, why, message.attachments?.length > 0),
      typing: () => this.#showTyping(),
      connection: (online) => this.#setConnection(online),
      ready: () => this.#ready(),
    };
    this.#line = new Line(BASE, tell, this.#vouched);
    this.#line.start();
    document.addEventListener('visibilitychange', () => this.#count());
  }

  disconnectedCallback() {
    this.#line?.stop();
  }

  get #page() {
    return this.getAttribute('mode') === 'page';
  }

  /** Who the visitor is, by the word of the page. */
  get #vouched() {
    const [user, signature] = [this.getAttribute('user'), this.getAttribute('signature')];
    return user && signature ? { user, signature } : null;
  }

  get #talk() {
    return { ...this.#standing, messages: this.#log.messages, name: (message) => this.#name(message) };
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
    p.menu = new Menu({
      save: () => save(this.#talk),
      print: () => print(this.#talk),
      end: () => this.#end(),
      standing: () => ({ complaint: this.#standing.complaint, unsent: this.#line.unsent }),
    });
    p.banner = el('p', { className: 'banner', role: 'status', hidden: true });
    p.notice = el('p', { className: 'banner', role: 'status', hidden: true });
    p.urgent = new UrgentCard();
    p.rating = new RatingCard(
      (rating, words) => this.#line.rate(rating, words),
      () => p.input.focus(),
    );
    this.#log = new Log({
      name: (message) => this.#name(message),
      fetchFile: (file) => this.#line.file(file),
      save: (file) => this.#line.save(file).catch(() => this.#say(WORDS.notSaved)),
      edit: (id, text) => this.#line.edit(id, text),
      remove: (id) => this.#line.remove(id),
      again: (id, withoutFiles) => this.#line.retry(id, withoutFiles),
      changed: () => this.#changed(),
    });
    this.#files = new Files(
      (text) => this.#say(text),
      () => p.input.focus(),
    );
    p.typing = el('p', { className: 'typing', hidden: true });
    p.choices = el('div', { className: 'choices', role: 'group', ariaLabel: WORDS.choices, hidden: true });
    p.input = el('textarea', {
      rows: 1,
      placeholder: WORDS.placeholder,
      ariaLabel: WORDS.placeholder,
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
    p.tooLong = el('p', { className: 'banner too-long', role: 'alert', hidden: true });
    p.send = el('button', { className: 'send', type: 'submit', textContent: WORDS.send });
    p.form = el(
      'form',
      {
        onsubmit: (event) => {
          event.preventDefault();
          this.#submit();
        },
      },
      this.#files.attach,
      this.#files.picker,
      p.input,
      p.send,
    );
    const buttons = el('div', { className: 'head-buttons' }, p.menu.toggle, this.#page ? null : p.close);
    p.panel = el(
      'section',
      { className: this.#page ? 'panel page' : 'panel', ariaLabel: WORDS.open },
      el('header', {}, el('div', {}, p.title, p.hint), buttons),
      p.menu.node,
      p.banner,
      p.notice,
      p.urgent.node,
      this.#log.node,
      p.typing,
      p.rating.node,
      p.rating.thanks,
      p.choices,
      this.#files.chips,
      p.tooLong,
      p.form,
    );
    this.#files.from(p.input, p.panel);
    if (this.#page) {
      this.#root.append(p.panel);
      return;
    }
    p.panel.hidden = true;
    p.panel.setAttribute('role', 'dialog');
    p.launcher = new Launcher(() => this.#toggle(true));
    p.hold = holdFocus(p.panel, () => this.#toggle(false));
    this.#root.append(p.panel, p.launcher.node, p.launcher.said);
  }

  #toggle(open) {
    const p = this.#parts;
    p.panel.hidden = !open;
    p.launcher.node.hidden = open;
    p.launcher.node.ariaExpanded = String(open);
    p.hold();
    (open ? p.input : p.launcher.node).focus();
    if (open) this.#log.scroller.toEnd();
    this.#count();
  }

  /** Unread is what came while nobody looked. */
  #count() {
    const p = this.#parts;
    const looks = !p.panel.hidden && document.visibilityState !== 'hidden';
    const count = this.#unread.count(this.#log.messages, looks);
    if (this.#page) this.#unread.title(count);
    else p.launcher.unread(count);
  }

  #ready() {
    this.#log.empty.textContent = WORDS.empty;
    this.#changed();
  }

  #changed() {
    if (!this.#log) return;
    this.#log.empty.hidden = this.#log.size > 0;
    this.#pin();
    this.#offer();
    this.#count();
  }

  #stand(standing) {
    const p = this.#parts;
    this.#standing = { ...this.#standing, ...standing };
    const { status, agent, rate } = this.#standing;
    const [title, hint] = {
      queued: [WORDS.queued, WORDS.queuedHint],
      assigned: [WORDS.person(agent ?? ''), WORDS.personHint],
      resolved: [WORDS.resolved, WORDS.resolvedHint],
    }[status] ?? [WORDS.bot, WORDS.botHint];
    p.title.textContent = title;
    p.hint.textContent = hint;
    const { follows } = this.#log.scroller;
    const asked = p.rating.update(status === 'resolved' && (rate === true || p.rating.adds));
    // The question takes room from what was said last.
    if (asked && follows) this.#log.scroller.toEnd();
    if (status !== 'resolved') p.rating.thanks.hidden = true;
    this.#pin();
    this.#offer();
  }

  #setConnection(online) {
    const p = this.#parts;
    p.banner.hidden = online;
    p.banner.textContent = online ? '' : WORDS.offline;
    if (!online && this.#log.size === 0) this.#log.empty.textContent = WORDS.empty;
  }

  #name(message) {
    if (message.from === 'contact') return WORDS.you;
    return message.from === 'agent' ? WORDS.person(message.agent ?? this.#standing.agent ?? '') : WORDS.botName;
  }

  /**
   * Whom to ring stays in sight as long as the matter is open; and it does not vanish before somebody's eyes because
   * a colleague has marked it as done.
   */
  #pin() {
    const { urgent } = this.#parts;
    const shown = this.#log.messages.filter((m) => m.emergency && !m.erased);
    const over = this.#standing.status === 'resolved' && urgent.node.hidden;
    urgent.update(over ? [] : shown);
  }

  #show(message) {
    if (message.from !== 'contact') this.#hideTyping();
    this.#log.show(message);
  }

  #offer() {
    const p = this.#parts;
    const last = this.#log.messages.at(-1);
    const choices = last?.from === 'bot' && this.#standing.status !== 'assigned' ? (last.choices ?? []) : [];
    const offered = choices.map((choice) => choice.value).join();
    // The same answers stay the same buttons, so that none vanishes under a finger.
    if (p.choices.offered === offered) return;
    p.choices.offered = offered;
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
    if (!p.tooLong.hidden) this.#tooLong();
    const now = Date.now();
    if (p.input.value && now - this.#lastTyping > 3000) {
      this.#lastTyping = now;
      this.#line.typing();
    }
  }

  #showTyping() {
    const p = this.#parts;
    p.typing.textContent = WORDS.typing(this.#standing.agent ?? WORDS.botName);
    p.typing.hidden = false;
    clearTimeout(this.#typingTimer);
    this.#typingTimer = setTimeout(() => this.#hideTyping(), 5000);
  }

  #hideTyping() {
    this.#parts.typing.hidden = true;
  }

  #say(text) {
    const p = this.#parts;
    p.notice.textContent = text;
    p.notice.hidden = false;
    setTimeout(() => {
      if (p.notice.textContent === text) p.notice.hidden = true;
    }, 8000);
  }

  /** What is too long for one message is never cut: it is said, and stays until it was made shorter. */
  #tooLong() {
    const p = this.#parts;
    const over = [...p.input.value.trim()].length - LONGEST_TEXT;
    p.tooLong.hidden = over <= 0;
    p.tooLong.textContent = over > 0 ? WORDS.tooLong(over.toLocaleString(LANGUAGE)) : '';
    return over > 0;
  }

  #submit() {
    const p = this.#parts;
    const text = p.input.value.trim();
    if (!text && this.#files.size === 0) return;
    if (this.#tooLong()) return;
    this.#line.send({ text, attachments: this.#files.take() });
    this.#type('');
    p.input.focus();
  }

  #type(text) {
    const p = this.#parts;
    p.input.value = text;
    p.tooLong.hidden = true;
    draft.keep(text);
    p.input.style.blockSize = 'auto';
  }

  /** This device forgets the talk; whoever opens the chat next begins anew. */
  #end() {
    this.#line.forget();
    this.#log.clear();
    this.#files.take();
    this.#unread.forget();
    this.#type('');
    this.#stand({ status: 'new', agent: null, complaint: null, rate: false });
    this.#parts.input.focus();
    this.#say(WORDS.ended);
  }
}

customElements.define('nohold-chat', NoholdChat);
if (!document.querySelector('nohold-chat')) document.body.append(document.createElement('nohold-chat'));
