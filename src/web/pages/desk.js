// The desk: sign in, see who waits, take a conversation, answer. The parts stand in modules of their own; here they
// are put together.

import { Alarm } from './desk-alarm.js';
import { call, feed, whenSessionEnds } from './desk-api.js';
import { Company } from './desk-company.js';
import './desk-conversation.js';
import { door, doorOver } from './desk-door.js';
import { el } from './desk-dom.js';
import { Kept } from './desk-kept.js';
import { Keys } from './desk-keys.js';
import { lineNotices } from './desk-lines.js';
import { Lists } from './desk-list.js';
import { unseenMentions } from './desk-mentions.js';
import { Notices } from './desk-notices.js';
import { Pages } from './desk-pages.js';
import { shortcuts } from './desk-shortcuts.js';
import { UndoBar } from './desk-undo.js';
import { LANGUAGE, called, t } from './desk-words.js';

/** Many changes within so many milliseconds are one look. */
const TOGETHER = 60;

class NoholdDesk extends HTMLElement {
  #session = null;
  #stop = () => {};
  #queue = [];
  #waiting = 0;
  #mine = [];
  #undelivered = [];
  #heardUpTo = null;
  #snoozed = new Set();
  #loaded = false;
  #refreshing = null;
  #again = false;
  /** @type {any} */
  #parts = {};

  async connectedCallback() {
    document.documentElement.lang = LANGUAGE;
    const link = new URLSearchParams(location.hash.slice(1));
    this.replaceChildren(
      el(
        'main',
        { className: 'loading' },
        el('h1', { className: 'visually-hidden', textContent: t('desk') }),
        el('p', { textContent: t('moment') }),
      ),
    );
    whenSessionEnds(() => this.#ended());
    addEventListener('popstate', () => {
      if (this.#session) this.#show(this.#addressed());
    });
    if (link.has('setup') || link.has('join')) return this.#door(link);
    try {
      return this.#enter(await call('GET', 'session'));
    } catch (error) {
      // Back from the identity provider, which did not help.
      const said = link.has('refused') ? t('providedNot') : null;
      return this.#door(null, error.status === 401 ? said : error.message);
    }
  }

  /** `link` is what the address says, where somebody comes by a link that works once. */
  #door(link, message) {
    this.#session = null;
    door(this, {
      setup: link?.get('setup'),
      join: link?.get('join'),
      message,
      entered: (session) => {
        if (link) history.replaceState(null, '', '/desk');
        this.#enter(session);
      },
    });
  }

  /**
   * The session has ended while somebody works: the desk stays as it is, with every word, and the door is put
   * over it.
   */
  #ended() {
    if (!this.#session) return;
    doorOver((session) => {
      const same = session.agent.id === this.#session.agent.id;
      this.#stop();
      if (!same) return this.#enter(session);
      this.#session = session;
      this.#listen();
      this.#parts.conversation.say('');
      return this.#parts.conversation.refresh();
    });
  }

  get #supervises() {
    return this.#session.agent.role !== 'agent';
  }

