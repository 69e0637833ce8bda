// The record, as it is filled in: a field for everything that a person may put right. Nothing is written before
// it is saved.

import { el } from './desk-dom.js';
import { named, t } from './desk-words.js';

export const STATUSES = ['open', 'acknowledged', 'investigating', 'responded', 'closed', 'withdrawn'];
const PRIORITIES = ['routine', 'soon', 'urgent', 'emergency'];
const CONSENTS = ['not_asked', 'given', 'refused'];
export const RELATIONS = [
  'patient',
  'relative',
  'carer',
  'friend',
  'neighbour',
  'visitor',
  'public',
  'professional',
  'employee',
  'legal_representative',
  'unknown',
];
export const CATEGORIES = [
  'quality',
  'safety',
  'environment',
  'institutional_processes',
  'listening',
  'communication',
  'respect_and_patient_rights',
];
/** Names and the like have one line. */
const LONGEST_NAME = 200;
const LONGEST_TEXT = 2000;

/** The ways to be reached that a person writes, one a line; a conversation with us stays as it is. */
const written = (contact) =>
  contact
    .filter((way) => way.kind !== 'conversation')
    .map((way) => (way.note ? `${way.value} (${way.note})` : way.value))
    .join('\n');

const kindOf = (value, before) => {
  const known = before.find((way) => way.value === value);
  if (known) return known.kind;
  if (/^\S+@\S+$/.test(value)) return 'email';
  return /^\+?[\d\s()./-]{5,}$/.test(value) ? 'phone' : 'other';
};

const contacts = (text, before) => {
  const ways = text
    .split('\n')
    .map((line) => /^(.*?)(?:\s*\(([^()]*)\))?$/.exec(line.trim()))
    .filter(([, value]) => value)
    .map(([, value, note]) => ({ kind: kindOf(value, before), value, note: note || undefined }));
  return [...before.filter((way) => way.kind === 'conversation'), ...ways];
};

/** One member of staff a line: the name, a comma, what they do. Without a comma it is a name. */
const people = (text, before) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const known = before.find((one) => shown(one) === line);
      if (known) return known;
      const [name, ...role] = line.split(',');
      return { name: name.trim() || null, role: role.join(',').trim() || null };
    });

const shown = (one) => (one.name ? [one.name, one.role].filter(Boolean).join(', ') : `, ${one.role}`);

/**
 * Every field: its key in the call, what it is called, how it is asked for, and what stands in the record. Those of
 * one `group` go out together.
 */
const fields = (c) => [
  { key: 'status', title: 'status', choices: STATUSES, now: c.status },
  { key: 'priority', title: 'priority', choices: PRIORITIES, now: c.priority },
  { key: 'complainant_name', title: 'complainantName', short: true, now: c.complainant.name },
  { key: 'relation', title: 'relation', choices: RELATIONS, now: c.complainant.relation },
  {
    key: 'contact',
    title: 'reachBy',
    hint: 'oneALine',
    now: written(c.complainant.contact),
    sent: (text) => contacts(text, c.complainant.contact),
  },
  { key: 'name', group: 'affected_person', title: 'happenedTo', short: true, now: c.affected_person?.name },
  { key: 'relation', group: 'affected_person', title: 'theirRelation', short: true, now: c.affected_person?.relation },
  { key: 'consent', title: 'consent', choices: CONSENTS, now: c.complainant.consent },
  { key: 'authority', title: 'authority', short: true, now: c.complainant.authority },
  {
    key: 'subjects',
    title: 'about',
    hint: 'nameThenRole',
    now: c.subjects.map(shown).join('\n'),
    sent: (text) => people(text, c.subjects),
  },
  { key: 'when_text', title: 'whenHappened', short: true, now: c.incident.when_text },
  { key: 'from', days: true, title: 'firstDay', type: 'date', now: c.incident.from },
  { key: 'to', days: true, title: 'lastDay', type: 'date', now: c.incident.to },
  { key: 'where', title: 'where', short: true, now: c.incident.where },
  { key: 'desired_outcome', title: 'wants', now: c.desired_outcome },
  { key: 'category', title: 'category', choices: CATEGORIES, now: c.classification.category },
  {
    key: 'severity',
    title: 'severity',
    choices: ['0', '1', '2', '3'],
    now: String(c.classification.severity),
    sent: Number,
  },
  { key: 'safeguarding', title: 'safeguarding', type: 'checkbox', now: c.safeguarding },
  { key: 'vulnerable', title: 'moreHelp', type: 'checkbox', now: c.complainant.vulnerable },
];

