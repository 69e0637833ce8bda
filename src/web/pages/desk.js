// The desk: sign in, see who waits, take a conversation, answer.

import { call, feed } from './desk-api.js';
import { el, waited, words } from './desk-dom.js';
import { lineNotices, undeliveredRow } from './desk-lines.js';
import './desk-conversation.js';

const WHY = {
  danger: (v, row) => `Danger: ${row.red_flag_title}`,
  priority: (v) => (v === 'routine' ? null : `Priority: ${words(v)}`),
  distress: (v) => `Feels ${words(v)}`,
  overdue: () => 'Waited past the target',
  callback: () => 'Wants a call back',
  later: () => 'Will read the answer later',
  reason: (v, row) => row.reason_title,
};

class NoholdDesk extends HTMLElement {
  #session = null;
  #stopFeed = null;
  #queue = [];
  #mine = [];
  #undelivered = [];
  #tab = 'queue';
  #parts = {};
  #refreshing = null;
  #alerted = new Set();

  async connectedCallback() {
    const setup = new URLSearchParams(location.hash.slice(1)).get('setup');
    this.replaceChildren(el('p', { className: 'loading', textContent: 'One moment…' }));
    if (setup) return this.#showDoor(setup);
    try {
      this.#enter(await call('GET', 'session'));
    } catch (error) {
      this.#showDoor(null, error.status === 401 ? null : error.message);
    }
  }

