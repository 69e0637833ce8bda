// The desk: sign in, see who waits, take a conversation, answer. The parts stand in modules of their own; here they
// are put together.

import { Alarm } from './desk-alarm.js';
import { call, feed, whenSessionEnds } from './desk-api.js';
import { Company } from './desk-company.js';
import { Contingency } from './desk-contingency.js';
import './desk-conversation.js';
import { door, doorOver } from './desk-door.js';
import { el } from './desk-dom.js';
import { Header } from './desk-header.js';
import { Heard } from './desk-heard.js';
import { Kept } from './desk-kept.js';
import { Keys } from './desk-keys.js';
import { lineNotices } from './desk-lines.js';
import { Lists } from './desk-list.js';
import { unseenMentions } from './desk-mentions.js';
import { Notices } from './desk-notices.js';
import { Pages } from './desk-pages.js';
import { shortcuts } from './desk-shortcuts.js';
import { Told } from './desk-told.js';
import { UndoBar } from './desk-undo.js';
import { LANGUAGE, t } from './desk-words.js';

/** Many changes within so many milliseconds are one look. */
const TOGETHER = 60;

/** What is kept of a handing over that was seen. */
const handed = (row) => `${row.id} handed ${row.handed.at}`;
/** Danger first; what is put off stands behind what is not. */
const placeOfMine = (row) => (row.red_flag ? 0 : row.snoozed ? 2 : 1);

class NoholdDesk extends HTMLElement {
  #session = null;
  #stop = () => {};
  #queue = [];
  #endangered = [];
  #waiting = 0;
  #mine = [];
  #undelivered = [];
  #loaded = false;
  #refreshing = null;
  #again = false;
  #called = null;
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
    p.contingency = new Contingency(
      this.#supervises,
      (text) => this.#say(text),
      () => this.refresh(),
    );
    p.conversation = el('nohold-conversation');
    p.conversation.me = session.agent;
    p.conversation.kept = p.kept;
    p.conversation.addEventListener('changed', () => this.refresh());
    p.conversation.addEventListener('read', () => this.#seen());
    p.conversation.addEventListener('back', () => this.#open(null));
    p.conversation.addEventListener('open', (event) => this.#open(event.detail));
    p.desk = el('main', { className: 'desk' }, p.lists.node, p.conversation);
    p.told = new Told((id) => this.#open(id), p.undo.node);
    p.heard = new Heard({
      alarm: p.alarm,
      notices: p.notices,
      told: p.told,
      open: (id) => this.#open(id),
      current: () => (document.hidden ? null : p.conversation.current),
      inSight: (id) => !document.hidden && p.lists.inSight(id),
    });
    p.header = new Header(session, p, { leave: () => this.#leave(), say: (text) => this.#say(text) });
    this.replaceChildren(
      p.header.node,
      p.alarm.node,
      p.banner,
      p.lines,
      p.contingency.node,
      p.alarm.overdue,
      p.desk,
      p.pages.node,
      p.told.node,
    );
    this.#listen();
    this.#show(this.#addressed());
    // Whoever has signed in finds the focus where their work is.
    if (!this.contains(document.activeElement)) p.lists.focus();
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
    if (frame.type === 'called_in') this.#calledIn(frame.rung);
    if (frame.type === 'alert') p.heard.alerted(frame.conversation, frame.alert.alert);
    p.conversation.heard(frame);
    return this.refresh();
  }

  /** The ladder of contingencies calls in whoever sits here. */
  async #calledIn(name) {
    const { ladder } = await call('GET', 'contingency').catch(() => ({ ladder: [] }));
    const rung = ladder.find((one) => one.rung === name);
    this.#called = name;
    this.#say(t('ladderCalled', { text: rung?.about ?? name }));
  }

  /** A note is for whoever sits here: by whom, and in whose conversation. */
  async #named(frame) {
    const known = [...this.#mine, ...this.#queue].find((row) => row.id === frame.conversation);
    const whole = known ?? (await call('GET', `conversations/${frame.conversation}`).catch(() => null));
    this.#parts.heard.named(frame, whole?.contact?.name ?? whole?.name);
  }

  /** Notes that name one, and were not seen; those of the conversation that is open are. */
  async #mentions() {
    const { conversation, pages } = this.#parts;
    const unseen = await unseenMentions();
    const here = unseen.some((m) => m.conversation === conversation.current) && !document.hidden;
    if (here) await call('POST', 'mentions/seen', { conversation: conversation.current });
    const news = unseen.filter((m) => !here || m.conversation !== conversation.current).length;
    pages.count('/desk/mentions', news);
    this.#parts.header.news(news);
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
    const left = p.conversation.current;
    if (id !== left || !id) p.conversation.show(id);
    if (!id && left && !this.contains(document.activeElement)) p.lists.focus(left);
    p.company?.open(id);
    if (id) p.told.forget(id);
    if (id) this.#mentions().catch(() => {});
    this.#draw();
  }

  /** What is shown is read, as long as somebody can see it. */
  #seen() {
    const { data } = this.#parts.conversation;
    if (data && !document.hidden) this.#parts.kept.keepRead(data.id, data.position);
    if (data?.handed && !document.hidden) this.#parts.kept.keepRead(handed(data), 1);
    this.#draw();
  }

  #isUnread(row) {
    const mine = row.holder === this.#session.agent.name;
    if (mine && row.handed && this.#parts.kept.read(handed(row)) === undefined) return true;
    if (!row.last) return false;
    const read = this.#parts.kept.read(row.id);
    if (read !== undefined) return row.last.position > read;
    // Of those whom nobody here has looked at: who waits, and one's own.
    const wanted = row.why?.length > 0 || mine;
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
      const [queue, mine, lines, undelivered, ladder] = await Promise.all([
        call('GET', `queue?limit=${p.lists.wanted}`),
        call('GET', 'conversations?holder=me&limit=200'),
        call('GET', 'inboxes'),
        supervises ? call('GET', 'undelivered') : { messages: [] },
        call('GET', 'contingency'),
      ]);
      p.lists.refresh();
      if (!this.#session) return;
      this.#loaded = true;
      this.#queue = queue.conversations;
      this.#waiting = queue.total;
      this.#endangered = queue.endangered;
      this.#mine = mine.conversations.toSorted((a, b) => placeOfMine(a) - placeOfMine(b));
      this.#undelivered = undelivered.messages;
      p.pages.refresh();
      this.#mentions().catch(() => {});
      this.#tell(lines.inboxes);
      p.contingency.update(ladder);
      if (this.#called && !ladder.holding.includes(this.#called)) {
        this.#called = null;
        p.banner.hidden = true;
      }
      this.#draw();
      p.heard.look({ queue: this.#queue, endangered: this.#endangered, mine: this.#mine }, supervises);
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
