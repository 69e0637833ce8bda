// The same API that anybody may use.

export class ApiError extends Error {
  constructor(status, body) {
    super(body?.error?.message ?? `The program answered with an error (${status}).`);
    this.status = status;
    this.holder = body?.error?.holder;
    this.field = body?.error?.field;
  }
}

let csrf = '';

export const call = async (method, path, body, signal) => {
  let response;
  try {
    response = await fetch(`/api/v1/${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'accept-language': document.documentElement.lang, 'x-csrf-token': csrf },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
    });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ApiError(0, { error: { message: 'No connection to the program. It is tried again.' } });
  }
  const json = response.status === 204 ? null : await response.json().catch(() => null);
  if (!response.ok) throw new ApiError(response.status, json);
  if (json?.csrf) csrf = json.csrf;
  return json;
};

export const newId = () => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;

/// The feed: calls `heard` with every frame, comes back by itself from the last entry it saw.
export const feed = (heard, connection) => {
  let after = null;
  let socket;
  let tries = 0;
  let stopped = false;
  const connect = () => {
    const url = new URL(`/api/v1/events${after === null ? '' : `?after=${after}`}`, location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    socket = new WebSocket(url);
    socket.addEventListener('message', (event) => {
      const frame = JSON.parse(event.data);
      if (frame.id) after = frame.id;
      if (frame.type === 'ready') { tries = 0; connection(true); }
      heard(frame);
    });
    socket.addEventListener('close', () => {
      if (stopped) return;
      connection(false);
      tries += 1;
      setTimeout(connect, Math.min(500 * 2 ** Math.min(tries, 5), 10_000) * (0.7 + Math.random() * 0.6));
    });
  };
  connect();
  return () => { stopped = true; socket.close(); };
};
