// What the complainant is told and asked: the acknowledgement, a question, what was changed, and whether it is settled
// for them.

import { call } from './desk-api.js';
import { fullDate } from './desk-dates.js';
import { el } from './desk-dom.js';
import { t } from './desk-words.js';

const LONGEST = 1000;

export class Told {
  #done;
  #reference = '';

  /** `done` is called with the record as it is after a change. */
  constructor(done) {
    this.#done = done;
    this.said = el('p', { className: 'soft', role: 'status' });
    this.error = el('p', { className: 'error', role: 'alert' });
    this.facts = el('ul', { className: 'told-facts' });
    this.words = el('textarea', { id: 'told-acknowledgement', rows: 10, maxLength: 8000, dir: 'auto' });
    this.drafted = el(
      'div',
      { hidden: true },
      el('label', { htmlFor: this.words.id, textContent: t('acknowledgement') }),
      this.words,
      el('div', { className: 'row' }, el('button', { type: 'button', className: 'primary', textContent: t('sendAcknowledgement'), onclick: () => this.#send() })),
    );
    this.draft = el('button', { type: 'button', textContent: t('draftAcknowledgement'), onclick: () => this.#draft() });
    this.question = el('textarea', { id: 'told-question', rows: 2, maxLength: LONGEST, dir: 'auto' });
    this.learning = el('textarea', { id: 'told-learning', rows: 2, maxLength: LONGEST, dir: 'auto' });
    const form = (input, label, hint, field) => {
      const about = el('p', { id: `${input.id}-hint`, className: 'soft', textContent: t(hint) });
      input.setAttribute('aria-describedby', about.id);
      const submit = (event) => {
        event.preventDefault();
        this.#save({ [field]: input.value.trim() }, input);
      };
      return el(
        'form',
        { onsubmit: submit },
        el('label', { htmlFor: input.id, textContent: t(label) }),
        about,
        input,
        el('div', { className: 'row' }, el('button', { type: 'submit', textContent: t('save'), ariaLabel: `${t('save')}: ${t(label)}` })),
      );
    };
    this.node = el(
      'section',
      { className: 'letter' },
      el('h3', { textContent: t('toldThem') }),
      this.facts,
      this.draft,
      this.drafted,
      form(this.question, 'askThem', 'askThemHint', 'question'),
      form(this.learning, 'whatChanged', 'whatChangedHint', 'learning'),
      this.said,
      this.error,
    );
  }

  fill(c) {
    this.#reference = c.reference;
    const facts = [
      c.acknowledgement && t('acknowledgedBy', { name: c.acknowledgement.by, when: fullDate(c.acknowledgement.at) }),
      c.secret_word && t('hasSecretWord'),
      c.question?.answer && t('theyAnswered', { text: c.question.answer }),
      c.question?.answered_at && !c.question.answer && t('theyDeclined'),
      c.question && !c.question.answered_at && t('notAnsweredYet'),
      c.settled && t(c.settled.yes ? 'settledYes' : 'settledNo', { when: fullDate(c.settled.at) }),
    ];
    this.facts.replaceChildren(...facts.filter(Boolean).map((text) => el('li', { dir: 'auto', textContent: text })));
    this.draft.hidden = c.status !== 'open';
    if (c.status !== 'open') this.drafted.hidden = true;
    this.question.value = c.question && !c.question.answered_at ? c.question.text : '';
    this.learning.value = c.learning ?? '';
  }

  async #try(work, input) {
    this.error.textContent = '';
    this.said.textContent = '';
    try {
      await work();
    } catch (error) {
      if (error.status !== 401) this.error.textContent = error.message;
      input.focus();
    }
  }

  #draft() {
    return this.#try(async () => {
      const draft = await call('GET', `complaints/${this.#reference}/acknowledgement`);
      this.words.value = draft.text;
      this.words.lang = draft.language;
      this.drafted.hidden = false;
      this.words.focus();
    }, this.draft);
  }

  #send() {
    return this.#try(async () => {
      this.#done(await call('POST', `complaints/${this.#reference}/acknowledgement`, { text: this.words.value }));
      this.said.textContent = t('acknowledgementSent');
      this.question.focus();
    }, this.words);
  }

  #save(patch, input) {
    return this.#try(async () => {
      this.#done(await call('PATCH', `complaints/${this.#reference}`, patch));
      this.said.textContent = t('saved');
      input.focus();
    }, input);
  }
}
