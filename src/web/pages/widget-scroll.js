// Where the reader is: what somebody reads does not move away, and a new answer is shown from its start, however
// long it is.

/** So near to the end, in pixels, one reads along. */
const NEAR = 160;
/** The room above an answer. */
const MARGIN = 8;

export class Scroller {
  #log;
  #last = 0;

  constructor(log) {
    this.#log = log;
  }

  /** Whether the reader is at the end, or where they were brought last. */
  get follows() {
    const log = this.#log;
    return log.scrollHeight - log.scrollTop - log.clientHeight < NEAR || Math.abs(log.scrollTop - this.#last) < MARGIN;
  }

  toEnd() {
    this.#log.scrollTop = this.#log.scrollHeight;
    this.#last = this.#log.scrollTop;
  }

  /** As far down as it goes without losing the start of this one. */
  toStart(node) {
    const log = this.#log;
    log.scrollTop += node.getBoundingClientRect().top - log.getBoundingClientRect().top - MARGIN;
    this.#last = log.scrollTop;
  }
}