const control = (field, id) => {
  const now = field.now ?? '';
  if (field.choices) {
    const options = now === '' ? ['', ...field.choices] : field.choices;
    return el(
      'select',
      { id },
      ...options.map((v) => el('option', { value: v, textContent: named(v), selected: v === now })),
    );
  }
  if (field.type === 'checkbox') return el('input', { id, type: 'checkbox', checked: Boolean(field.now) });
  if (field.type) return el('input', { id, type: field.type, value: now });
  return field.short
    ? el('input', { id, type: 'text', maxLength: LONGEST_NAME, dir: 'auto', value: now })
    : el('textarea', { id, rows: 2, maxLength: LONGEST_TEXT, dir: 'auto', value: now });
};

const valueOf = (input) => (input.type === 'checkbox' ? input.checked : input.value);

/** What differs from the record, as the call takes it. */
const changes = (inputs) => {
  const differs = ({ input, before }) =>
    valueOf(input) !== before && !(input.tagName === 'SELECT' && input.value === '');
  const changed = inputs.filter(differs);
  const patch = {};
  for (const { field, input } of changed) {
    if (!field.group && !field.days) patch[field.key] = (field.sent ?? ((v) => v))(valueOf(input));
  }
  const together = (is) => (changed.some(({ field }) => is(field)) ? inputs.filter(({ field }) => is(field)) : []);
  for (const { field, input } of together((f) => f.days)) patch[field.key] = input.value;
  for (const { field, input } of together((f) => f.group)) (patch[field.group] ??= {})[field.key] = input.value;
  return patch;
};

/** How far a status is; both ends are as far. */
export const FAR = { open: 0, acknowledged: 1, investigating: 2, responded: 3, closed: 4, withdrawn: 4 };

/** The form. `tell` has `save(patch)`, which may fail, and `leave()`. */
export const recordForm = (complaint, { save, leave }) => {
  const error = el('p', { className: 'error', role: 'alert' });
  const inputs = fields(complaint).map((field) => {
    const id = `record-${field.group ?? ''}${field.key}`;
    const input = control(field, id);
    if (field.hint) input.setAttribute('aria-describedby', `${id}-hint`);
    const label = el('label', { htmlFor: id, textContent: t(field.title) });
    const hint = field.hint && el('span', { id: `${id}-hint`, className: 'soft', textContent: t(field.hint) });
    const node =
      field.type === 'checkbox'
        ? el('div', { className: 'record-check' }, input, label)
        : el('div', { className: 'record-field' }, label, hint, input);
    return { field, input, before: valueOf(input), node };
  });
  const other = complaint.incident.other_reading;
  const days = inputs.find(({ field }) => field.key === 'to').node;
  if (other)
    days.append(el('span', { className: 'soft', textContent: t('orReading', { text: other.from, when: other.to }) }));
  const why = el('input', { id: 'record-why', type: 'text', maxLength: LONGEST_TEXT, dir: 'auto' });
  const whyName = el('label', { htmlFor: why.id, textContent: t('whyChanged') });
  const status = inputs.find(({ field }) => field.key === 'status').input;
  // A status that goes back says why.
  const goesBack = () => FAR[status.value] < FAR[complaint.status];
  status.addEventListener('change', () => {
    whyName.textContent = t(goesBack() ? 'whyReason' : 'whyChanged');
    why.required = goesBack();
  });
  const button = el('button', { type: 'submit', className: 'primary', textContent: t('save') });
  const submit = async (event) => {
    event.preventDefault();
    const patch = changes(inputs);
    if (Object.keys(patch).length === 0) {
      leave();
      return;
    }
    if (why.value.trim()) patch.why = why.value.trim();
    if (goesBack() && !patch.why) {
      error.textContent = t('needsReason');
      why.focus();
      return;
    }
    button.disabled = true;
    error.textContent = '';
    try {
      await save(patch);
    } catch (e) {
      error.textContent = e.field === 'why' ? t('needsReason') : e.message;
      button.disabled = false;
      const wrong = inputs.find(({ field }) => e.field?.startsWith(field.group ? `${field.group}.${field.key}` : field.key));
      (e.field === 'why' ? why : (wrong?.input ?? button)).focus();
    }
  };
  return el(
    'form',
    { className: 'record-form', noValidate: true, onsubmit: submit },
    ...inputs.map((i) => i.node),
    el('div', { className: 'record-field' }, whyName, why),
    error,
    el(
      'div',
      { className: 'buttons' },
      button,
      el('button', { type: 'button', textContent: t('cancel'), onclick: leave }),
    ),
  );
};
