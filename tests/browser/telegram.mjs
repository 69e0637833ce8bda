// As much of the Bot API as the desk's tests need: one person who writes, and who may block the bot.

import { createServer } from 'node:http';

const TOKEN = '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw';

export class Telegram {
  #updates = [];
  #number = 1;
  blocked = false;
  down = false;
  sent = [];

  static async open() {
    const telegram = new Telegram();
    telegram.server = createServer((request, response) => telegram.#call(request, response));
    await new Promise((done) => { telegram.server.listen(0, '127.0.0.1', done); });
    telegram.env = { NOHOLD_TELEGRAM_TOKEN: TOKEN, NOHOLD_TELEGRAM_API: `http://127.0.0.1:${telegram.server.address().port}`, NOHOLD_PACE_MS: '0' };
    return telegram;
  }

  says(text) {
    const person = { id: 7, is_bot: false, first_name: 'Ann', last_name: 'Smith', language_code: 'en' };
    const number = this.#number++;
    this.#updates.push({ update_id: number, message: { message_id: number, date: 1_795_514_400, chat: { id: 7, type: 'private', first_name: 'Ann' }, from: person, text } });
    this.#wake?.();
  }

  #wake;

  async #call(request, response) {
    let body = '';
    for await (const piece of request) body += piece;
    const answer = (status, value) => { response.writeHead(status, { 'content-type': 'application/json' }); response.end(JSON.stringify(value)); };
    const method = request.url.split('/').at(-1).toLowerCase();
    if (this.down) return answer(502, 'Bad Gateway');
    const asked = body.startsWith('{') ? JSON.parse(body) : {};
    if (method === 'getme') return answer(200, { ok: true, result: { id: 110201543, is_bot: true, first_name: 'Willowbrook', username: 'willowbrook_bot' } });
    if (method === 'getupdates') {
      this.#updates = this.#updates.filter((u) => u.update_id >= (asked.offset ?? 0));
      if (this.#updates.length === 0 && asked.timeout) await new Promise((done) => { this.#wake = done; setTimeout(done, asked.timeout * 1000).unref(); });
      if (this.down) return answer(502, 'Bad Gateway');
      return answer(200, { ok: true, result: this.#updates });
    }
    if (method === 'sendmessage') {
      if (this.blocked) return answer(403, { ok: false, error_code: 403, description: 'Forbidden: bot was blocked by the user' });
      this.sent.push(asked.text);
      return answer(200, { ok: true, result: { message_id: 1000 + this.sent.length } });
    }
    return answer(200, { ok: true, result: true });
  }

  // The line goes down: the call that waits ends, and so does every other.
  fall() {
    this.down = true;
    this.#wake?.();
  }

  close() {
    this.#wake?.();
    this.server.close();
    this.server.closeAllConnections();
  }
}
