// A run of practice: the conversation with a made-up person, and after each reply what worked and what to change.

import { call } from './desk-api.js';
import { el } from './desk-dom.js';
import { t } from './desk-words.js';

const item = (name) => t(`item_${name}`);
const named = (name) => (item(name) === `item_${name}` ? name.replaceAll('_', ' ') : item(name));

/** The reply in stretches, those marked that earned or lost something; positions are bytes of UTF-8. */
const marked = (text, spans) => {
  const bytes = new TextEncoder().encode(text);
  const words = (from, to) => new TextDecoder().decode(bytes.slice(from, to));
  const parts = [];
  let at = 0;
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    if (span.start < at || span.end <= span.start) continue;
    parts.push(words(at, span.start));
    const name = t(span.earned ? 'spanEarned' : 'spanLost', { name: named(span.item) });
    parts.push(
      el('mark', { className: span.earned ? 'earned' : 'lost' }, words(span.start, span.end), el('sup', { textContent: ` ${name}` })),
    );
    at = span.end;
  }
  parts.push(words(at, bytes.length));
  return parts;
};

/** Each item with its points. */
const points = (score) =>
  el(
    'ul',
    { className: 'drill-points' },
    ...Object.entries(score).map(([name, level]) =>
      el('li', { textContent: t('drillPoints', { name: named(name), number: level }) }),
    ),
  );

const feedback = (all) =>
  all.map((one) =>
    el(
      'div',
      { className: one.worked ? 'drill-worked' : 'finding' },
      el('strong', { textContent: t(one.worked ? 'drillWorked' : 'drillFix', { name: named(one.worked ?? one.fix) }) }),
      one.why ? el('span', { textContent: one.why, dir: 'auto' }) : null,
      one.better ? el('q', { textContent: one.better, dir: 'auto' }) : null,
    ),
  );

export class DrillRun {
  #id;
  #run = null;
  #since = performance.now();

  constructor(_, id) {
    this.#id = id;
    this.title = el('h2', { tabIndex: -1, textContent: t('practice') });
    this.about = el('p', { className: 'soft', dir: 'auto' });
    this.error = el('p', { className: 'error', role: 'alert' });
    this.talk = el('div', { className: 'drill-talk', role: 'log', ariaLabel: t('drillTalk') });
    this.result = el('section', { className: 'drill-result', hidden: true });
    this.words = el('textarea', { id: 'drill-reply', rows: 4, maxLength: 4000, dir: 'auto' });
    this.form = el(
      'form',
      { className: 'drill-form', noValidate: true, onsubmit: (event) => this.#reply(event) },
      el('label', { htmlFor: 'drill-reply', textContent: t('reply') }),
      this.words,
      el('button', { type: 'submit', className: 'primary', textContent: t('sendReply') }),
    );
    this.node = el(
      'div',
      { className: 'page-body' },
      el('a', { href: '/desk/practice', textContent: t('drillBack') }),
      this.title,
      this.about,
      el('p', { className: 'banner drill-note', textContent: t('drillNote') }),
      this.talk,
      this.result,
      this.error,
      this.form,
    );
    this.#look();
  }

  async #look() {
    try {
      this.#show(await call('GET', `drill-runs/${this.#id}`));
    } catch (error) {
      if (error.status !== 401) this.error.textContent = error.message;
    }
  }

