// What somebody points at stays where it is, whatever comes and goes around it: the row under the pointer, else the
// row with the focus, else the first that is in sight in a list that was scrolled.

export class Steady {
  #panel;
  #list;
  #above = new Set();
  #tell;

  /** `list` scrolls inside `panel`. `tell` is told how many new rows stand above what is in sight. */
  constructor(panel, list, tell) {
    this.#panel = panel;
    this.#list = list;
    this.#tell = tell;
    panel.addEventListener('scroll', () => this.#seen(), { passive: true });
  }

  /** The row that must not move: the pointer is on it, or the focus. */
  held() {
    return this.#list.querySelector(':scope > li:hover') ?? this.#list.querySelector(':scope > li:focus-within');
  }

  #anchor() {
    const held = this.held();
    if (held || this.#panel.scrollTop === 0) return held;
    const top = this.#panel.getBoundingClientRect().top;
    return [...this.#list.children].find((row) => row.getBoundingClientRect().bottom > top) ?? null;
  }

  /** Changes the list by `change`, which gives back the rows that are new. */
  keep(change) {
    const anchor = this.#anchor();
    const before = anchor?.getBoundingClientRect().top;
    const fresh = change();
    if (!anchor?.isConnected) return;
    this.#shift(anchor.getBoundingClientRect().top - before);
    const top = this.#panel.getBoundingClientRect().top;
    for (const row of fresh) if (row.getBoundingClientRect().bottom <= top + 1) this.#above.add(row);
    this.#seen();
  }

  /** Scrolls by so much; where there is nothing to scroll, room is made. */
  #shift(by) {
    if (Math.abs(by) < 1) return;
    const panel = this.#panel;
    const most = panel.scrollHeight - panel.clientHeight;
    const wanted = panel.scrollTop + by;
    if (wanted > most) this.#room('paddingBlockEnd', wanted - most);
    if (wanted < 0) this.#room('paddingBlockStart', -wanted);
    panel.scrollTop = Math.max(0, wanted);
  }

  #room(side, more) {
    this.#list.style[side] = `${parseFloat(getComputedStyle(this.#list)[side]) + more}px`;
  }

  #seen() {
    const top = this.#panel.getBoundingClientRect().top;
    for (const row of this.#above)
      if (!row.isConnected || row.getBoundingClientRect().bottom > top + 1) this.#above.delete(row);
    this.#tell(this.#above.size);
  }

  /** Nobody points at anything any more, or another list is shown: what was made room for goes. */
  release() {
    this.#list.style.paddingBlock = '';
    this.#seen();
  }

  /** To the beginning, where what is new stands. */
  toTop() {
    this.#list.style.paddingBlock = '';
    this.#panel.scrollTop = 0;
    this.#above.clear();
    this.#tell(0);
    this.#list.querySelector('button')?.focus();
  }
}
