// The answer in the making: a reply to the person, or a note for colleagues, each in a field of its own. What is
// typed is kept on the device until it was sent.

import { call, newId } from './desk-api.js';
import { cannedFor, namesFor } from './desk-canned.js';
import { Coach, heldBack } from './desk-coach.js';
import { TooLong, Whisper, buttons, colleagueWrites, field, panel, tab } from './desk-composer-parts.js';
import { el } from './desk-dom.js';
import { Files } from './desk-files.js';
import { signsFor } from './desk-insert.js';
import { keeps } from './desk-kept.js';
import { Suggestions } from './desk-suggestions.js';
import { insert, turnInto } from './desk-typing.js';
import { t } from './desk-words.js';

export class Composer {
  #id;
  #kept;
  #tell;
  #locked = null;
  #assigned = false;
  #suggestion;
  #before = null;
  #inserting = false;
  #pending = {};
  #lastTyping = 0;
  #others = [];
  #warned = false;
  /** @type {any} */
  #parts = {};

  /**
   * `kept` is what the device keeps, `typing` the line that says that they write; `tell` has `say(message)`,
   * `sent(where)` and `writes()`.
   */
  constructor(id, kept, typing, tell) {
    this.#parts.typing = typing;
    this.#id = id;
    this.#kept = kept;
    this.#tell = tell;
    this.#build();
    this.#restore();
  }

  #build() {
    const p = this.#parts;
    const choose = (name) => tab(name, () => this.#show(name, true));
    p.tabs = { reply: choose('reply'), note: choose('note') };
    p.reply = field('reply', 'writeToThem');
    p.note = field('note', 'writeNote');
    p.canned = cannedFor(p.reply, this.#id, (write) => this.#put(write));
    p.tooLong = { reply: new TooLong(p.reply), note: new TooLong(p.note) };
    p.notice = el('p', { className: 'composer-notice', role: 'status', hidden: true });
    p.takeOut = el('button', {
      type: 'button',
      className: 'quiet',
      textContent: t('takeOut'),
      hidden: true,
      onclick: () => this.#takeOut(),
    });
    p.held = el('div', { className: 'held', role: 'alert' });
    p.coach = new Coach(this.#id, p.reply, {
      silent: () => p.held.children.length > 0,
      use: (better) => this.#put(() => turnInto(p.reply, better)),
    });
    p.send = el('button', { type: 'submit', className: 'primary', textContent: t('sendReply') });
    p.add = el('button', { type: 'submit', className: 'note-button', textContent: t('addNote') });
    p.files = new Files(
      (text) => this.#tell.say(text),
      (files) => this.#kept.keepFiles(this.#id, files),
    );
    p.files.from(p.reply, (text) => this.#tell.say(text));
    p.signs = signsFor(p.reply);
    p.names = namesFor(p.note);
    p.whisper = new Whisper();
    p.suggestions = new Suggestions(this.#id, { use: (s) => this.#use(s), say: (text) => this.#tell.say(text) });
    p.panels = {
      reply: panel(
        'reply',
        () => this.#submit('reply'),
        p.suggestions.node,
        p.canned.node,
        p.reply,
        p.tooLong.reply.node,
        p.files.list,
        p.held,
        p.coach.node,
        p.signs.panel,
        buttons(p.send, p.files.button, p.files.picker, p.signs.button, p.takeOut),
      ),
      note: panel(
        'note',
        () => this.#submit('note'),
        p.names.node,
        p.note,
        p.tooLong.note.node,
        p.whisper.node,
        buttons(p.add),
      ),
    };
    for (const name of ['reply', 'note']) {
      p[name].addEventListener('input', () => this.#typed(name));
      p[name].addEventListener('keydown', (event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        this.#submit(name);
      });
    }
    this.node = el(
      'div',
      { className: 'answer' },
      el(
        'div',
        { className: 'composer-line' },
        el('div', { className: 'composer-tabs', role: 'tablist', ariaLabel: t('composer') }, p.tabs.reply, p.tabs.note),
        p.typing,
      ),
      p.notice,
      p.panels.reply,
      p.panels.note,
    );
  }

  #restore() {
    const p = this.#parts;
    const draft = this.#kept.draft(this.#id);
    p.reply.value = draft.reply ?? '';
    p.note.value = draft.note ?? '';
    this.#suggestion = draft.suggestion ?? null;
    this.#pending = draft.pending ?? {};
    this.#notice(draft.notice ?? (keeps() ? '' : t('draftNotKept')));
    this.#show(draft.tab ?? 'reply');
    for (const name of ['reply', 'note']) p.tooLong[name].look();
    if (p.reply.value) p.coach.look();
    this.#kept.files(this.#id).then((files) => {
      if (p.files.taken.length === 0) p.files.restore(files);
    });
  }

