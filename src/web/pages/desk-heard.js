// What somebody should see and hear of who looks elsewhere: danger, new words of their own people, whoever they were
// handed, whoever is back, notes that name them.

import { called, t } from './desk-words.js';

export class Heard {
  #desk;
  #upTo = null;
  #snoozed = new Set();

  /**
   * `desk` has the parts `alarm`, `notices` and `told`, `open(id)`, `current()`: the conversation that somebody
   * sees at this moment, and `inSight(id)`: whether its row is.
   */
  constructor(desk) {
    this.#desk = desk;
  }

  /** The lists, as they are now. */
  look({ queue, endangered, mine }, supervises) {
    const { alarm } = this.#desk;
    for (const row of alarm.update(endangered, queue, supervises)) {
      this.#ring('danger', t('notifyDanger', { name: called(row.name) }), row.id);
    }
    this.#mine(mine);
    this.#back(mine);
  }

  #ring(kind, text, id) {
    const { notices, open } = this.#desk;
    notices.ring(kind);
    notices.notify(text, `${kind} ${id}`, () => open(id));
  }

  #mine(mine) {
    const before = this.#upTo;
    this.#upTo = new Map(mine.map((row) => [row.id, row.last?.position ?? 0]));
    if (!before) return;
    const { told, current } = this.#desk;
    for (const id of before.keys()) if (!this.#upTo.has(id)) told.forget(id);
    for (const row of mine) {
      const known = before.has(row.id);
      const news = !known || (row.last?.position ?? 0) > before.get(row.id);
      if (!news || row.id === current()) continue;
      const text = this.#text(row, known);
      this.#ring(row.red_flag ? 'danger' : 'message', text, row.id);
      this.#say(row, text);
    }
  }

  #text(row, known) {
    const name = called(row.contact.name);
    if (known) return t('notifyMessage', { name });
    return row.handed ? t('notifyHanded', { name, text: row.handed.by }) : t('notifyGiven', { name });
  }

  /** Where the row itself is in sight, and marked as unread, nothing more is shown. */
  #say(row, text) {
    const { told, inSight } = this.#desk;
    if (!inSight(row.id)) told.say(row.id, text, Boolean(row.red_flag));
  }

  /** Whoever was put off and is back, though they have not written. */
  #back(mine) {
    const before = this.#snoozed;
    this.#snoozed = new Set(mine.filter((row) => row.snoozed?.until).map((row) => row.id));
    for (const row of mine) {
      if (!before.has(row.id) || row.snoozed) continue;
      const text = t('notifyBack', { name: called(row.contact.name) });
      this.#ring('message', text, row.id);
      this.#say(row, text);
    }
  }

  /** For those who supervise: whoever waits was lost sight of, or for an answer of somebody who has them. */
  alerted(conversation, kind) {
    const text = { lost_sight: 'alertLostSight', unanswered: 'alertUnanswered' }[kind];
    if (text && conversation !== this.#desk.current()) this.#desk.told.say(conversation, t(text), true);
  }

  /** A note is for whoever sits here; `about` is who writes in that conversation. */
  named({ by, whisper, conversation }, about) {
    const { told, current } = this.#desk;
    const text = t(whisper ? 'notifyWhisper' : 'notifyMention', { name: by, text: called(about) });
    this.#ring('message', text, conversation);
    if (conversation !== current()) told.say(conversation, text);
  }
}
