// One conversation: what was said, what to know, the answer in the making with suggestions above and the coach below.

import { call, newId } from './desk-api.js';
import { clock, el, words } from './desk-dom.js';
import { complaintPanel } from './desk-complaint.js';
import { Files } from './desk-files.js';

const DELIVERY = { waiting: ' · on its way', failed: ' · did not arrive' };
const FROM = { contact: 'They', bot: 'Assistant', agent: 'Agent', note: 'Note (not shown to them)' };

/** How often agents used this kind so far; nothing where it was never offered. */
function taken(record) {
  if (!record) return '';
  return ` Used ${record.taken + record.edited} of ${record.taken + record.edited + record.ignored} times.`;
}

class NoholdConversation extends HTMLElement {
  current = null;
  me = null;
  #data = null;
  #agents = [];
  #teams = [];
  #suggestion = null;
  #asking = null;
  #coachTimer;
  #coachRound = 0;
  #typingTimer;
  #lastTyping = 0;
  #drafts = new Map();
  #parts = {};

  connectedCallback() {
    if (!this.current) this.#empty();
  }

  #empty(text = 'Choose a conversation on the left.') {
    this.replaceChildren(el('section', { className: 'blank' }, el('p', { className: 'soft', textContent: text })));
  }

  async show(id) {
    if (this.current && this.#parts.draft) this.#drafts.set(this.current, this.#parts.draft.value);
    this.#asking?.abort();
    this.current = id;
    this.#data = null;
    if (!id) return this.#empty();
    this.#empty('Loading…');
    await this.#load();
    return this.#parts.heading?.focus();
  }

  heard(frame) {
    if (frame.conversation === this.current || frame.type === 'resync') this.#load();
  }

  typing(conversation) {
    const p = this.#parts;
    if (conversation !== this.current || !p.typing) return;
    p.typing.textContent = 'They are writing…';
    clearTimeout(this.#typingTimer);
    this.#typingTimer = setTimeout(() => { p.typing.textContent = ''; }, 4000);
  }

  async #load() {
    const id = this.current;
    try {
      const [data, suggestions, agents, teams] = await Promise.all([
        call('GET', `conversations/${id}`), call('GET', `conversations/${id}/suggestions`), this.#agents.length ? null : call('GET', 'agents'), this.#teams.length ? null : call('GET', 'teams'),
      ]);
      if (id !== this.current) return;
      if (agents) this.#agents = agents.agents;
      if (teams) this.#teams = teams.teams;
      const fresh = this.#data === null;
      this.#data = data;
      if (fresh) this.#build();
      this.#fill(suggestions);
    } catch (error) {
      if (id === this.current && this.#data === null) this.#empty(error.message);
      else this.#say(error.message);
    }
  }

  #build() {
    const p = this.#parts = {};
    p.heading = el('h2', { tabIndex: -1 });
    p.state = el('p', { className: 'soft' });
    p.actions = el('div', { className: 'actions' });
    p.linked = el('p', { className: 'soft linked' });
    p.log = el('div', { className: 'talk', role: 'log', ariaLabel: 'What was said', tabIndex: 0 });
    p.typing = el('p', { className: 'typing soft' });
    p.message = el('p', { className: 'error', role: 'alert' });
    p.suggestions = el('div', { className: 'suggestions', role: 'group', ariaLabel: 'Replies to start from' });
    p.draft = el('textarea', { id: 'draft', rows: 4, dir: 'auto', maxLength: 16384, placeholder: 'Write to them…', value: this.#drafts.get(this.current) ?? '' });
    p.draft.addEventListener('input', () => this.#drafted());
    p.draft.addEventListener('keydown', (event) => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); this.#send('messages'); } });
    p.coach = el('div', { className: 'coach', ariaLive: 'polite' });
    p.send = el('button', { type: 'submit', className: 'primary', textContent: 'Send reply' });
    p.note = el('button', { type: 'button', textContent: 'Save as note', onclick: () => this.#send('notes') });
    p.files = new Files((text) => this.#say(text));
    p.form = el('form', { className: 'answer', onsubmit: (event) => { event.preventDefault(); this.#send('messages'); } },
      p.suggestions, el('label', { htmlFor: 'draft', className: 'visually-hidden', textContent: 'Your reply' }), p.draft, p.files.list, p.coach,
      el('div', { className: 'buttons' }, p.send, p.note, p.files.button, p.files.picker, el('span', { className: 'soft hint', textContent: 'Ctrl + Enter sends' })));
    p.summary = el('div', { className: 'summary', dir: 'auto' });
    p.signals = el('p', { className: 'signals' });
    p.complaint = el('div');
    p.info = el('aside', { className: 'info', ariaLabel: 'What to know' }, el('h3', { textContent: 'Summary' }), p.summary, el('h3', { textContent: 'Noticed' }), p.signals, p.complaint);
    const back = el('button', { type: 'button', className: 'quiet back', textContent: '← Back', onclick: () => this.dispatchEvent(new CustomEvent('back')) });
    this.replaceChildren(el('section', { className: 'conversation' }, el('div', { className: 'head' }, back, p.heading, p.state, p.linked, p.actions), p.log, p.typing, p.message, p.form), p.info);
    if (p.draft.value) this.#drafted();
  }

  #fill({ suggestions, further }) {
    const p = this.#parts;
    const d = this.#data;
    const mine = d.status === 'assigned' && d.holder === this.me.name;
    const others = d.status === 'assigned' && !mine;
    p.heading.textContent = d.contact.name ?? 'Somebody';
    p.heading.dir = 'auto';
    const presence = d.contact.inbox === 'web' ? (d.contact.present ? ' · their page is open' : ' · their page is closed') : '';
    const tie = d.contact.relation === 'unknown' ? 'connection not told' : words(d.contact.relation);
    p.state.textContent = `${tie} · by ${d.contact.inbox} · ${others ? `${d.holder} has it` : mine ? 'you have it' : words(d.status)}${presence}`;
    p.linked.replaceChildren(...this.#linked(d.linked));
    p.actions.replaceChildren(...this.#buttons(mine, others));
    const near = p.log.scrollHeight - p.log.scrollTop - p.log.clientHeight < 120 || p.log.children.length === 0;
    p.log.replaceChildren(...d.messages.map((m) => this.#entry(m)));
    p.summary.replaceChildren(...this.#summary(d));
    const s = d.signals;
    p.signals.replaceChildren(
      s.red_flag ? el('span', { className: 'tag danger', textContent: s.red_flag_title }) : '',
      d.reason && d.reason !== s.red_flag ? el('span', { className: 'tag', textContent: d.reason_title }) : '',
      el('span', { className: 'tag', textContent: s.emotion === 'neutral' ? 'calm' : `${words(s.emotion)} ${Math.round(s.intensity * 100)} %` }),
      s.decided_by ? el('span', { className: 'tag', title: 'The rule by which the assistant answered last', textContent: words(s.decided_by) }) : '',
      s.relation === 'unknown' ? '' : el('span', { className: 'tag', textContent: words(s.relation) }),
      el('span', { className: 'tag', textContent: s.language }));
    p.complaint.replaceChildren(...complaintPanel(d.complaint, (message) => { this.#say(message); this.#load(); }));
    p.send.disabled = others;
    p.draft.disabled = others;
    p.files.button.disabled = others;
    p.suggestions.replaceChildren(...suggestions.map((suggestion) => this.#suggested(suggestion, others)));
    if (further && !others) p.suggestions.append(el('button', { type: 'button', className: 'suggestion-more', textContent: 'More', onclick: (event) => this.#more(event.target) }));
    // Last, when everything has its height.
    if (near) p.log.scrollTop = p.log.scrollHeight;
  }

  /** Other conversations of the same person, as they have proven. */
  #linked(linked) {
    if (linked.length === 0) return [];
    const link = (l) => el('button', { type: 'button', className: 'summary-link', textContent: `by ${l.inbox}, ${l.reference}`, onclick: () => this.#open(l.conversation) });
    return ['The same person, also: ', ...linked.flatMap((l, n) => [n ? ' · ' : '', link(l)])];
  }

  #open(id) {
    this.dispatchEvent(new CustomEvent('open', { detail: id }));
  }

  /** The lines of the summary; those that rest on the person's own words lead to them. */
  #summary(d) {
    const messages = new Map(d.summary_links.map((link) => [link.line, link.message]));
    return d.summary.split('\n').map((text, line) => {
      const message = messages.get(line);
      const show = () => {
        const entry = this.#parts.log.querySelector(`[data-id="${CSS.escape(message)}"]`);
        entry?.scrollIntoView({ block: 'center' });
        entry?.focus();
      };
      return el('p', {}, message ? el('button', { type: 'button', className: 'summary-link', title: 'Show their words', textContent: text, onclick: show }) : text);
    });
  }

  #suggested(suggestion, disabled) {
    return el('button', { type: 'button', className: 'suggestion', disabled, title: suggestion.text, onclick: () => this.#use(suggestion) },
      el('span', { className: 'suggestion-why', textContent: suggestion.why + taken(suggestion.record) }), el('span', { className: 'suggestion-text', textContent: suggestion.text }));
  }

  /** Asks the outside model. Whatever it says, the reply can be written meanwhile; leaving the conversation cancels it. */
  async #more(button) {
    const id = this.current;
    this.#asking?.abort();
    const asking = this.#asking = new AbortController();
    button.disabled = true;
    button.textContent = 'Writing…';
    try {
      const written = await call('POST', `conversations/${id}/suggestions/further`, {}, asking.signal);
      if (id !== this.current || !button.isConnected) return;
      button.replaceWith(...written.suggestions.map((suggestion) => this.#suggested(suggestion, false)));
      if (written.suggestions.length === 0) this.#say('Nothing further that is good enough to show.');
    } catch (error) {
      if (error.name !== 'AbortError') this.#say(error.message);
    }
  }

  #buttons(mine, others) {
    const d = this.#data;
    const act = (title, path, body, className) => el('button', { type: 'button', className, textContent: title, onclick: () => this.#act(path, body) });
    const supervisor = this.me.role !== 'agent';
    const all = [];
    if (d.status === 'resolved') all.push(act('Take up again', 'reopen', undefined, 'primary'));
    else if (!mine && !others) all.push(act('Take it', 'claim', undefined, 'primary'));
    if (mine || (others && supervisor)) {
      const choose = el('select', { ariaLabel: 'Hand on to', onchange: () => {
        // A team's name may have a colon in it.
        const [, kind, name] = choose.value.match(/^(\w+):(.+)$/) ?? [];
        if (name) this.#act('transfer', { [kind]: name });
      } }, el('option', { value: '', textContent: 'Hand on to…' }),
      ...this.#teams.map((t) => el('option', { value: `team:${t}`, textContent: `Team: ${t}` })),
      ...this.#agents.filter((a) => a.name !== d.holder && !a.disabled).map((a) => el('option', { value: `agent:${a.name}`, textContent: a.name })));
      all.push(act('Done', 'resolve'), choose, act('Back to the queue', 'release'));
    }
    return all;
  }

  #entry(m) {
    const who = m.from === 'agent' || m.from === 'note' ? `${m.agent ?? 'Assistant'}${m.from === 'note' ? ' · note, not shown to them' : ''}` : FROM[m.from];
    const files = (m.attachments ?? []).map((f) => el('a', { className: 'file', href: `/api/v1/attachments/${f.id}`, download: f.name, textContent: `${f.name} (${Math.ceil(f.size / 1024)} KB)` }));
    const borrowed = (m.borrowed ?? []).map((line) => el('blockquote', { className: 'borrowed', dir: 'auto', textContent: line }));
    const text = m.erased ? 'Taken back by the writer' : m.text;
    const entry = el('article', { className: `entry ${m.from}${m.delivery === 'failed' ? ' failed' : ''}`, tabIndex: -1 },
      el('p', { className: 'who', textContent: `${who} · ${clock(m.at)}${m.edited ? ' · changed' : ''}${m.removed ? ' · removed in the channel by somebody else' : ''}${DELIVERY[m.delivery] ?? ''}` }),
      ...borrowed,
      text || files.length + borrowed.length === 0 ? el('div', { className: `text${m.erased ? ' erased' : ''}`, dir: 'auto', textContent: text }) : null, ...files);
    entry.dataset.id = m.id;
    return entry;
  }

  #say(text) {
    if (this.#parts.message) this.#parts.message.textContent = text;
  }

  #use(suggestion) {
    const p = this.#parts;
    p.draft.value = suggestion.text;
    this.#suggestion = suggestion.id;
    p.draft.focus();
    this.#drafted();
  }

  #drafted() {
    clearTimeout(this.#coachTimer);
    this.#coachTimer = setTimeout(() => this.#review(), 300);
    const now = Date.now();
    if (this.#data?.status === 'assigned' && this.#parts.draft.value && now - this.#lastTyping > 3000) {
      this.#lastTyping = now;
      call('POST', `conversations/${this.current}/typing`).catch(() => {});
    }
  }

  async #review() {
    const p = this.#parts;
    const draft = p.draft.value;
    const round = ++this.#coachRound;
    if (!draft.trim()) { p.coach.replaceChildren(); return; }
    try {
      const review = await call('POST', `conversations/${this.current}/coach`, { draft });
      if (round !== this.#coachRound) return;
      const bytes = new TextEncoder().encode(draft);
      const quoted = (f) => (f.end > f.start ? new TextDecoder().decode(bytes.slice(f.start, f.end)) : null);
      p.coach.replaceChildren(...review.findings.map((f) => el('div', { className: 'finding' },
        el('p', {}, quoted(f) ? el('q', { textContent: quoted(f) }) : '', quoted(f) ? ' ' : '', f.advice),
        el('details', {}, el('summary', { textContent: 'Why' }), el('p', { textContent: f.why })),
        f.rewrite && f.rewrite !== draft ? el('button', { type: 'button', textContent: 'Use this instead', title: f.rewrite, onclick: () => { p.draft.value = f.rewrite; p.draft.focus(); this.#drafted(); } }) : null)));
    } catch { /* the coach is a help, not a gate */ }
  }

  async #act(path, body) {
    try {
      await call('POST', `conversations/${this.current}/${path}`, body);
      this.#say('');
    } catch (error) {
      // The flows have changed meanwhile: the teams are asked for anew.
      if (error.field === 'to.team') this.#teams = [];
      this.#say(error.message);
    }
    this.dispatchEvent(new CustomEvent('changed'));
    await this.#load();
  }

  async #send(kind) {
    const p = this.#parts;
    const text = p.draft.value.trim();
    const reply = kind === 'messages';
    const attachments = reply ? p.files.taken : [];
    if (!text && attachments.length === 0 || p.send.disabled && reply) return;
    // The same words tried again have the same id, so that they have one effect.
    const same = this.pendingText === text && this.pendingFiles === attachments.length;
    this.pendingId = same ? this.pendingId : newId();
    this.pendingText = text;
    this.pendingFiles = attachments.length;
    p.send.setAttribute('aria-busy', 'true');
    let went = this.current;
    try {
      const sent = await call('POST', `conversations/${this.current}/${kind}`, { id: this.pendingId, text, attachments, suggestion: reply ? this.#suggestion : undefined });
      p.draft.value = '';
      if (reply) p.files.clear();
      this.pendingText = null;
      this.#suggestion = null;
      this.#drafts.delete(this.current);
      p.coach.replaceChildren();
      this.#coachRound += 1;
      this.#say('');
      p.log.scrollTop = p.log.scrollHeight;
      went = sent.conversation;
    } catch (error) {
      this.#say(error.message);
    }
    p.send.removeAttribute('aria-busy');
    this.dispatchEvent(new CustomEvent('changed'));
    // They have written elsewhere since: the reply went there.
    if (went !== this.current) return this.#open(went);
    await this.#load();
    p.log.scrollTop = p.log.scrollHeight;
    return p.draft.focus();
  }
}

customElements.define('nohold-conversation', NoholdConversation);