  #keep() {
    const p = this.#parts;
    this.#kept.keepDraft(this.#id, {
      reply: p.reply.value,
      note: p.note.value,
      tab: this.tab,
      suggestion: this.#suggestion,
      notice: p.notice.textContent,
      pending: this.#pending,
    });
  }

  #notice(text) {
    this.#parts.notice.textContent = text;
    this.#parts.notice.hidden = !text;
  }

  #show(tab, focus) {
    const p = this.#parts;
    this.tab = tab;
    for (const name of ['reply', 'note']) {
      p.panels[name].hidden = name !== tab;
      p.tabs[name].setAttribute('aria-selected', String(name === tab));
    }
    this.#keep();
    if (focus) p[tab].focus();
  }

  /** Goes to one of the two fields. */
  write(tab) {
    this.#show(tab, true);
  }

  /** Colleagues who look at the same conversation. */
  company(others) {
    this.#others = others;
    if (!others.some((o) => o.writing)) this.#parts.held.querySelector('.company')?.remove();
  }

  /** The conversation as it is now. `colleague` has it, where somebody else has; `supervises`: who writes may whisper. */
  fill(suggestions, colleague, assigned, supervises) {
    const p = this.#parts;
    this.#assigned = assigned;
    p.whisper.fill(colleague, supervises);
    if (colleague && this.#locked === null) this.#yield(colleague);
    this.#locked = colleague;
    const locked = colleague !== null;
    for (const part of [p.reply, p.send, p.files.button]) part.disabled = locked;
    p.suggestions.fill(suggestions, locked);
  }

  /** A colleague was first: what was written becomes a note to oneself. */
  #yield(colleague) {
    const p = this.#parts;
    if (!p.reply.value.trim()) return;
    p.note.value = [p.note.value, p.reply.value]
      .filter((text) => text.trim())
      .join('\n\n');
    p.tooLong.note.look();
    p.reply.value = '';
    this.#forgetCoach();
    this.#suggestion = null;
    const files = p.files.taken.length > 0 ? ` ${t('filesKept')}` : '';
    this.#notice(t('colleagueFirst', { name: colleague }) + files);
    this.#show('note');
  }

  #typed(name) {
    const p = this.#parts;
    this.#keep();
    p.tooLong[name].look();
    if (name === 'note') return;
    p.held.replaceChildren();
    if (!this.#inserting) {
      this.#before = null;
      p.takeOut.hidden = true;
    }
    p.coach.soon();
    const now = Date.now();
    if (p.reply.value) this.#tell.writes();
    if (this.#assigned && p.reply.value && now - this.#lastTyping > 3000) {
      this.#lastTyping = now;
      call('POST', `conversations/${this.#id}/typing`).catch(() => {});
    }
  }

  /** Writes into the reply, so that a button takes it out again. */
  #put(write) {
    const p = this.#parts;
    this.#before = { text: p.reply.value, suggestion: this.#suggestion };
    this.#inserting = true;
    write();
    this.#inserting = false;
    p.takeOut.hidden = false;
  }

  /** A suggestion goes after what was typed, never in its place. */
  #use(suggestion) {
    const box = this.#parts.reply;
    const typed = box.value.trimEnd();
    this.#put(() =>
      insert(
        box,
        typed ? `${typed === box.value ? '\n\n' : ''}${suggestion.text}` : suggestion.text,
        typed ? box.value.length : 0,
        box.value.length,
      ),
    );
    this.#suggestion = suggestion.id;
    this.#keep();
  }

  #takeOut() {
    const p = this.#parts;
    const before = this.#before;
    if (!before) return;
    turnInto(p.reply, before.text);
    this.#suggestion = before.suggestion;
    this.#before = null;
    p.takeOut.hidden = true;
    this.#keep();
  }

  #forgetCoach() {
    const p = this.#parts;
    p.coach.forget();
    p.held.replaceChildren();
    p.takeOut.hidden = true;
    this.#before = null;
  }

  #submit(name) {
    if (this.#parts.tooLong[name].stops()) return null;
    return name === 'reply' ? this.#send(false) : this.#add();
  }

  /** The same words tried again, after a reload too, have the same id, so that they have one effect. */
  #idOf(...parts) {
    const what = JSON.stringify(parts);
    if (this.#pending.what !== what) {
      this.#pending = { what, id: newId() };
      this.#keep();
    }
    return this.#pending.id;
  }

  /** Sends what a field has; gives the program's answer. What was typed stays until then, and can be sent again. */
  async #deliver(box, button, path, body) {
    if (button.ariaBusy === 'true') return null;
    button.ariaBusy = 'true';
    box.readOnly = true;
    try {
      const received = await call('POST', `conversations/${this.#id}/${path}`, body);
      box.value = '';
      this.#pending = {};
      this.#notice('');
      this.#tell.say('');
      return received;
    } finally {
      button.ariaBusy = null;
      box.readOnly = false;
    }
  }

  async #send(anyway) {
    const p = this.#parts;
    const text = p.reply.value.trim();
    const attachments = p.files.taken;
    if (this.#locked !== null || (!text && attachments.length === 0)) return;
    const writer = this.#others.find((o) => o.writing);
    if (writer && !anyway && !this.#warned) {
      this.#warn(writer.name);
      return;
    }
    this.#warned = false;
    const body = {
      id: this.#idOf(
        'reply',
        text,
        attachments.map((f) => [f.name, f.content.length]),
      ),
      text,
      attachments,
      suggestion: this.#suggestion,
    };
    try {
      const received = await this.#deliver(p.reply, p.send, 'messages', anyway ? { ...body, anyway } : body);
      if (!received) return;
      p.files.clear();
      this.#suggestion = null;
      this.#forgetCoach();
      this.#keep();
      p.reply.focus();
      this.#tell.sent(received.conversation);
    } catch (error) {
      if (error.code === 'coach') this.#hold(error.findings);
      else this.#tell.say(error.message);
      if (error.code === 'held') this.#tell.sent();
    }
  }

  #warn(name) {
    const p = this.#parts;
    const go = (send) => () => {
      p.held.replaceChildren();
      p.reply.focus();
      this.#warned = send;
      if (send) this.#send(false);
    };
    p.held.replaceChildren(colleagueWrites(name, { wait: go(false), send: go(true) }));
    p.held.querySelector('button').focus();
  }

  #hold(found) {
    const p = this.#parts;
    const draft = p.reply.value.trim();
    const shift = p.reply.value.length - p.reply.value.trimStart().length;
    p.coach.forget();
    p.held.replaceChildren(
      ...heldBack(draft, found, {
        send: () => {
          p.reply.focus();
          this.#send(true);
        },
        mend: ([start, end]) => {
          p.held.replaceChildren();
          p.reply.focus();
          p.reply.setSelectionRange(start + shift, end + shift);
          p.coach.look();
        },
      }),
    );
    p.held.querySelector('button').focus();
  }

  async #add() {
    const p = this.#parts;
    const text = p.note.value.trim();
    if (!text) return;
    try {
      const body = { id: this.#idOf('note', text), text, ...(p.whisper.wanted ? { whisper: true } : {}) };
      if (!(await this.#deliver(p.note, p.add, 'notes', body))) return;
      p.whisper.clear();
      this.#keep();
      p.note.focus();
      this.#tell.sent();
    } catch (error) {
      this.#tell.say(error.message);
    }
  }

  /** Another conversation is opened: what is begun here is kept. */
  leave() {
    this.#parts.coach.forget();
    this.#parts.suggestions.leave();
  }
}