  #showDoor(setup, message) {
    const name = el('input', { name: 'name', autocomplete: 'username', required: true, maxLength: 200, id: 'door-name' });
    const password = el('input', { name: 'password', type: 'password', autocomplete: setup ? 'new-password' : 'current-password', required: true, minLength: setup ? 10 : 1, id: 'door-password' });
    const error = el('p', { className: 'error', role: 'alert', textContent: message ?? '' });
    const button = el('button', { type: 'submit', className: 'primary', textContent: setup ? 'Set up and sign in' : 'Sign in' });
    const form = el('form', {
      className: 'door',
      onsubmit: async (event) => {
        event.preventDefault();
        button.disabled = true;
        error.textContent = '';
        const body = { name: name.value, password: password.value };
        try {
          const session = setup ? await call('POST', 'setup', { ...body, token: setup }) : await call('POST', 'session', body);
          history.replaceState(null, '', '/desk');
          this.#enter(session);
        } catch (e) {
          error.textContent = e.status === 401 ? 'Name or password is wrong.' : e.message;
          button.disabled = false;
          password.select();
        }
      },
    },
    el('h1', { textContent: setup ? 'The first administrator' : 'Desk' }),
    setup ? el('p', { className: 'soft', textContent: 'This link works once. Choose your full name (people who write see the first name) and a password of at least 10 characters.' }) : null,
    el('label', { htmlFor: 'door-name', textContent: setup ? 'Your name' : 'Name' }), name,
    el('label', { htmlFor: 'door-password', textContent: 'Password' }), password, error, button);
    this.replaceChildren(el('main', { className: 'centre' }, form));
    name.focus();
  }

  #enter(session) {
    this.#session = session;
    document.title = `Desk · ${session.organisation}`;
    const p = this.#parts;
    p.banner = el('p', { className: 'banner', role: 'status', hidden: true });
    p.lines = el('div', { role: 'status' });
    p.alerts = el('div', { className: 'alerts', role: 'alert' });
    p.tabs = el('div', { className: 'tabs', role: 'tablist', ariaLabel: 'Conversations' },
      this.#tabButton('queue', 'Waiting'), this.#tabButton('mine', 'Mine'), this.#supervises() ? this.#tabButton('undelivered', 'Not delivered') : null);
    p.list = el('ul', { className: 'list' });
    p.listPanel = el('div', { className: 'list-panel', id: 'list', role: 'tabpanel' }, p.list);
    p.away = el('input', { type: 'checkbox', id: 'away', checked: session.agent.away, onchange: () => call('PUT', 'session/away', { away: p.away.checked }).catch((e) => this.#say(e.message)) });
    p.conversation = el('nohold-conversation');
    p.conversation.me = session.agent;
    p.conversation.addEventListener('changed', () => this.#refresh());
    p.conversation.addEventListener('back', () => this.#open(null));
    p.conversation.addEventListener('open', (event) => this.#open(event.detail));
    const header = el('header', { className: 'top' },
      el('h1', { className: 'brand', textContent: session.organisation }),
      el('span', { className: 'soft', textContent: `${session.agent.name} · ${session.agent.role}` }),
      el('label', { className: 'away', htmlFor: 'away' }, p.away, ' Away'),
      el('button', { type: 'button', className: 'quiet', textContent: 'Sign out', onclick: () => this.#leave() }));
    p.side = el('nav', { className: 'side', ariaLabel: 'Conversations' }, p.tabs, p.listPanel);
    this.replaceChildren(header, p.banner, p.lines, p.alerts, el('main', { className: 'desk' }, p.side, p.conversation));
    this.#stopFeed = feed((frame) => this.#heard(frame), (online) => {
      p.banner.hidden = online;
      p.banner.textContent = online ? '' : 'No connection to the program. It is tried again; nothing is lost.';
      if (online) this.#refresh();
    });
    this.#refresh();
    this.ticking = setInterval(() => this.#draw(), 30_000);
  }

  #tabButton(name, title) {
    return el('button', {
      type: 'button', role: 'tab', id: `tab-${name}`, 'aria-selected': String(this.#tab === name), 'aria-controls': 'list', textContent: title,
      onclick: () => { this.#tab = name; this.#draw(); },
    });
  }

  async #leave() {
    this.#stopFeed?.();
    clearInterval(this.ticking);
    await call('DELETE', 'session').catch(() => {});
    this.#showDoor(null);
  }

  #say(text) {
    const p = this.#parts;
    p.banner.textContent = text;
    p.banner.hidden = false;
  }

  #heard(frame) {
    const p = this.#parts;
    if (frame.type === 'typing') return p.conversation.typing(frame.conversation);
    p.conversation.heard(frame);
    return this.#refresh();
  }

  #supervises() {
    return this.#session.agent.role !== 'agent';
  }

  // What supervisors must see stands in the queue, so a line that was down for a moment hides nothing from them.
  #raise() {
    if (!this.#supervises()) return;
    for (const row of this.#queue) {
      if (row.red_flag) this.#alert(row.id, `danger ${row.red_flag}`, `Danger (${row.red_flag_title}): someone needs a person now.`);
      else if (row.why.includes('overdue')) this.#alert(row.id, 'overdue', `Someone has waited ${waited(row.since)}, past the target.`);
    }
    // Taken over meanwhile: nothing to be alarmed about any more.
    for (const node of [...this.#parts.alerts.children]) {
      if (!this.#queue.some((row) => row.id === node.dataset.id)) node.remove();
    }
  }

  #alert(conversation, reason, text) {
    const key = `${conversation} ${reason}`;
    if (this.#alerted.has(key)) return;
    this.#alerted.add(key);
    const node = el('div', { className: 'alert' }, el('span', { textContent: text }),
      el('button', { type: 'button', textContent: 'Open', onclick: () => { node.remove(); this.#open(conversation); } }),
      el('button', { type: 'button', className: 'quiet', ariaLabel: 'Dismiss', textContent: '✕', onclick: () => node.remove() }));
    node.dataset.id = conversation;
    this.#parts.alerts.prepend(node);
    while (this.#parts.alerts.children.length > 3) this.#parts.alerts.lastChild.remove();
  }

  // Many changes at once are one look.
  #refresh() {
    this.#refreshing ??= (async () => {
      await new Promise((done) => { setTimeout(done, 60); });
      this.#refreshing = null;
      try {
        const [queue, mine, lines, undelivered] = await Promise.all([
          call('GET', 'queue'), call('GET', 'conversations?of=mine'), call('GET', 'inboxes'), this.#supervises() ? call('GET', 'undelivered') : { messages: [] }]);
        this.#queue = queue.conversations;
        this.#mine = mine.conversations;
        this.#undelivered = undelivered.messages;
        this.#tell(lines.inboxes);
        this.#draw();
        this.#raise();
      } catch (error) {
        if (error.status === 401) this.#showDoor(null, 'Your session has ended. Please sign in again.');
        else this.#say(error.message);
      }
    })();
    return this.#refreshing;
  }

  // Said anew only where something changed, so that a screen reader is not interrupted again and again.
  #tell(inboxes) {
    const notices = lineNotices(inboxes, this.#supervises());
    const said = notices.map((n) => n.textContent).join('\n');
    if (this.told === said) return;
    this.told = said;
    this.#parts.lines.replaceChildren(...notices);
  }

  #open(id) {
    this.#parts.conversation.show(id);
    this.classList.toggle('reading', Boolean(id));
    this.#draw();
  }

  #draw() {
    const p = this.#parts;
    const lists = { queue: this.#queue, mine: this.#mine, undelivered: this.#undelivered };
    const titles = { queue: 'Waiting', mine: 'Mine', undelivered: 'Not delivered' };
    const rows = lists[this.#tab];
    for (const [name, list] of Object.entries(lists)) {
      const tab = p.tabs.querySelector(`#tab-${name}`);
      if (!tab) continue;
      const title = titles[name];
      tab.textContent = `${title} (${list.length})`;
      tab.setAttribute('aria-selected', String(this.#tab === name));
    }
    p.listPanel.setAttribute('aria-labelledby', `tab-${this.#tab}`);
    document.title = `${this.#queue.length ? `(${this.#queue.length}) ` : ''}Desk · ${this.#session.organisation}`;
    const focused = p.list.contains(document.activeElement) ? document.activeElement.dataset.id : null;
    p.list.replaceChildren(...rows.map((row) => (this.#tab === 'undelivered' ? undeliveredRow(row, (id) => this.#open(id), () => this.#refresh()) : this.#row(row))));
    const nothing = { queue: 'Nobody is waiting.', mine: 'You have no conversation. Take one from those who wait.', undelivered: 'Everything has been delivered.' };
    if (rows.length === 0) p.list.append(el('li', { className: 'nothing', textContent: nothing[this.#tab] }));
    if (focused) p.list.querySelector(`[data-id="${focused}"]`)?.focus();
  }

  #row(row) {
    const name = row.name ?? row.contact?.name ?? 'Somebody';
    const reasons = (row.why ?? []).filter((why) => !(row.red_flag && why.startsWith('reason:'))).map((why) => { const [key, value] = why.split(':'); return WHY[key]?.(value, row); }).filter(Boolean);
    const current = this.#parts.conversation.current === row.id;
    const button = el('button', {
      type: 'button', className: `row${row.red_flag ? ' danger' : ''}`, 'aria-current': current ? 'true' : null, onclick: () => this.#open(row.id),
    },
    el('span', { className: 'row-name', dir: 'auto', textContent: name }),
    row.since ? el('span', { className: 'row-wait', textContent: waited(row.since) }) : null,
    el('span', { className: 'row-why', textContent: reasons.length ? reasons.join(' · ') : words(row.status ?? '') }),
    row.complaint ? el('span', { className: 'row-ref', textContent: row.complaint }) : null);
    button.dataset.id = row.id;
    return el('li', {}, button);
  }
}

customElements.define('nohold-desk', NoholdDesk);
