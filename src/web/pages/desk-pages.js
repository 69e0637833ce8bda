// The pages beside the conversations: who may see which, the links to them, and which one is shown.

import { call } from './desk-api.js';
import { Case } from './desk-case.js';
import { ComplaintReport } from './desk-complaint-report.js';
import { Complaints } from './desk-complaints.js';
import { el } from './desk-dom.js';
import { DrillRun } from './desk-drill.js';
import { Mentions } from './desk-mentions.js';
import { Practice } from './desk-practice.js';
import { Reports } from './desk-reports.js';
import { Settings } from './desk-settings.js';
import { Staffing } from './desk-staffing.js';
import { Team } from './desk-team.js';
import { t } from './desk-words.js';

const supervises = (agent) => agent.role !== 'agent';
const PAGES = [
  { path: '/desk/complaints', title: 'complaints', may: () => true, make: (tell) => new Complaints(tell) },
  { path: '/desk/reports', title: 'reports', may: supervises, make: () => new Reports() },
  { path: '/desk/practice', title: 'practice', may: () => true, make: (tell) => new Practice(tell) },
  { path: '/desk/staffing', title: 'staffing', may: supervises, make: () => new Staffing() },
  { path: '/desk/team', title: 'team', may: supervises, make: (tell) => new Team(tell) },
  { path: '/desk/mentions', title: 'mentions', may: () => true, make: (tell) => new Mentions(tell) },
  { path: '/desk/settings', title: 'settings', may: () => true, make: (tell) => new Settings(tell) },
];
/** Pages that no link of their own leads to. */
const BEHIND = [
  {
    pattern: /^\/desk\/practice\/(\w+)$/,
    under: '/desk/practice',
    may: () => true,
    make: (tell, [, run]) => new DrillRun(tell, run),
  },
  { pattern: /^\/desk\/complaints\/report$/, under: '/desk/complaints', may: supervises, make: () => new ComplaintReport() },
  {
    pattern: /^\/desk\/complaints\/(NH-[\w-]+)$/,
    under: '/desk/complaints',
    may: () => true,
    make: (tell, [, reference]) => new Case(tell, reference),
  },
];

export class Pages {
  #tell;
  #page = null;
  #path = null;

  /** `tell` has `agent`, `kept`, `go(path)` and `open(id)`. */
  constructor(tell) {
    this.#tell = tell;
    this.node = el('main', { className: 'page', hidden: true });
    const link = (path, title) =>
      el('a', {
        href: path,
        textContent: t(title),
        onclick: (event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          tell.go(path);
        },
      });
    this.links = [
      link('/desk', 'conversations'),
      ...PAGES.filter((page) => page.may(tell.agent)).map((page) => link(page.path, page.title)),
    ];
    this.clocks = link('/desk/complaints', 'complaints');
    this.clocks.className = 'digest';
    this.clocks.hidden = true;
    this.nav = el('nav', { className: 'pages', ariaLabel: t('pages') }, ...this.links, this.clocks);
    this.digest();
  }

  /** How many clocks of complaints run out, as the day's digest has it: for supervisors, wherever they are. */
  async digest() {
    if (!supervises(this.#tell.agent)) return;
    const { day, due, overdue } = await call('GET', 'complaints/digest').catch(() => ({}));
    if (day) this.clocks.textContent = t('digest', { due, overdue });
    this.clocks.hidden = !due && !overdue;
  }

  /** Shows the page of that path; whether there is one that one may see. */
  show(path) {
    const may = (page) => page.may(this.#tell.agent);
    const found =
      PAGES.find((page) => page.path === path && may(page)) ??
      BEHIND.find((page) => page.pattern.test(path) && may(page));
    for (const link of this.links) {
      const here = link.pathname === (found?.path ?? found?.under ?? '/desk');
      if (here) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    this.node.hidden = !found;
    if (!found) {
      this.#page = null;
      this.#path = null;
      this.node.replaceChildren();
      return false;
    }
    if (this.#path !== path) {
      this.#path = path;
      this.#page = found.make(this.#tell, found.pattern?.exec(path));
      this.node.replaceChildren(this.#page.node);
      this.node.querySelector('h2')?.focus();
    }
    return true;
  }

  /** How much is new on a page, beside the link to it. */
  count(path, number) {
    const link = this.links.find((l) => l.pathname === path);
    const { title } = PAGES.find((page) => page.path === path);
    const text = number ? `${t(title)} (${number})` : t(title);
    if (link.textContent !== text) link.textContent = text;
  }

  /** Something changed at the desk. */
  refresh() {
    this.#page?.refresh?.();
  }
}