  #enter(session) {
    this.#session = session;
    this.#heardUpTo = null;
    this.#loaded = false;
    this.#parts = {};
    const p = this.#parts;
    p.kept = new Kept(session.agent.id);
    p.notices = new Notices(p.kept);
    p.alarm = new Alarm((id) => this.#open(id));
    p.undo = new UndoBar(
      (wrong) => {
        if (wrong) this.#say(wrong);
        this.refresh();
        p.conversation.refresh();
      },
      () => p.conversation.querySelector('h2')?.focus(),
    );
    p.lists = new Lists(session.agent, { open: (id) => this.#open(id), changed: () => this.refresh() });
    p.pages = new Pages({
      agent: session.agent,
      kept: p.kept,
      go: (path) => this.#go(path),
      open: (id) => this.#open(id),
    });
    p.keys = new Keys(
      shortcuts(p, () => this.#open(null)),
      p.kept,
    );
    p.banner = el('p', { className: 'banner', role: 'status', hidden: true });
    p.lines = el('div', { role: 'status' });
    p.conversation = el('nohold-conversation');
    p.conversation.me = session.agent;
    p.conversation.kept = p.kept;
    p.conversation.addEventListener('changed', () => this.refresh());
    p.conversation.addEventListener('read', () => this.#seen());
    p.conversation.addEventListener('back', () => this.#open(null));
    p.conversation.addEventListener('open', (event) => this.#open(event.detail));
    p.desk = el('main', { className: 'desk' }, p.lists.node, p.conversation);
    const away = el('input', {
      type: 'checkbox',
      id: 'away',
      checked: session.agent.away,
      onchange: () => call('PUT', 'session/away', { away: away.checked }).catch((e) => this.#say(e.message)),
    });
    const header = el(
      'header',
      { className: 'top' },
      el('h1', { className: 'brand', textContent: session.organisation }),
      p.pages.nav,
      el('span', { className: 'soft', textContent: `${session.agent.name} · ${t(`role_${session.agent.role}`)}` }),
      p.notices.ask,
      p.notices.sound,
      p.keys.node,
      el('label', { className: 'switch', htmlFor: 'away' }, away, ` ${t('away')}`),
      el('button', { type: 'button', className: 'quiet', textContent: t('signOut'), onclick: () => this.#leave() }),
    );
    this.replaceChildren(
      header,
      p.alarm.node,
      p.undo.node,
      p.banner,
      p.lines,
      p.alarm.overdue,
      p.desk,
      p.pages.node,
    );
    this.#listen();
    this.#show(this.#addressed());
  }

  /** Listens for what changes, until `#stop`. */
  #listen() {
    const p = this.#parts;
    const line = feed(
      (frame) => this.#heard(frame),
      (online) => {
        p.banner.hidden = online;
        p.banner.textContent = online ? '' : t('offline');
        if (online) {
          this.refresh();
          p.company.say();
        }
        // The program closes the line, too, where the session has ended: any call tells that.
        else call('GET', 'inboxes').catch(() => {});
      },
    );
    p.company = new Company(this.#session.agent, line.send, () => p.conversation.company(p.company.others));
    p.company.open(p.conversation.current);
    p.conversation.writes = () => p.company.writes();
    const ticking = setInterval(() => this.#draw(), 30_000);
    const seen = () => this.#seen();
    document.addEventListener('visibilitychange', seen);
    const deaf = p.keys.listen();
    this.#stop = () => {
      line.stop();
      p.company.stop();
      deaf();
      clearInterval(ticking);
      document.removeEventListener('visibilitychange', seen);
    };
    this.refresh();
  }

  async #leave() {
    this.#stop();
    await call('DELETE', 'session').catch(() => {});
    history.replaceState(null, '', '/desk');
    this.#door(null);
  }

  #say(text) {
    const p = this.#parts;
    p.banner.textContent = text;
    p.banner.hidden = false;
  }

  #heard(frame) {
    const p = this.#parts;
    if (frame.type === 'typing') return p.conversation.typing(frame.conversation);
    if (frame.type === 'digest') return p.pages.digest();
    if (frame.type === 'looking') return p.company.heard(frame);
    if (frame.type === 'mention') this.#named(frame);
    p.conversation.heard(frame);
    return this.refresh();
  }

  /** A note is for whoever sits here. */
  #named({ by, whisper, conversation }) {
    const { notices } = this.#parts;
    const text = t(whisper ? 'notifyWhisper' : 'notifyMention', { name: by });
    notices.ring('message');
    notices.notify(text, `mention ${conversation}`, () => this.#open(conversation));
    if (conversation !== this.#parts.conversation.current) this.#say(text);
  }

  /** Notes that name one, and were not seen; those of the conversation that is open are. */
  async #mentions() {
    const { conversation, pages } = this.#parts;
    const unseen = await unseenMentions();
    const here = unseen.some((m) => m.conversation === conversation.current) && !document.hidden;
    if (here) await call('POST', 'mentions/seen', { conversation: conversation.current });
    pages.count('/desk/mentions', unseen.filter((m) => !here || m.conversation !== conversation.current).length);
  }

  // ---- where one is

  #addressed() {
    return /^\/desk\/c\/([\w-]+)$/.exec(location.pathname)?.[1] ?? null;
  }

  #open(id) {
    this.#go(id ? `/desk/c/${id}` : '/desk');
  }

  #go(path) {
    if (path !== location.pathname) history.pushState(null, '', path);
    this.#show(this.#addressed());
  }

  #show(id) {
    const p = this.#parts;
    p.desk.hidden = p.pages.show(location.pathname);
    this.classList.toggle('reading', Boolean(id));
    if (id !== p.conversation.current || !id) p.conversation.show(id);
    p.company?.open(id);
    if (id) this.#mentions().catch(() => {});
    this.#draw();
  }

  /** What is shown is read, as long as somebody can see it. */
  #seen() {
    const { data } = this.#parts.conversation;
    if (data && !document.hidden) this.#parts.kept.keepRead(data.id, data.position);
    this.#draw();
  }

  #isUnread(row) {
    if (!row.last) return false;
    const read = this.#parts.kept.read(row.id);
    if (read !== undefined) return row.last.position > read;
    // Of those whom nobody here has looked at: who waits, and one's own.
    const wanted = row.why?.length > 0 || row.holder === this.#session.agent.name;
    return wanted && !row.last.answered;
  }

