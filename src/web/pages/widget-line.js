// The line to the program: sends by POST, one after the other, each with an id of its own so that a retry has one effect;
// hears by WebSocket, from the last place that it has, so that a broken connection loses nothing and shows nothing twice.

const VISITOR = 'nohold.visitor';
const OUTBOX = 'nohold.outbox';

const store = {
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(key, value); } catch { /* private mode: it lives as long as the page */ } },
};

const visitor = () => {
  const known = store.get(VISITOR);
  if (known) return known;
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const fresh = [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');
  store.set(VISITOR, fresh);
  return fresh;
};

const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('');
const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

export class Line {
  #base;
  #tell;
  #token = visitor();
  #outbox = JSON.parse(store.get(OUTBOX) ?? '[]');
  #socket = null;
  #seen = 0;
  #held = [];
  #sending = false;
  #tries = 0;
  #stopped = false;

  constructor(base, tell) {
    this.#base = base;
    this.#tell = tell;
  }

  start() {
    for (const message of this.#outbox) this.#tell.pending(message);
    this.#connect();
    this.#drain();
    this.online = () => { this.#tries = 0; this.#connect(); this.#drain(); };
    addEventListener('online', this.online);
  }

  stop() {
    this.#stopped = true;
    removeEventListener('online', this.online);
    this.#socket?.close();
  }

  // A file that came with a reply, to be saved.
  async file({ id, name }) {
    const response = await fetch(new URL(`api/v1/inboxes/web/attachments/${id}`, this.#base), { headers: { authorization: `Bearer ${this.#token}` } });
    if (!response.ok) throw new Error(String(response.status));
    const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(await response.blob()), download: name });
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

  typing() {
    this.#say({ type: 'typing' });
  }

  #keep() {
    // Files can be too large for the browser's store; the words are kept in any case.
    const all = JSON.stringify(this.#outbox);
    store.set(OUTBOX, all.length < 2_000_000 ? all : JSON.stringify(this.#outbox.map((m) => ({ ...m, attachments: [] }))));
  }

  #say(frame) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  #connect() {
    if (this.#stopped || (this.#socket && this.#socket.readyState <= WebSocket.OPEN)) return;
    const url = new URL('api/v1/inboxes/web/socket', this.#base);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url);
    this.#socket = socket;
    socket.addEventListener('open', () => socket.send(JSON.stringify({ type: 'hello', token: this.#token, after: this.#seen })));
    socket.addEventListener('message', (event) => this.#hear(JSON.parse(event.data)));
    socket.addEventListener('close', () => {
      if (this.#socket !== socket || this.#stopped) return;
      this.#socket = null;
      this.#tell.connection(false);
      this.#tries += 1;
      setTimeout(() => this.#connect(), Math.min(500 * 2 ** Math.min(this.#tries, 6), 20_000) * (0.7 + Math.random() * 0.6));
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
        this.#tell.status(frame.status, frame.agent);
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
        this.#seen = 0;
        this.#tell.reset();
        this.#socket?.close();
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
        await pause(answer.after ?? wait);
        wait = Math.min(wait * 2, 15_000);
        continue;
      }
      wait = 500;
      this.#outbox.shift();
      this.#keep();
      if (answer.error) {
        this.#tell.failed(message.id, answer.error);
      } else {
        this.#tell.sent(message.id);
        const { position } = answer.body;
        this.#tell.message({
          id: `sent ${message.id}`, from: 'contact', text: message.title ?? message.text, attachments: message.attachments?.map((f) => ({ name: f.name })), position: position + 1,
        });
        this.#held = this.#held.filter((m) => m.position !== position + 1);
        // Who has it by name comes by the open line; here only that nobody has.
        if (answer.body.status !== 'assigned') this.#tell.status(answer.body.status, null);
        for (const reply of answer.body.replies) this.#take(reply);
      }
    }
    this.#sending = false;
    for (const message of this.#held.splice(0)) this.#take(message);
  }

  async #post(message) {
    const { id, text, choice, attachments } = message;
    const body = { id, attachments: attachments ?? [], locale: navigator.language };
    if (choice) body.choice = choice; else body.text = text;
    let response;
    try {
      response = await fetch(new URL('api/v1/inboxes/web/messages', this.#base), {
        method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${this.#token}` }, body: JSON.stringify(body),
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
    return { error: json?.error?.message ?? `error ${response.status}` };
  }
}
