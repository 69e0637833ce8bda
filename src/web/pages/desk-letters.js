// Letters to the complainant: drafted, checked point by point, kept, and given out as PDF.

import { call } from './desk-api.js';
import { fullDate } from './desk-dates.js';
import { el } from './desk-dom.js';
import { t } from './desk-words.js';

const KINDS = ['acknowledgement', 'holding', 'response'];
const LONGEST = 20_000;

export class Letters {
  #path = '';
  #found = [];

  constructor() {
    this.kind = el('select', { id: 'letter-kind' }, ...KINDS.map((k) => el('option', { value: k, textContent: t(`letter_${k}`) })));
    this.text = el('textarea', { id: 'letter-text', rows: 14, maxLength: LONGEST, dir: 'auto' });
    this.text.addEventListener('input', () => this.#forget());
    this.said = el('p', { className: 'soft', role: 'status' });
    this.error = el('p', { className: 'error', role: 'alert' });
    this.findings = el('ul', { className: 'findings', hidden: true, ariaLabel: t('letterFindings') });
    const button = (label, onclick, className = '') => el('button', { type: 'button', className, textContent: t(label), onclick });
    this.anyway = button('keepAnyway', () => this.#ask({ keep: true, anyway: true }), 'quiet');
    this.anyway.hidden = true;
    this.kept = el('ul', { className: 'letters' });
    this.none = el('p', { className: 'soft', textContent: t('noLetters') });
    this.node = el(
      'section',
      { className: 'letter' },
      el('h3', { textContent: t('letters') }),
      this.none,
      this.kept,
      el(
        'div',
        { className: 'row' },
        el('label', { htmlFor: this.kind.id, textContent: t('letterKind') }),
        this.kind,
        button('draftLetter', () => this.#ask({ draft: true })),
      ),
      el('label', { htmlFor: this.text.id, textContent: t('letterWords') }),
      this.text,
      el(
        'div',
        { className: 'row' },
        button('checkLetter', () => this.#ask({})),
        button('keepLetter', () => this.#ask({ keep: true }), 'primary'),
        this.anyway,
      ),
      this.said,
      this.error,
      this.findings,
    );
  }

  async fill(c) {
    this.#path = `complaints/${c.reference}/letters`;
    try {
      const { letters } = await call('GET', this.#path);
      this.none.hidden = letters.length > 0;
      this.kept.replaceChildren(...letters.map((letter) => this.#row(letter)));
    } catch (error) {
      if (error.status !== 401) this.error.textContent = error.message;
    }
  }

  #row(letter) {
    const about = `${t(`letter_${letter.kind}`)}, ${fullDate(letter.at)}, ${letter.by}`;
    return el(
      'li',
      {},
      el('details', {}, el('summary', { dir: 'auto', textContent: about }), el('blockquote', { dir: 'auto', lang: letter.language, textContent: letter.text })),
      el('a', { href: `/api/v1/${this.#path}/${letter.id}/pdf`, download: '', textContent: t('asPdf'), ariaLabel: `${t('asPdf')}: ${about}` }),
    );
  }

  /** What was found was found in other words. */
  #forget() {
    this.#found = [];
    this.findings.hidden = true;
    this.anyway.hidden = true;
    this.said.textContent = '';
  }

  async #ask({ draft = false, keep = false, anyway = false }) {
    this.error.textContent = '';
    this.#forget();
    const text = this.text.value.trim();
    if (!draft && !text) {
      this.error.textContent = t('letterEmpty');
      this.text.focus();
      return;
    }
    const body = { kind: this.kind.value, ...(draft ? {} : { text }), ...(keep ? { keep, anyway } : {}) };
    try {
      const letter = await call('POST', this.#path, body);
      if (draft) {
        this.text.value = letter.text;
        this.text.lang = letter.language;
        this.text.focus();
      }
      this.#show(letter, keep);
    } catch (error) {
      if (error.status !== 401) this.error.textContent = error.message;
    }
  }

  #show(letter, keep) {
    this.#found = letter.findings;
    const many = this.#found.length;
    this.findings.hidden = many === 0;
    this.findings.replaceChildren(
      ...this.#found.map((f) => el('li', {}, el('span', { textContent: f.advice }), f.words ? el('q', { dir: 'auto', textContent: f.words }) : null)),
    );
    if (keep && letter.id) {
      this.text.value = '';
      this.said.textContent = t('letterKept');
      this.fill({ reference: this.#path.split('/')[1] });
      return;
    }
    this.anyway.hidden = !keep || many === 0;
    this.said.textContent = many ? t('letterLacks', { number: many }) : t('letterGood');
  }
}
