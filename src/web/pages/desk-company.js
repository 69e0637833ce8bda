// Who else looks at the conversation that is open, and who writes there: colleagues' pages tell each other. What
// is not
// said again for a while is over.

/** How often a page says it again, and after how long without a word somebody has left, in milliseconds. */
const AGAIN = 10_000;
const GONE = 25_000;
/** Writing is over after so long without a key. */
const PAUSE = 6000;

export class Company {
  #me;
  #send;
  #changed;
  #where = null;
  #writing = false;
  #pause;
  #here = new Map();
  #ticking;

  /** `me` is who looks, `send` puts a frame on the line, `changed` is called when somebody comes, goes or writes. */
  constructor(me, send, changed) {
    this.#me = me;
    this.#send = send;
    this.#changed = changed;
    this.#ticking = setInterval(() => this.#tick(), AGAIN);
  }

  stop() {
    clearInterval(this.#ticking);
    clearTimeout(this.#pause);
  }

  /** A conversation is opened; none: it is left. */
  open(id) {
    if (id === this.#where) return;
    this.#where = id;
    this.#writing = false;
    this.#here.clear();
    this.say();
    this.#changed();
  }

  /** A key was pressed in the reply. */
  writes() {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.rests(), PAUSE);
    if (this.#writing) return;
    this.#writing = true;
    this.say();
  }

  rests() {
    clearTimeout(this.#pause);
    if (!this.#writing) return;
    this.#writing = false;
    this.say();
  }

  say() {
    this.#send({ type: 'looking', conversation: this.#where, writing: this.#writing });
  }

  heard({ agent, name, conversation, writing }) {
    if (agent === this.#me.id) return;
    const known = this.#here.has(agent);
    if (conversation !== this.#where || !conversation) {
      if (this.#here.delete(agent)) this.#changed();
      return;
    }
    this.#here.set(agent, { name, writing, until: Date.now() + GONE });
    // Whoever has just come does not know of us yet.
    if (!known) this.say();
    this.#changed();
  }

  /** Colleagues at the same conversation. */
  get others() {
    return [...this.#here.values()];
  }

  #tick() {
    if (this.#where) this.say();
    const before = this.#here.size;
    for (const [agent, { until }] of this.#here) if (until < Date.now()) this.#here.delete(agent);
    if (before !== this.#here.size) this.#changed();
  }
}
