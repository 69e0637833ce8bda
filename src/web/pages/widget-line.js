// The line to the program: sends by POST, one after the other, each with an id of its own so that a retry has one
// effect;
// hears by WebSocket, from the last place that it has, so that a broken connection loses nothing and shows nothing
// twice.

import { forgetAll, messages, newId, visitor } from './widget-store.js';

/** How often the program sends a beat, where it has not said so, in seconds. */
const USUAL_BEAT = 10;
/** A line that is asked whether it stands, or that is opened, must say something within so many milliseconds. */
const ANSWERS_WITHIN = 5000;
const OPENS_WITHIN = 10_000;
/** How long the program may take to answer a message, and one with files, in milliseconds. */
const TAKEN_WITHIN = 20_000;
const FILES_WITHIN = 180_000;

const base64url = (text) =>
  btoa(String.fromCharCode(...new TextEncoder().encode(text)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

export class Line {
  #base;
  #tell;
  #token;
  #kept = { outbox: messages('outbox'), refused: messages('refused') };
  #outbox = this.#kept.outbox.read();
  #refused = this.#kept.refused.read();
  #socket = null;
  #beat = USUAL_BEAT;
  #watchdog;
  #again;
  #wake = () => {};
  #seen = 0;
  #held = [];
  #sending = false;
  #tries = 0;
  #stopped = false;

  /** `vouched` is who the visitor is, where the site vouches for it: `user` and `signature`. */
  constructor(base, tell, vouched = null) {
    this.#base = base;
    this.#tell = tell;
    this.#token = vouched ? `signed.${base64url(vouched.user)}.${vouched.signature}` : visitor();
  }

  start() {
    for (const message of this.#refused) {
      this.#tell.pending(message);
      this.#tell.refused(message, message.why);
    }
    for (const message of this.#outbox) this.#tell.pending(message);
    this.#connect();
    this.#drain();
    // The phone was unlocked, the lift has arrived, another network is there.
    this.look = () => {
      if (document.visibilityState !== 'hidden') this.#look();
    };
    addEventListener('online', this.look);
    addEventListener('pageshow', this.look);
    document.addEventListener('visibilitychange', this.look);
  }

  stop() {
    this.#stopped = true;
    removeEventListener('online', this.look);
    removeEventListener('pageshow', this.look);
    document.removeEventListener('visibilitychange', this.look);
    clearTimeout(this.#watchdog);
    clearTimeout(this.#again);
    this.#socket?.close();
  }

  /** The program is asked something; whoever calls learns of a failure. */
  async #ask(method, path, body) {
    const headers = { authorization: `Bearer ${this.#token}` };
    if (body) headers['content-type'] = 'application/json';
    const response = await fetch(new URL(`api/v1/inboxes/web/${path}`, this.#base), {
      method,
      headers,
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(TAKEN_WITHIN),
    });
    if (!response.ok) throw new Error(String(response.status));
    return response;
  }

  /** The bytes of a file that came with a message. */
  async file({ id }) {
    return (await this.#ask('GET', `attachments/${id}`)).blob();
  }

  /** New words for a message of one's own; what is said to them is shown. */
  async edit(id, text) {
    const answer = await (await this.#ask('PATCH', `messages/${id}`, { text })).json();
    for (const reply of answer.replies) this.#take(reply);
    await this.#refresh();
  }

  /** A message of one's own is taken back. */
  async remove(id) {
    await this.#ask('DELETE', `messages/${id}`);
    await this.#refresh();
  }

  /** How the talk was; without a rating, they would rather not say. */
  async rate(rating, words) {
    await this.#ask('POST', 'rating', { rating, words: words || null });
  }

  /** How many messages have not gone out. */
  get unsent() {
    return this.#outbox.length + this.#refused.length;
  }

  /** This device forgets who the visitor is, and everything with it. */
  forget() {
    forgetAll();
    this.#outbox = [];
    this.#refused = [];
    this.#held = [];
    this.#seen = 0;
    this.#token = visitor();
    const old = this.#socket;
    this.#socket = null;
    old?.close();
    this.#connect();
  }

  /** The talk as it is now: something in it was changed. */
  async #refresh() {
    const token = this.#token;
    try {
      const history = await (await this.#ask('GET', 'messages')).json();
      if (token !== this.#token) return;
      this.#tell.all(history.messages);
    } catch {
      // What is shown is old: the line is opened anew and brings everything.
      this.#seen = 0;
      this.#lost();
    }
  }

  /** A file that came with a reply is put on the device. */
  async save({ id, name }) {
    const link = Object.assign(document.createElement('a'), {
      href: URL.createObjectURL(await this.file({ id })),
      download: name,
    });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  send({ text = '', choice, title, attachments = [] }) {
    const message = { id: newId(), text, choice, title, attachments };
    this.#outbox.push(message);
    this.#keep();
    this.#tell.pending(message);
    this.#drain();
  }

  /** What was refused is sent once more, as it was or without its files. */
  retry(id, withoutFiles) {
    const message = this.#refused.find((m) => m.id === id);
    if (!message) return;
    this.#refused = this.#refused.filter((m) => m !== message);
    const again = { ...message, why: undefined, ...(withoutFiles ? { attachments: [] } : {}) };
    this.#outbox.push(again);
    this.#keep();
    this.#tell.pending(again);
    this.#drain();
  }

  typing() {
    this.#say({ type: 'typing' });
  }

  #keep() {
    this.#kept.outbox.keep(this.#outbox);
    this.#kept.refused.keep(this.#refused);
  }

  #say(frame) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  /** If nothing is heard for that long, the line is dead, though nobody has closed it. */
  #within(milliseconds) {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.#lost(), milliseconds);
  }

  #look() {
    this.#tries = 0;
    this.#wake();
    if (this.#socket?.readyState === WebSocket.OPEN) {
      this.#say({ type: 'beat' });
      this.#within(ANSWERS_WITHIN);
    } else if (!this.#socket) {
      this.#connect();
    }
  }

  #lost() {
    const dead = this.#socket;
    this.#socket = null;
    clearTimeout(this.#watchdog);
    dead?.close();
    if (this.#stopped) return;
    this.#tell.connection(false);
    this.#tries += 1;
    clearTimeout(this.#again);
    this.#again = setTimeout(
      () => this.#connect(),
      Math.min(500 * 2 ** Math.min(this.#tries, 6), 20_000) * (0.7 + Math.random() * 0.6),
    );
  }

  #connect() {
    if (this.#stopped || this.#socket) return;
    clearTimeout(this.#again);
    const url = new URL('api/v1/inboxes/web/socket', this.#base);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url);
    this.#socket = socket;
    this.#within(OPENS_WITHIN);
    socket.addEventListener('open', () =>
      socket.send(JSON.stringify({ type: 'hello', token: this.#token, after: this.#seen })),
    );
    socket.addEventListener('message', (event) => {
      if (this.#socket !== socket) return;
      const frame = JSON.parse(event.data);
      this.#beat = frame.beat ?? this.#beat;
      this.#within(this.#beat * 2500);
      this.#hear(frame);
    });
    socket.addEventListener('close', () => {
      if (this.#socket === socket) this.#lost();
    });
  }

  #hear(frame) {
    switch (frame.type) {
      case 'ready':
        this.#tries = 0;
        this.#tell.connection(true);
        this.#tell.ready();
        this.#drain();
        break;
      case 'status':
        this.#tell.status({
          status: frame.status,
          agent: frame.agent,
          complaint: frame.complaint,
          rate: frame.rate,
          ...(frame.organisation ? { organisation: frame.organisation } : {}),
        });
        break;
      case 'message':
        // While a message is on its way its echo may come before its answer; it waits until the two can be matched.
        if (this.#sending && frame.from === 'contact') this.#held.push(frame);
        else this.#take(frame);
        break;
      case 'typing':
        this.#tell.typing();
        break;
      case 'changed':
        this.#refresh();
        break;
      default:
    }
  }

  #take(message) {
    this.#seen = Math.max(this.#seen, message.position);
    this.#tell.message(message);
    if (message.from !== 'contact') this.#say({ type: 'received', message: message.id });
  }

  async #drain() {
    if (this.#sending || this.#stopped) return;
    this.#sending = true;
    let wait = 500;
    while (this.#outbox.length > 0 && !this.#stopped) {
      const message = this.#outbox[0];
      const answer = await this.#post(message);
      if (answer.again) {
        // The connection or the program is away: it stays first in line.
        await /** @type {Promise<void>} */ (new Promise((done) => {
          this.#wake = done;
          setTimeout(done, answer.after ?? wait);
        }));
        wait = Math.min(wait * 2, 15_000);
        continue;
      }
      wait = 500;
      this.#outbox.shift();
      if (answer.error) this.#refused.push({ ...message, why: answer.error });
      this.#keep();
      // Whatever the program says, it is there.
      this.#tell.connection(true);
      if (!this.#socket) this.#look();
      if (answer.error) {
        this.#tell.refused(message, answer.error);
      } else {
        this.#tell.sent(message.id);
        const { position } = answer.body;
        const echo = this.#held.find((m) => m.position === position + 1);
        this.#held = this.#held.filter((m) => m !== echo);
        this.#tell.message({
          id: `sent ${message.id}`,
          from: 'contact',
          text: message.title ?? message.text,
          at: new Date().toISOString(),
          position: position + 1,
          ...echo,
          // What is here need not be fetched.
          attachments: message.attachments,
        });
        // Who has it by name comes by the open line; here only that nobody has.
        if (answer.body.status !== 'assigned')
          this.#tell.status({ status: answer.body.status, agent: null, complaint: answer.body.complaint });
        for (const reply of answer.body.replies) this.#take(reply);
      }
    }
    this.#sending = false;
    for (const message of this.#held.splice(0)) this.#take(message);
  }

  async #post(message) {
    const { id, text, choice, attachments } = message;
    const body = { id, attachments: attachments ?? [], locale: navigator.language };
    if (choice) body.choice = choice;
    else body.text = text;
    let response;
    try {
      response = await fetch(new URL('api/v1/inboxes/web/messages', this.#base), {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${this.#token}` },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(body.attachments.length > 0 ? FILES_WITHIN : TAKEN_WITHIN),
      });
    } catch {
      this.#tell.connection(false);
      return { again: true };
    }
    if (response.status === 429 || response.status >= 500) {
      const seconds = Number(response.headers.get('retry-after'));
      return { again: true, after: seconds ? seconds * 1000 : undefined };
    }
    const json = await response.json().catch(() => null);
    if (response.ok && json) return { body: json };
    return {
      error:
        json?.error?.field?.startsWith('attachments') || response.status === 413
          ? 'file'
          : (json?.error?.message ?? `error ${response.status}`),
    };
  }
}
