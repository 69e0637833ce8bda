// The team, for those who look after it: who waits and for how long, who is at work with how much, and whom they
// have; for administrators the accounts.

import { Accounts } from './desk-accounts.js';
import { call } from './desk-api.js';
import { clock, waited } from './desk-dates.js';
import { el, patch } from './desk-dom.js';
import { calledWith, t } from './desk-words.js';
import { WorkForm } from './desk-work.js';

/** The state of a colleague, in words. */
const state = (a) => {
  if (a.disabled) return t('isDisabled');
  if (!a.joined) return t('notJoined');
  if (a.away) return t('isAway');
  if (a.present) return t('there');
  return a.seen ? t('lastThere', { when: clock(a.seen) }) : t('neverThere');
};

/** Who waits, by team: how many, since when the first, and how many past the target. */
const byTeam = (queue) => {
  const teams = new Map();
  for (const row of queue) {
    const team = teams.get(row.team) ?? { team: row.team, number: 0, overdue: 0, danger: 0, since: row.since };
    team.number += 1;
    if (row.why.includes('overdue')) team.overdue += 1;
    if (row.red_flag) team.danger += 1;
    if (row.since < team.since) team.since = row.since;
    teams.set(row.team, team);
  }
  return [...teams.values()].sort((a, b) => b.danger - a.danger || a.since.localeCompare(b.since));
};

const table = (caption, heads) => {
  const body = el('tbody');
  const node = el(
    'table',
    {},
    el('caption', { className: 'visually-hidden', textContent: caption }),
    el('thead', {}, el('tr', {}, ...heads.map((head) => el('th', { scope: 'col', textContent: head })))),
    body,
  );
  return { node, body };
};

const row = (cells, late) =>
  el('tr', { className: late ? 'late' : '' }, ...cells.map((cell, at) => (at === 0 ? el('th', { scope: 'row' }, cell) : el('td', {}, cell))));

export class Team {
  #tell;
  #opened = new Map();

  constructor(tell) {
    this.#tell = tell;
    this.waiting = table(t('waiting'), [t('teamName'), t('waiting'), t('longest'), t('pastTarget')]);
    this.nobody = el('p', { className: 'soft', textContent: t('nobodyWaits') });
    this.work = el('ul', { className: 'colleagues' });
    this.error = el('p', { className: 'error', role: 'alert' });
    this.accounts = tell.agent.role === 'admin' ? new Accounts(() => this.refresh()) : null;
    this.node = el(
      'div',
      { className: 'page-body' },
      el('h2', { tabIndex: -1, textContent: t('team') }),
      this.error,
      el('h3', { textContent: t('waiting') }),
      el(
        'div',
        { className: 'table-frame', tabIndex: 0, role: 'group', ariaLabel: t('waiting') },
        this.waiting.node,
      ),
      this.nobody,
      el('h3', { textContent: t('atWork') }),
      this.work,
      this.accounts?.node,
    );
    this.refresh();
  }

  async refresh() {
    let teams;
    let agents;
    try {
      const [queue, team] = await Promise.all([call('GET', 'queue'), call('GET', 'agents')]);
      teams = byTeam(queue.conversations);
      ({ agents } = team);
      this.error.textContent = '';
    } catch (error) {
      if (error.status !== 401) this.error.textContent = error.message;
      return;
    }
    this.waiting.node.hidden = teams.length === 0;
    this.nobody.hidden = teams.length > 0;
    patch(
      this.waiting.body,
      teams,
      (team) => team.team,
      (team) => JSON.stringify([team, waited(team.since)]),
      (team) => row([team.team, String(team.number), waited(team.since), String(team.overdue)], team.overdue > 0),
    );
    this.#colleagues(agents.filter((a) => !a.disabled));
    this.accounts?.fill(agents);
  }

  #colleagues(agents) {
    agents.sort((a, b) => b.present - a.present || b.conversations - a.conversations || a.name.localeCompare(b.name));
    patch(
      this.work,
      agents,
      (a) => a.id,
      () => '',
      (a) => this.#colleague(a),
    );
    agents.forEach((a, at) => {
      const parts = this.work.children[at].parts;
      parts.state.textContent = state(a);
      parts.state.className = `tag${a.present ? ' good' : ''}`;
      const load = t(a.conversations === 1 ? 'holdsOne' : a.conversations ? 'holdsMany' : 'holdsNone', {
        number: a.conversations,
      });
      parts.load.textContent = a.capacity ? `${load} ${t('ofCapacity', { number: a.capacity })}` : load;
      parts.work.fill(a);
      if (parts.details.open) this.#look(a.id, parts.list);
    });
  }

  #colleague(agent) {
    const state = el('span', { className: 'tag' });
    const load = el('span', { className: 'soft' });
    const list = el('ul', { className: 'theirs' });
    const work = new WorkForm(agent, () => this.refresh());
    const details = el(
      'details',
      { ontoggle: () => details.open && this.#look(agent.id, list) },
      el('summary', {}, el('strong', { dir: 'auto', textContent: agent.name }), ' ', state, ' ', load),
      list,
      work.node,
    );
    const node = el('li', {}, details);
    node.parts = { state, load, list, details, work };
    return node;
  }

  /** Whom a colleague has: each leads to the conversation, where a supervisor can take over. */
  async #look(id, list) {
    const asked = Symbol('asked');
    this.#opened.set(id, asked);
    try {
      const { conversations } = await call('GET', `conversations?holder=${id}&limit=200`);
      if (this.#opened.get(id) !== asked) return;
      patch(
        list,
        conversations,
        (c) => c.id,
        (c) => JSON.stringify([c.contact.name, c.last, c.red_flag, c.snoozed]),
        (c) => this.#held(c),
      );
    } catch (error) {
      if (error.status !== 401) this.error.textContent = error.message;
    }
  }

  #held(c) {
    // What they wrote before a person was awaited was answered by the assistant.
    const since = c.last && (c.last.unanswered_since ?? c.since ?? c.last.at);
    const unanswered = c.last && !c.last.answered ? t('unansweredSince', { when: clock(since) }) : '';
    return el(
      'li',
      {},
      el('button', {
        type: 'button',
        className: 'summary-link',
        dir: 'auto',
        textContent: calledWith(c.contact.name, c.contact.relation),
        onclick: () => this.#tell.open(c.id),
      }),
      ' ',
      el('span', {
        className: c.red_flag ? 'tag danger' : 'soft',
        textContent: [c.red_flag_title, unanswered].filter(Boolean).join(' · '),
      }),
    );
  }
}
