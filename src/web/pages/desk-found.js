// A list that the program is asked for part by part: all conversations, those that are done, what a search found.

import { call } from './desk-api.js';

const PART = 50;
/** The most that the program gives at once. */
const MOST = 200;

export class Found {
  rows = [];
  next = null;
  loaded = false;
  error = null;
  #query;
  #asked = 0;

  /** `query` is what the API's list is narrowed down by. */
  constructor(query) {
    this.#query = query;
  }

  async #ask(limit, cursor) {
    const asked = ++this.#asked;
    const query = new URLSearchParams({ ...this.#query, limit, ...(cursor ? { cursor } : {}) });
    const answer = await call('GET', `conversations?${query}`);
    return asked === this.#asked ? answer : null;
  }

  async #take(asking, put) {
    try {
      const answer = await asking;
      if (!answer) return;
      put(answer);
      this.error = null;
    } catch (error) {
      this.error = error;
    }
    this.loaded = true;
  }

  /** Looks anew at what is shown so far. What comes behind the first two hundred stays as it was. */
  look() {
    const limit = Math.max(PART, Math.min(MOST, this.rows.length));
    return this.#take(this.#ask(limit), ({ conversations, next }) => {
      const fresh = new Set(conversations.map((row) => row.id));
      const rest = this.rows.slice(limit).filter((row) => !fresh.has(row.id));
      this.rows = [...conversations, ...rest];
      if (rest.length === 0) this.next = next;
    });
  }

  /** One more part. */
  more() {
    return this.#take(this.#ask(PART, this.next), ({ conversations, next }) => {
      const known = new Set(this.rows.map((row) => row.id));
      this.rows = [...this.rows, ...conversations.filter((row) => !known.has(row.id))];
      this.next = next;
    });
  }
}
