// The same API that anybody may use.

import { LANGUAGE, t } from './desk-words.js';

export class ApiError extends Error {
  constructor(status, body) {
    super(body?.error?.message ?? t('error', { number: status }));
    this.status = status;
    this.code = body?.error?.code;
    this.holder = body?.error?.holder;
    this.field = body?.error?.field;
    this.findings = body?.error?.findings ?? [];
  }
}

let csrf = '';
let ended = () => {};

/** What is done when the session has ended while somebody works. */
export const whenSessionEnds = (then) => {
  ended = then;
};

export const call = async (method, path, body, signal) => {
  let response;
  try {
    response = await fetch(`/api/v1/${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'accept-language': LANGUAGE, 'x-csrf-token': csrf },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
    });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ApiError(0, { error: { message: t('noAnswer') } });
  }
  const json = response.status === 204 ? null : await response.json().catch(() => null);
  if (!response.ok) {
    // At the door nobody has a session yet.
    if (response.status === 401 && path !== 'session' && path !== 'join') {
      ended();
      throw new ApiError(401, { error: { message: t('sessionEnded') } });
    }
    throw new ApiError(response.status, json);
  }
  if (json?.csrf) csrf = json.csrf;
  return json;
};

export const newId = () => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;

/** Where the program has not said how often it sends a beat. */
const USUAL_BEAT = 15;
/** How long a line that is asked whether it stands may take to answer. */
const ANSWERS_WITHIN = 5000;

/**
 * The feed: calls `heard` with every frame, comes back by itself from the last entry it saw. A line on which
 * nothing comes for three beats is dead,
 * though nobody has closed it: it is left and opened anew. Gives back how it is ended, and how a frame is put on it.
 */
export const feed = (heard, connection) => {
  let after = null;
  let socket;
  let tries = 0;
  let stopped = false;
  let watchdog;
  let again;

  const lost = () => {
    clearTimeout(watchdog);
    clearTimeout(again);
    const dead = socket;
    socket = null;
    dead?.close();
    if (stopped) return;
    connection(false);
    tries += 1;
    again = setTimeout(connect, Math.min(500 * 2 ** Math.min(tries, 5), 10_000) * (0.7 + Math.random() * 0.6));
  };

  const within = (milliseconds) => {
    clearTimeout(watchdog);
    watchdog = setTimeout(lost, milliseconds);
  };

  function connect() {
    clearTimeout(again);
    if (stopped) return;
    const url = new URL(`/api/v1/events${after === null ? '' : `?after=${after}`}`, location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const mine = (socket = new WebSocket(url));
    let beat = USUAL_BEAT;
    within(beat * 1000);
    mine.addEventListener('message', (event) => {
      if (socket !== mine) return;
      const frame = JSON.parse(event.data);
      beat = frame.beat ?? beat;
      within(beat * 3000);
      if (frame.id) after = frame.id;
      if (frame.type === 'ready') {
        tries = 0;
        connection(true);
      }
      if (frame.type !== 'beat') heard(frame);
    });
    mine.addEventListener('close', () => {
      if (socket === mine) lost();
    });
  }

  // The device wakes up, or has another network: the line is asked whether it stands.
  const look = () => {
    if (document.visibilityState === 'hidden') return;
    if (socket?.readyState === WebSocket.OPEN) {
      socket.send('{"type":"beat"}');
      within(ANSWERS_WITHIN);
    } else if (!socket) {
      tries = 0;
      connect();
    }
  };
  document.addEventListener('visibilitychange', look);
  addEventListener('online', look);
  connect();
  const stop = () => {
    stopped = true;
    document.removeEventListener('visibilitychange', look);
    removeEventListener('online', look);
    clearTimeout(watchdog);
    clearTimeout(again);
    socket?.close();
  };
  const send = (frame) => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
  };
  return { stop, send };
};
