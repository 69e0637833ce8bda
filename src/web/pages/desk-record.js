// The complaint's record beside the conversation: what stands in it, and what a person puts right. Nothing is
// written before it is saved.

import { call } from './desk-api.js';
import { fullDate, left } from './desk-dates.js';
import { el } from './desk-dom.js';
import { history } from './desk-history.js';
import { FAR, recordForm } from './desk-record-form.js';
import { named, t } from './desk-words.js';

const line = (label, value) =>
  value ? [el('dt', { textContent: label }), el('dd', { dir: 'auto', textContent: value })] : [];

/** The days, where they are known. */
const days = (from, to) => from && `(${to && to !== from ? `${from} – ${to}` : from})`;

/** A way to be reached; a conversation with us is named by its inbox. */
const reached = (way) => {
  if (way.kind === 'conversation') return t('ourChat', { text: way.note });
  return way.note ? `${way.value} (${way.note})` : way.value;
};

/** A clock of the law: until when, how long that is, whether it was kept. */
const deadline = (d) => {
  const name = t(`clock_${d.name}`);
  const text = t('due', { name: name === `clock_${d.name}` ? named(d.name) : name, when: fullDate(d.due_at) });
  const time = d.met_at ? { late: false, text: t('doneOn', { when: fullDate(d.met_at) }) } : left(d.due_at);
  return el(
    'li',
    { className: time.late ? 'late' : '' },
    `${text} · `,
    el('strong', { textContent: time.text }),
    el('span', { className: 'soft', textContent: ` · ${d.source}` }),
  );
};

/** Writes what was put right. A status that goes back is a correction, which needs a reason. */
const saved = async (complaint, patch) => {
  const { status, ...rest } = patch;
  const path = `complaints/${complaint.reference}`;
  if (!status || FAR[status] >= FAR[complaint.status]) return call('PATCH', path, patch);
  const corrected = await call('POST', `${path}/correct`, { to: status, why: patch.why });
  return Object.keys(rest).some((key) => key !== 'why') ? call('PATCH', path, rest) : corrected;
};

export class Record {
  #complaint = null;
  #editing = false;
  #saved;

  /** `saved` is called after a change was written. */
  constructor(saved) {
    this.#saved = saved;
    this.node = el('section', { className: 'record' });
    this.said = el('p', { className: 'soft', role: 'status' });
  }

  /** The record as it is now. A form that somebody is filling in stays as it is. */
  fill(complaint) {
    const same = JSON.stringify(complaint) === JSON.stringify(this.#complaint);
    this.#complaint = complaint;
    if (!complaint) this.node.replaceChildren();
    else if (!this.#editing && !same) this.#show();
  }

  #show() {
    const c = this.#complaint;
    const focused = this.node.contains(document.activeElement);
    const person = (p) => [p?.role, p?.name].filter(Boolean).join(' ');
    const by = c.classification.by === 'machine' ? t('proposed') : t('confirmed');
    const edit = el('button', { type: 'button', textContent: t('edit'), onclick: () => this.#edit() });
    const problems = c.classification.problems;
    this.node.replaceChildren(
      el('div', { className: 'record-head' }, el('h3', { textContent: t('complaint', { text: c.reference }) }), edit),
      el(
        'p',
        { className: 'signals' },
        el('span', {
          className: `tag${c.complete ? '' : ' warn'}`,
          textContent: c.complete ? t('complete') : t('incomplete'),
        }),
        c.safeguarding ? el('span', { className: 'tag danger', textContent: t('safeguarding') }) : '',
        c.complainant.anonymous ? el('span', { className: 'tag', textContent: t('anonymous') }) : '',
        c.complainant.vulnerable ? el('span', { className: 'tag warn', textContent: t('moreHelp') }) : '',
      ),
      this.said,
      el(
        'dl',
        { className: 'facts' },
        line(t('status'), named(c.status)),
        line(t('whoComplains'), [c.complainant.name, named(c.complainant.relation)].filter(Boolean).join(', ')),
        line(t('reachBy'), c.complainant.contact.map(reached).join(', ')),
        line(
          t('happenedTo'),
          c.affected_person ? [c.affected_person.name, c.affected_person.relation].filter(Boolean).join(', ') : '',
        ),
        line(t('authority'), c.complainant.authority),
        line(t('consent'), c.affected_person ? named(c.complainant.consent) : ''),
        line(t('about'), c.subjects.map(person).join('; ')),
        line(
          t('whenHappened'),
          [c.incident.when_text, days(c.incident.from, c.incident.to)].filter(Boolean).join(' '),
        ),
        line(t('where'), c.incident.where),
        line(t('wants'), c.desired_outcome),
        problems.length > 1
          ? [
              el('dt', { textContent: t('problems') }),
              el(
                'dd',
                {},
                el(
                  'ul',
                  { className: 'problems' },
                  ...problems.map((p) =>
                    el(
                      'li',
                      {},
                      el('strong', { textContent: named(p.category) }),
                      ' ',
                      el('q', { dir: 'auto', textContent: p.words }),
                    ),
                  ),
                ),
              ),
            ]
          : [],
        line(`${t('category')} (${by})`, c.classification.category ? named(c.classification.category) : ''),
        line(t('severity'), String(c.classification.severity)),
        line(t('priority'), named(c.priority)),
      ),
      el('h4', { textContent: t('deadlines') }),
      el('ul', { className: 'deadlines' }, ...c.deadlines.map(deadline)),
      history(c.reference),
    );
    if (focused) edit.focus();
  }

  #edit() {
    this.#editing = true;
    this.said.textContent = '';
    const c = this.#complaint;
    const leave = () => {
      this.#editing = false;
      this.#show();
      this.node.querySelector('button').focus();
    };
    const form = recordForm(c, {
      leave,
      save: async (patch) => {
        this.#complaint = await saved(c, patch);
        this.said.textContent = t('saved');
        leave();
        this.#saved();
      },
    });
    this.node.replaceChildren(el('h3', { textContent: t('complaint', { text: c.reference }) }), form);
    form.querySelector('select, input, textarea').focus();
  }
}
