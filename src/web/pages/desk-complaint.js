// The complaint's record beside the conversation: what stands in it, and what a person confirms or changes.

import { call } from './desk-api.js';
import { clock, el, words } from './desk-dom.js';

const STATUSES = ['open', 'acknowledged', 'investigating', 'responded', 'closed', 'withdrawn'];
const CATEGORIES = ['quality', 'safety', 'environment', 'institutional_processes', 'listening', 'communication', 'respect_and_patient_rights'];

const select = (label, values, value, key, save) => {
  const id = `complaint-${key}`;
  const node = el('select', { id, onchange: () => save({ [key]: key === 'severity' ? Number(node.value) : node.value }) }, ...values.map((v) => el('option', { value: String(v), textContent: words(v), selected: String(v) === String(value) })));
  return [el('dt', {}, el('label', { htmlFor: id, textContent: label })), el('dd', {}, node)];
};

/** A way to be reached; a conversation with us is named by its inbox. */
const reached = (way) => {
  if (way.kind === 'conversation') return `our chat by ${way.note}`;
  return way.note ? `${way.value} (${way.note})` : way.value;
};

const line = (label, value) => (value ? [el('dt', { textContent: label }), el('dd', { dir: 'auto', textContent: value })] : []);

export const complaintPanel = (complaint, changed) => {
  if (!complaint) return [];
  const c = complaint;
  const save = async (patch) => {
    try {
      await call('PATCH', `complaints/${c.reference}`, patch);
      changed('');
    } catch (error) {
      changed(error.message);
    }
  };
  const person = (p) => [p?.role, p?.name].filter(Boolean).join(' ');
  return [
    el('h3', { textContent: `Complaint ${c.reference}` }),
    el('p', { className: 'signals' },
      el('span', { className: `tag${c.complete ? '' : ' warn'}`, textContent: c.complete ? 'complete' : 'incomplete' }),
      c.safeguarding ? el('span', { className: 'tag danger', textContent: 'safeguarding' }) : '',
      c.complainant.anonymous ? el('span', { className: 'tag', textContent: 'anonymous' }) : '',
      c.complainant.vulnerable ? el('span', { className: 'tag warn', textContent: 'may need more help' }) : ''),
    el('dl', { className: 'facts' },
      line('Who complains', [c.complainant.name, words(c.complainant.relation)].filter(Boolean).join(', ')),
      line('Reach them by', c.complainant.contact.map(reached).join(', ')),
      line('Happened to', c.affected_person ? [c.affected_person.name, c.affected_person.relation].filter(Boolean).join(', ') : ''),
      line('Consent', c.affected_person ? words(c.complainant.consent) : ''),
      line('About', c.subjects.map(person).join('; ')),
      line('When', [c.incident.when_text, c.incident.from && `(${c.incident.from})`].filter(Boolean).join(' ')),
      line('Where', c.incident.where),
      line('Wants', c.desired_outcome),
      c.classification.problems.length > 1 ? [el('dt', { textContent: 'Problems (proposed)' }), el('dd', {}, el('ul', { className: 'problems' }, ...c.classification.problems.map((p) => el('li', {}, el('strong', { textContent: words(p.category) }), ' ', el('q', { dir: 'auto', textContent: p.words })))))] : [],
      select('Status', STATUSES, c.status, 'status', save),
      select(`Category (${c.classification.by === 'machine' ? 'proposed' : 'confirmed'})`, c.classification.category ? CATEGORIES : ['', ...CATEGORIES], c.classification.category ?? '', 'category', save),
      select('Severity (HCAT)', [0, 1, 2, 3], c.classification.severity, 'severity', save)),
    el('ul', { className: 'deadlines' }, ...c.deadlines.map((d) => el('li', { className: !d.met_at && new Date(d.due_at) < new Date() ? 'late' : '' }, `${words(d.name)} by ${clock(d.due_at)}${d.met_at ? `, done ${clock(d.met_at)}` : ''}`, el('span', { className: 'soft', textContent: ` · ${d.source}` })))),
  ];
};