  async #reply(event) {
    event.preventDefault();
    const reply = this.words.value.trim();
    if (!reply) {
      this.words.focus();
      return;
    }
    this.error.textContent = '';
    const seconds = Math.min(Math.round((performance.now() - this.#since) / 1000), 86_400);
    try {
      this.#show(await call('POST', `drill-runs/${this.#id}/replies`, { reply, seconds }));
      this.words.value = '';
      if (this.#run.result) this.result.querySelector('h3').focus();
      else this.words.focus();
    } catch (error) {
      if (error.status !== 401) this.error.textContent = error.message;
    }
  }

  #show(run) {
    this.#run = run;
    this.#since = performance.now();
    this.title.textContent = run.title;
    this.about.textContent = `${run.persona} · ${t(`help_${run.help}`)}`;
    // What stands already is not said again by a screen reader.
    const entries = [];
    let turn = 0;
    for (const line of run.lines) {
      if (line.from === 'person') entries.push({ key: `p${entries.length}`, make: () => this.#person(line.text) });
      else {
        const at = turn;
        turn += 1;
        entries.push({ key: `a${at}-${Boolean(run.result)}`, make: () => this.#agent(line.text, run.turns[at], at === run.turns.length - 1) });
      }
    }
    for (const old of this.talk.querySelectorAll('.drill-again')) old.remove();
    const standing = new Map([...this.talk.children].map((node) => [node.dataset.key, node]));
    this.talk.replaceChildren(
      ...entries.map(({ key, make }) => {
        const node = standing.get(key) ?? make();
        node.dataset.key = key;
        return node;
      }),
    );
    this.form.hidden = Boolean(run.result);
    this.#ended(run.result);
  }

  #person(text) {
    return el(
      'div',
      { className: 'drill-line' },
      el('p', { className: 'who', textContent: t('drillPerson') }),
      el('p', { className: 'drill-words', textContent: text, lang: this.#run.language, dir: 'auto' }),
    );
  }

  #agent(text, turn, last) {
    const scored = Object.keys(turn.score).length > 0;
    return el(
      'div',
      { className: 'drill-line drill-own' },
      el('p', { className: 'who', textContent: t('drillYou') }),
      el('p', { className: 'drill-words', dir: 'auto', lang: this.#run.language }, ...marked(text, turn.spans)),
      ...feedback(turn.feedback),
      scored ? el('details', {}, el('summary', { textContent: t('drillEach') }), points(turn.score)) : null,
      el(
        'details',
        {},
        el('summary', { textContent: t('drillThought') }),
        el('p', { className: 'drill-thought', textContent: turn.thought, lang: this.#run.language, dir: 'auto' }),
      ),
      last ? this.#again(text) : null,
    );
  }

  /** The last reply may be written again; the conversation stays as it is. */
  #again(text) {
    const words = el('textarea', { id: 'drill-again', rows: 3, maxLength: 4000, dir: 'auto', value: text });
    const said = el('div', { role: 'status' });
    const judge = async (event) => {
      event.preventDefault();
      try {
        const judged = await call('POST', `drill-runs/${this.#id}/rewrites`, { reply: words.value });
        const scored = Object.keys(judged.score).length > 0;
        said.replaceChildren(
          ...feedback(judged.feedback),
          scored ? points(judged.score) : el('p', { textContent: t('drillLater') }),
        );
      } catch (error) {
        if (error.status !== 401) said.replaceChildren(el('p', { className: 'error', textContent: error.message }));
      }
    };
    return el(
      'details',
      { className: 'drill-again' },
      el('summary', { textContent: t('drillAgain') }),
      el(
        'form',
        { className: 'drill-form', noValidate: true, onsubmit: judge },
        el('label', { htmlFor: 'drill-again', textContent: t('drillAgainWords') }),
        words,
        el('button', { type: 'submit', textContent: t('drillJudge') }),
        said,
      ),
    );
  }

  #ended(result) {
    this.result.hidden = !result;
    if (!result) return;
    const kept = (verdict) => t(verdict === 'pass' ? 'drillKept' : 'drillMissed');
    this.result.replaceChildren(
      el('h3', { tabIndex: -1, textContent: t(result.passed ? 'drillIsPassed' : 'drillIsNot') }),
      el('p', { textContent: t('drillScore', { number: Math.round(result.rule_score * 100) }) }),
      el('p', { textContent: t('drillSafety', { text: kept(result.safety) }) }),
      el('p', { textContent: t('drillPrivacy', { text: kept(result.privacy) }) }),
      el('p', { className: 'soft', textContent: t('drillScoreWhat') }),
    );
  }
}
