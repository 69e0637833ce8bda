// One conversation: what was said, what to know, what can be done with it, and the answer in the making.

import { call } from './desk-api.js';
import { handOver, sure, sureOf } from './desk-ask.js';
import { Composer } from './desk-composer.js';
import { el, patch } from './desk-dom.js';
import { Labels } from './desk-labels.js';
import { Record } from './desk-record.js';
import { earlierRow } from './desk-same.js';
import { snoozedText, untilWhen } from './desk-snooze.js';
import { Talk } from './desk-talk.js';
import { signalsOf, summaryOf } from './desk-to-know.js';
import { called, channel, named, t } from './desk-words.js';

/** For how long, in milliseconds, somebody writes of whom no key is heard: their page tells it every three seconds. */
const WRITES = 6000;

/** The place of what they wrote last. */
const theirs = (data) => data.messages.findLast((m) => m.from === 'contact')?.position ?? 0;

class NoholdConversation extends HTMLElement {
  current = null;
  me = null;
  kept = null;
  /** Is called with each key in a reply. */
  writes = () => {};
  #data = null;
  #typingTimer;
  #composer = null;
  #others = [];
  /** @type {any} */
  #parts = {};

  connectedCallback() {
    if (!this.current) this.#empty(t('choose'));
  }

  #empty(text) {
    this.replaceChildren(el('section', { className: 'blank' }, el('p', { className: 'soft', textContent: text })));
  }

  /** Colleagues who look at it, too, or write. */
  company(others) {
    this.#others = others;
    const line = this.#parts.company;
    if (!line) return;
    const said = others.map(({ name, writing }) => t(writing ? 'colleagueWrites' : 'colleagueLooks', { name }));
    const text = said.join(' · ');
    if (line.textContent !== text) line.textContent = text;
    this.#composer?.company(others);
  }

  /** What is shown, where it has come. */
  get data() {
    return this.#data;
  }

  async show(id) {
    this.#composer?.leave();
    this.#composer = null;
    this.#parts = {};
    this.current = id;
    this.#data = null;
    if (!id) return this.#empty(t('choose'));
    this.#empty(t('loading'));
    await this.refresh();
    return this.#parts.heading?.focus();
  }

  heard(frame) {
    if (frame.conversation === this.current || frame.type === 'resync') this.refresh();
  }

  typing(conversation) {
    const p = this.#parts;
    if (conversation !== this.current || !p.typing) return;
    p.typing.textContent = t('typing');
    clearTimeout(this.#typingTimer);
    this.#typingTimer = setTimeout(() => this.#rests(), WRITES);
  }

  /** What they wrote has come, or they write no more. */
  #rests() {
    clearTimeout(this.#typingTimer);
    if (this.#parts.typing) this.#parts.typing.textContent = '';
  }

  async refresh() {
    const id = this.current;
    if (!id) return;
    try {
      const [data, suggestions] = await Promise.all([
        call('GET', `conversations/${id}`),
        call('GET', `conversations/${id}/suggestions`),
      ]);
      if (id !== this.current || data.position < (this.#data?.position ?? 0)) return;
      const fresh = this.#data === null;
      if (!fresh && theirs(data) > theirs(this.#data)) this.#rests();
      this.#data = data;
      const read = this.kept.read(id);
      if (fresh) this.#build();
      this.#fill(suggestions);
      if (fresh) this.#parts.talk.stand(data.messages, read);
      this.dispatchEvent(new CustomEvent('read'));
    } catch (error) {
      if (id !== this.current) return;
      if (this.#data === null) this.#empty(error.message);
      else this.say(error.message);
    }
  }

  #build() {
    this.#parts = {};
    const p = this.#parts;
    p.heading = el('h2', { tabIndex: -1, dir: 'auto' });
    p.danger = el('p', { className: 'tag danger', hidden: true });
    p.state = el('p', { className: 'soft state' });
    p.actions = el('div', { className: 'actions' });
    p.talk = new Talk();
    p.linked = el('p', { className: 'soft linked' });
    p.typing = el('p', { className: 'typing soft' });
    p.company = el('p', { className: 'company-line', role: 'status' });
    p.message = el('p', { className: 'error', role: 'alert' });
    this.#composer = new Composer(this.current, this.kept, p.typing, {
      say: (text) => this.say(text),
      sent: (went) => this.#after(true, went),
      writes: () => this.writes(),
    });
    p.summary = el('div', { className: 'summary', dir: 'auto' });
    p.signals = el('p', { className: 'signals' });
    p.labels = new Labels(this.current, () => this.#after(false));
    p.earlier = el('section', { hidden: true }, el('h3', { textContent: t('earlier') }), el('ul', { className: 'earlier' }));
    p.record = new Record(() => this.#after(false));
    const info = el(
      'aside',
      { className: 'info', id: 'what-to-know', tabIndex: 0, ariaLabel: t('whatToKnow') },
      el('h3', { textContent: t('summary') }),
      p.summary,
      el('h3', { textContent: t('noticed') }),
      p.signals,
      p.labels.node,
      p.record.node,
      p.earlier,
    );
    const back = el('button', {
      type: 'button',
      className: 'quiet back',
      textContent: t('back'),
      onclick: () => this.dispatchEvent(new CustomEvent('back')),
    });
    // Where there is no room for both, what to know takes the place of the talk.
    p.more = el('button', {
      type: 'button',
      className: 'info-toggle',
      'aria-controls': 'what-to-know',
      ariaExpanded: 'false',
      textContent: t('whatToKnow'),
      onclick: () => this.#inform(!this.classList.contains('informed')),
    });
    this.#inform(false);
    this.replaceChildren(
      el(
        'section',
        { className: 'conversation' },
        el(
          'div',
          { className: 'head' },
          back,
          el(
            'div',
            { className: 'head-who' },
            el('div', { className: 'head-name' }, p.heading, p.danger),
            p.state,
            p.company,
            p.linked,
          ),
          p.more,
          p.actions,
        ),
        p.message,
        el(
          'div',
          { className: 'both' },
          el('div', { className: 'talk-side' }, p.talk.node, this.#composer.node),
          info,
        ),
      ),
    );
  }

  #inform(informed) {
    this.classList.toggle('informed', informed);
    this.#parts.more.ariaExpanded = String(informed);
    this.#parts.more.textContent = t(informed ? 'theTalk' : 'whatToKnow');
  }

  #fill(suggestions) {
    const p = this.#parts;
    const d = this.#data;
    const mine = d.status === 'assigned' && d.holder === this.me.name;
    const colleague = d.status === 'assigned' && !mine ? d.holder : null;
    p.heading.textContent = called(d.contact.name);
    p.heading.title = p.heading.textContent;
    p.danger.hidden = !d.signals.red_flag;
    p.danger.textContent = d.signals.red_flag ? t('whyDanger', { text: d.signals.red_flag_title }) : '';
    this.classList.toggle('in-danger', Boolean(d.signals.red_flag));
    const presence = d.contact.inbox === 'web' ? t(d.contact.present ? 'pageOpen' : 'pageClosed') : '';
    const tie = d.contact.relation === 'unknown' ? t('connectionNotTold') : named(d.contact.relation);
    const snoozed = d.snoozed && snoozedText(d.snoozed);
    const holder = colleague ? t('theyHaveIt', { name: colleague }) : mine ? t('youHaveIt') : named(d.status);
    const given = d.assigned_by && t(`given_${d.assigned_by}`);
    const where = t('by', { text: channel(d.contact.inbox) });
    const handed = mine && d.handed && t('handedBy', { name: d.handed.by });
    const state = [holder, handed, given, tie, where, snoozed, presence]
      .filter(Boolean)
      .join(' · ');
    if (p.state.textContent !== state) p.state.textContent = state;
    p.state.title = state;
    patch(
      p.linked,
      this.#linked(d.linked),
      (l) => l.key,
      (l) => l.text,
      (l) =>
        l.open
          ? el('button', { type: 'button', className: 'summary-link', textContent: l.text, onclick: l.open })
          : el('span', { textContent: l.text }),
    );
    const buttons = this.#buttons(mine, colleague);
    patch(
      p.actions,
      buttons,
      (b) => b.title,
      (b) => b.title,
      (b) => el('button', { type: 'button', className: b.look, textContent: t(b.title), onclick: b.act }),
    );
    const near = p.talk.fill(d.messages);
    patch(
      p.summary,
      summaryOf(d),
      (line) => line.at,
      (line) => JSON.stringify(line),
      (line) =>
        el(
          'p',
          {},
          line.message
            ? el('button', {
                type: 'button',
                className: 'summary-link',
                title: t('showWords'),
                textContent: line.text,
                onclick: () => {
                  this.#inform(false);
                  p.talk.show(line.message);
                },
              })
            : line.text,
        ),
    );
    patch(
      p.signals,
      signalsOf(d),
      (s) => s.key,
      (s) => s.text,
      (s) => el('span', { className: `tag${s.danger ? ' danger' : ''}`, title: s.title, textContent: s.text }),
    );
    p.labels.fill(d.labels);
    p.earlier.hidden = d.earlier.length === 0;
    patch(
      p.earlier.lastElementChild,
      d.earlier,
      (k) => k.reference,
      (k) => k.status,
      (k) => earlierRow(k, k.conversation === d.id ? null : () => this.#open(k.conversation)),
    );
    p.record.fill(d.complaint);
    this.#composer.fill(suggestions, colleague, mine, this.me.role !== 'agent');
    this.company(this.#others);
    // Last, when everything has its height.
    if (near) p.talk.follow();
  }

  /** Other conversations of the same person, as they have proven. */
  #linked(linked) {
    if (linked.length === 0) return [];
    const one = (l) => ({
      key: l.conversation,
      text: t('linkedBy', { name: channel(l.inbox), text: l.reference }),
      open: () => this.#open(l.conversation),
    });
    return [{ key: 'same', text: t('samePerson') }, ...linked.map(one)];
  }

  #open(id) {
    this.dispatchEvent(new CustomEvent('open', { detail: id }));
  }

  #buttons(mine, colleague) {
    const d = this.#data;
    if (d.deferred) return [];
    if (d.status === 'resolved') return [{ title: 'takeUpAgain', look: 'primary', act: () => this.#act('reopen') }];
    const all = [];
    if (!mine && !colleague) all.push({ title: 'takeIt', look: 'primary', act: () => this.#act('claim') });
    if (colleague && this.me.role !== 'agent')
      all.push({ title: 'takeOver', look: 'primary', act: () => this.#takeOver() });
    if (mine || (colleague && this.me.role !== 'agent')) {
      all.push(
        { title: 'done', act: () => this.#done() },
        { title: 'handOver', act: () => this.#handOver() },
        { title: 'giveBack', act: () => this.#ask('release') },
        d.snoozed && { title: 'wake', act: () => this.#act('snooze', undefined, 'DELETE') },
        // Whoever may be in danger cannot be put off.
        !d.snoozed && !d.signals.red_flag && { title: 'snooze', act: () => this.#snooze() },
      );
    }
    return all.filter(Boolean);
  }

  /** Something to know at once; nothing takes it away. */
  say(text) {
    if (this.#parts.message) this.#parts.message.textContent = text;
  }

  async #snooze() {
    const until = await untilWhen(called(this.#data.contact.name));
    if (until) await this.#act('snooze', until);
  }

  /** Presses a button of the head, by its text's key, where it is there. */
  press(title) {
    this.#parts.actions?.querySelector(`[data-key="${title}"]`)?.click();
  }

  /** Goes to what is asked for: `reply`, `note`, `label` or `record`. */
  go(where) {
    const p = this.#parts;
    if (p.more) this.#inform(['label', 'record'].includes(where));
    if (where === 'label') p.labels?.box.focus();
    else if (where === 'record') p.record?.node.querySelector('button')?.click();
    else this.#composer?.write(where);
  }

  /** At once, without a question: whoever takes over helps, and can write. */
  async #takeOver() {
    await this.#act('transfer', { agent: this.me.name });
    if (this.#data?.holder === this.me.name) this.go('reply');
  }

  async #handOver() {
    try {
      const to = await handOver(this.#data);
      if (to) await this.#ask('transfer', to);
    } catch (error) {
      this.say(error.message);
    }
  }

  /** Whoever is writing at this moment is not done. */
  async #done() {
    const writing = this.#parts.typing.textContent !== '';
    const name = called(this.#data.contact.name);
    if (writing && !(await sureOf(t('writingTitle', { name }), t('writingAsk'), t('sure_resolve')))) return;
    await this.#ask('resolve');
  }

  /** Where somebody may be in danger it is asked once more; everywhere it can be taken back for some seconds. */
  async #ask(act, body) {
    if (this.#data.signals.red_flag && !(await sure(this.#data, act))) return;
    await this.#act(`${act}?undo=true`, body);
  }

  async #act(path, body, method = 'POST') {
    try {
      await call(method, `conversations/${this.current}/${path}`, body);
      this.say('');
    } catch (error) {
      this.say(error.message);
    }
    await this.#after(false);
    if (document.activeElement === document.body)
      (this.#parts.actions?.querySelector('button') ?? this.#parts.heading)?.focus();
  }

  async #after(toEnd, went = this.current) {
    this.dispatchEvent(new CustomEvent('changed'));
    // They have written elsewhere since: the reply went there.
    if (went !== this.current) {
      this.#open(went);
      return;
    }
    await this.refresh();
    this.dispatchEvent(new CustomEvent('changed'));
    if (toEnd) this.#parts.talk?.toEnd();
  }
}

customElements.define('nohold-conversation', NoholdConversation);