  // ---- what there is

  refresh() {
    if (this.#refreshing) {
      this.#again = true;
      return this.#refreshing;
    }
    this.#refreshing = (async () => {
      do {
        this.#again = false;
        await new Promise((done) => {
          setTimeout(done, TOGETHER);
        });
        await this.#look();
      } while (this.#again);
      this.#refreshing = null;
    })();
    return this.#refreshing;
  }

  async #look() {
    const supervises = this.#supervises;
    const p = this.#parts;
    try {
      const [queue, mine, lines, undelivered] = await Promise.all([
        call('GET', `queue?limit=${p.lists.wanted}`),
        call('GET', 'conversations?holder=me&limit=200'),
        call('GET', 'inboxes'),
        supervises ? call('GET', 'undelivered') : { messages: [] },
      ]);
      p.lists.refresh();
      if (!this.#session) return;
      this.#loaded = true;
      this.#queue = queue.conversations;
      this.#waiting = queue.total;
      // What is put off stands behind what is not.
      this.#mine = mine.conversations.toSorted((a, b) => Number(Boolean(a.snoozed)) - Number(Boolean(b.snoozed)));
      this.#undelivered = undelivered.messages;
      p.pages.refresh();
      this.#mentions().catch(() => {});
      this.#tell(lines.inboxes);
      this.#draw();
      this.#raise();
    } catch (error) {
      if (error.status !== 401) this.#say(error.message);
    }
  }

  // Said anew only where something changed, so that a screen reader is not interrupted again and again.
  #tell(inboxes) {
    const notices = lineNotices(inboxes, this.#supervises);
    const said = notices.map((n) => n.textContent).join('\n');
    if (this.told === said) return;
    this.told = said;
    this.#parts.lines.replaceChildren(...notices);
  }

  /** What somebody should hear of who looks elsewhere: danger, and new words of their own people. */
  #raise() {
    const p = this.#parts;
    for (const row of p.alarm.update(this.#queue, this.#supervises)) {
      p.notices.ring('danger');
      p.notices.notify(t('notifyDanger', { name: called(row.name) }), `danger ${row.id}`, () => this.#open(row.id));
    }
    const before = this.#heardUpTo;
    this.#heardUpTo = new Map(this.#mine.map((row) => [row.id, row.last?.position ?? 0]));
    this.#back();
    if (!before) return;
    for (const row of this.#mine) {
      const known = before.has(row.id);
      const news = !known || (row.last?.position ?? 0) > before.get(row.id);
      if (!news || (row.id === p.conversation.current && !document.hidden)) continue;
      p.notices.ring(row.red_flag ? 'danger' : 'message');
      const text = t(known ? 'notifyMessage' : 'notifyGiven', { name: called(row.contact.name) });
      p.notices.notify(text, `message ${row.id}`, () => this.#open(row.id));
    }
  }

  /** Whoever was put off and is back, though they have not written. */
  #back() {
    const before = this.#snoozed;
    this.#snoozed = new Set(this.#mine.filter((row) => row.snoozed?.until).map((row) => row.id));
    for (const row of this.#mine) {
      if (!before.has(row.id) || row.snoozed) continue;
      this.#parts.notices.ring('message');
      this.#parts.notices.notify(t('notifyBack', { name: called(row.contact.name) }), `back ${row.id}`, () =>
        this.#open(row.id),
      );
    }
  }

  #draw() {
    const p = this.#parts;
    if (!this.#session || !this.#loaded) return;
    const isUnread = (row) => this.#isUnread(row);
    p.lists.update(
      { queue: this.#queue, mine: this.#mine, undelivered: this.#undelivered, waiting: this.#waiting },
      p.conversation.current,
      isUnread,
    );
    const wanted = this.#waiting + this.#mine.filter(isUnread).length;
    document.title = `${wanted ? `(${wanted}) ` : ''}${t('desk')} · ${this.#session.organisation}`;
    p.undo.update(this.#deferred());
  }

  /** What can be taken back: of one's own conversations, and of the one that is open. */
  #deferred() {
    const { data } = this.#parts.conversation;
    const all = new Map(
      this.#mine.map((row) => [row.id, { id: row.id, name: row.contact.name, deferred: row.deferred }]),
    );
    if (data) all.set(data.id, { id: data.id, name: data.contact.name, deferred: data.deferred });
    return [...all.values()].filter((row) => row.deferred);
  }
}

customElements.define('nohold-desk', NoholdDesk);
