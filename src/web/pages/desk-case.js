// One complaint: what they said, what is on record, its clocks, its files, what may be done next, and what was done.

import { call } from './desk-api.js';
import { Customers } from './desk-customers.js';
import { el } from './desk-dom.js';
import { Letters } from './desk-letters.js';
import { Record } from './desk-record.js';
import { Told } from './desk-case-told.js';
import { named, t } from './desk-words.js';

/** What may follow a status. */
const ACTIONS = {
  open: ['acknowledge', 'investigate', 'respond', 'close', 'withdraw'],
  acknowledged: ['investigate', 'respond', 'close', 'withdraw', 'correct'],
  investigating: ['respond', 'close', 'withdraw', 'correct'],
  responded: ['close', 'withdraw', 'reopen', 'correct'],
  closed: ['reopen', 'correct'],
  withdrawn: ['reopen', 'correct'],
};
const ORDER = ['open', 'acknowledged', 'investigating', 'responded'];
const LONGEST_TEXT = 2000;

/** The statuses that a correction may go back to. */
const earlier = (status) => {
  const at = ORDER.indexOf(status);
  return at === -1 ? ORDER : ORDER.slice(0, at);
};

/** What is not done without saying why: taking a slip back, and closing what was not answered. */
const needsReason = (action, status) => action === 'correct' || (action === 'close' && status !== 'responded');

const option = (value, textContent) => el('option', { value, textContent });

export class Case {
  #tell;
  #reference;

  /** `tell` has `go(path)`. */
  constructor(tell, reference) {
    this.#tell = tell;
    this.#reference = reference;
    this.error = el('p', { className: 'error', role: 'alert' });
    this.said = el('p', { className: 'soft', role: 'status' });
    this.record = new Record(() => this.#load());
    this.story = el('section', { className: 'story' });
    this.files = el('section', {});
    this.act = el('section', {});
    this.clocks = el('section', {});
    this.told = new Told((c) => this.#show(c));
    this.letters = new Letters();
    this.customers = new Customers();
    this.way = el('p', {});
    this.node = el(
      'div',
      { className: 'page-body case' },
      el('h2', { tabIndex: -1, textContent: t('complaint', { text: reference }) }),
      this.way,
      this.said,
      this.error,
      this.story,
      this.files,
      this.act,
      this.clocks,
      this.told.node,
      this.letters.node,
      this.customers.node,
      this.record.node,
    );
    this.#load();
  }

  #link(href, textContent) {
    const onclick = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.#tell.go(href);
    };
    return el('a', { href, textContent, onclick });
  }

  async #load() {
    try {
      this.#show(await call('GET', `complaints/${this.#reference}`));
    } catch (error) {
      if (error.status !== 401) this.error.textContent = error.message;
    }
  }

  #show(c) {
    this.way.replaceChildren(
      this.#link('/desk/complaints', t('allComplaints')),
      ' · ',
      this.#link(`/desk/c/${c.conversation}`, t('theConversation')),
    );
    this.story.replaceChildren(
      el('h3', { textContent: t('theirWords') }),
      el('blockquote', { dir: 'auto', textContent: c.incident.narrative || t('nothingThere') }),
    );
    this.files.replaceChildren(
      ...(c.attachments.length
        ? [
            el('h3', { textContent: t('files') }),
            el(
              'ul',
              {},
              ...c.attachments.map((a) =>
                el('li', {}, el('a', { href: `/api/v1/attachments/${a.id}`, download: a.name, dir: 'auto', textContent: a.name })),
              ),
            ),
          ]
        : []),
    );
    this.#actions(c);
    this.#clocks(c);
    this.told.fill(c);
    this.letters.fill(c);
    this.customers.fill(c);
    this.record.fill(c);
  }

  #actions(c) {
    const action = el(
      'select',
      { id: 'case-action' },
      ...ACTIONS[c.status].map((name) => option(name, t(`act_${name}`))),
    );
    const to = el('select', { id: 'case-to' }, ...earlier(c.status).map((status) => option(status, named(status))));
    const why = el('input', { id: 'case-why', type: 'text', maxLength: LONGEST_TEXT, dir: 'auto' });
    const submit = (event) => {
      event.preventDefault();
      const body = { why: why.value.trim() || undefined };
      if (needsReason(action.value, c.status) && !body.why) return this.#needs(why);
      if (action.value === 'correct') body.to = to.value;
      return this.#do(`complaints/${c.reference}/${action.value}`, body, why);
    };
    const field = (label, input) => el('div', {}, el('label', { htmlFor: input.id, textContent: label }), input);
    this.act.replaceChildren(
      el('h3', { textContent: t('whatNext') }),
      el(
        'form',
        { className: 'register-filter', onsubmit: submit },
        field(t('action'), action),
        earlier(c.status).length ? field(t('backTo'), to) : null,
        field(t('whyChanged'), why),
        el('button', { type: 'submit', className: 'primary', textContent: t('doIt') }),
      ),
    );
  }

  #clocks(c) {
    const running = c.deadlines.filter((d) => !d.met_at);
    if (!running.length) {
      this.clocks.replaceChildren();
      return;
    }
    const worded = (name) => {
      const text = t(`clock_${name}`);
      return text === `clock_${name}` ? named(name) : text.replace(/[:,]? *\{\{.*$/, '');
    };
    const clock = el('select', { id: 'case-clock' }, ...running.map((d) => option(d.name, worded(d.name))));
    const act = el(
      'select',
      { id: 'case-clock-act' },
      ...['extend', 'pause', 'resume'].map((name) => option(name, t(`clock_act_${name}`))),
    );
    const until = el('input', { id: 'case-until', type: 'date' });
    const why = el('input', { id: 'case-clock-why', type: 'text', maxLength: LONGEST_TEXT, required: true, dir: 'auto' });
    const submit = (event) => {
      event.preventDefault();
      const body = { act: act.value, why: why.value.trim(), until: until.value || undefined };
      if (!body.why) return this.#needs(why);
      if (body.act === 'extend' && !body.until) return this.#needs(until, 'needsDay');
      return this.#do(`complaints/${c.reference}/clocks/${clock.value}`, body, why);
    };
    const field = (label, input) => el('div', {}, el('label', { htmlFor: input.id, textContent: label }), input);
    const put = c.deadlines.flatMap((d) => (d.extensions ?? []).map((e) => `${worded(d.name)}: ${e.why} (${e.by})`));
    this.clocks.replaceChildren(
      el('h3', { textContent: t('clocks') }),
      put.length ? el('ul', {}, ...put.map((text) => el('li', { dir: 'auto', textContent: text }))) : '',
      el(
        'form',
        { className: 'register-filter', noValidate: true, onsubmit: submit },
        field(t('clock'), clock),
        field(t('action'), act),
        field(t('untilDay'), until),
        field(t('whyReason'), why),
        el('button', { type: 'submit', textContent: t('doIt') }),
      ),
    );
  }

  #needs(input, text = 'needsReason') {
    this.error.textContent = t(text);
    input.focus();
  }

  async #do(path, body, input) {
    this.error.textContent = '';
    this.said.textContent = '';
    try {
      this.#show(await call('POST', path, body));
      this.said.textContent = t('saved');
      this.act.querySelector('select').focus();
    } catch (error) {
      this.error.textContent = error.field === 'why' ? t('needsReason') : error.message;
      input.focus();
    }
  }
}
