// What became of a record: who changed what, when and why. It is looked up when somebody opens it.

import { call } from './desk-api.js';
import { fullDate } from './desk-dates.js';
import { el } from './desk-dom.js';
import { named, t } from './desk-words.js';

/** What the fields are called that have a name on the page. */
const TITLES = {
  status: 'status',
  priority: 'priority',
  'complainant.name': 'complainantName',
  'complainant.relation': 'relation',
  'complainant.contact': 'reachBy',
  'complainant.authority': 'authority',
  'complainant.consent': 'consent',
  'complainant.anonymous': 'anonymous',
  'complainant.vulnerable': 'moreHelp',
  affected_person: 'happenedTo',
  'affected_person.name': 'happenedTo',
  'affected_person.relation': 'theirRelation',
  subjects: 'about',
  'incident.narrative': 'theirWords',
  'incident.when_text': 'whenHappened',
  'incident.from': 'firstDay',
  'incident.to': 'lastDay',
  'incident.where': 'where',
  'classification.category': 'category',
  'classification.severity': 'severity',
  desired_outcome: 'wants',
  safeguarding: 'safeguarding',
  complete: 'complete',
  deadlines: 'deadlines',
};

const worded = (value) => {
  if (value === null || value === undefined || value === '') return t('nothingThere');
  if (value === true) return t('yes');
  if (value === false) return t('no');
  if (Array.isArray(value)) return value.map(worded).join('; ') || t('nothingThere');
  if (typeof value === 'object')
    return Object.entries(value)
      .filter(([key, v]) => v && !['kind', 'source', 'due_at'].includes(key))
      .map(([, v]) => (/^\d{4}-\d\d-\d\dT/.test(v) ? fullDate(v) : named(v)))
      .join(', ');
  return named(value);
};

const field = (f) =>
  el(
    'li',
    { dir: 'auto' },
    el('strong', { textContent: t(TITLES[f.field] ?? f.field) }),
    ': ',
    f.from === null ? '' : el('del', { textContent: worded(f.from) }),
    f.from === null ? '' : ' → ',
    el('ins', { textContent: worded(f.to) }),
  );

const change = (c) =>
  el(
    'li',
    {},
    el('p', {
      className: 'soft',
      textContent: [fullDate(c.at), c.by === 'complainant' ? t('from_contact') : c.by].join(' · '),
    }),
    c.why ? el('p', { dir: 'auto', textContent: t('because', { text: c.why }) }) : '',
    el('ul', {}, ...c.fields.filter((f) => f.field in TITLES).map(field)),
  );

/** The history of a complaint, folded; the newest change first. */
export const history = (reference) => {
  const list = el('ol', { className: 'history-list' });
  const said = el('p', { className: 'soft', role: 'status' });
  const load = async () => {
    if (!node.open) return;
    said.textContent = t('loading');
    try {
      const { history: all } = await call('GET', `complaints/${reference}/history`);
      list.replaceChildren(...all.toReversed().map(change));
      said.textContent = '';
    } catch (error) {
      said.textContent = error.message;
    }
  };
  const node = el(
    'details',
    { className: 'history', ontoggle: load },
    el('summary', { textContent: t('history') }),
    said,
    list,
  );
  return node;
};
