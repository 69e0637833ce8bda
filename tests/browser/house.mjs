// Starts the program on a database of its own, and a browser; a wire between them that a test can cut.

import { spawn, execFileSync } from 'node:child_process';
import { createServer, connect } from 'node:net';
import { mkdtempSync, rmSync, existsSync, readFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const here = fileURLToPath(new URL('../..', import.meta.url));
export const BIN = process.env.NOHOLD_BIN ?? join(here, 'target/debug/nohold');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const freePort = () => new Promise((done) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => done(port));
  });
});

// Where pages are taken from their folder, so are their words.
const flows = process.env.NOHOLD_PAGES ? { NOHOLD_FLOWS: join(here, 'flows') } : {};

/// The program, running.
export class House {
  static async open(extra = {}) {
    const house = new House();
    house.folder = mkdtempSync(join(tmpdir(), 'nohold-browser-'));
    house.port = await freePort();
    house.env = { PATH: process.env.PATH, NOHOLD_LISTEN: `127.0.0.1:${house.port}`, NOHOLD_DATABASE: `sqlite://${house.folder}/nohold.db`, NOHOLD_HTTP_TOKEN: 'test-token', ...flows, ...extra };
    await house.start();
    return house;
  }

  get url() { return `http://127.0.0.1:${this.port}`; }

  async start() {
    this.output = '';
    this.process = spawn(BIN, ['serve'], { cwd: this.folder, env: this.env });
    this.process.stdout.on('data', (d) => { this.output += d; });
    this.process.stderr.on('data', (d) => { this.output += d; });
    this.gone = new Promise((done) => { this.process.on('exit', done); });
    for (let i = 0; i < 600; i += 1) {
      const ready = await fetch(`${this.url}/readyz`).then((r) => r.ok, () => false);
      if (ready) return;
      if (this.process.exitCode !== null) break;
      await new Promise((done) => { setTimeout(done, 25); });
    }
    throw new Error(`the program did not start:\n${this.output}`);
  }

  get invitation() { return /\/desk#setup=([0-9a-f]+)/.exec(this.output)?.[1]; }

  run(args, input = '') {
    return execFileSync(BIN, args, { cwd: this.folder, env: this.env, input, encoding: 'utf8' });
  }

  agent(name, role = 'agent') {
    this.run(['agents', 'add', name, '--role', role, '--password-stdin'], 'a long password');
    return this.run(['tokens', 'create', '--agent', name]).trim().split(' ').at(-1);
  }

  async call(token, method, path, body) {
    const response = await fetch(`${this.url}/api/v1/${path}`, {
      method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: body && JSON.stringify(body),
    });
    return response.status === 204 ? null : response.json();
  }

  async kill() {
    this.process.kill('SIGKILL');
    await this.gone;
  }

  async close() {
    this.process.kill('SIGTERM');
    await this.gone;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/// A wire to the program that can be cut and mended; or that falls silent without closing anything, as when a phone is locked in a lift.
export const wire = async (port) => {
  const open = new Set();
  let cut = false;
  let silent = false;
  const quiet = [];
  const server = createServer((from) => {
    if (cut) { from.destroy(); return; }
    const to = connect(port, '127.0.0.1');
    // What was opened before or during a silence never speaks again, even when the silence is over.
    let lost = silent;
    for (const [s, other] of [[from, to], [to, from]]) {
      open.add(s);
      s.on('close', () => { open.delete(s); from.destroy(); to.destroy(); });
      s.on('error', () => {});
      s.on('data', (data) => { lost ||= silent; if (!lost) other.write(data); });
    }
    quiet.push(() => { lost = true; });
  });
  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    cut() { cut = true; for (const s of open) s.destroy(); },
    silence() { silent = true; for (const forget of quiet.splice(0)) forget(); },
    mend() { cut = false; silent = false; },
    close() { this.cut(); server.close(); },
  };
};

export const launch = async () => {
  const browser = await start();
  // Pages are inside the program: with NOHOLD_PAGES=src/web/pages what is changed there is tried without building it again.
  const folder = process.env.NOHOLD_PAGES;
  if (folder) {
    const open = browser.newContext.bind(browser);
    browser.newContext = async (options) => {
      const context = await open(options);
      await context.route(/\/[\w-]+\.(js|css)$/, (route) => {
        const path = join(here, folder, new URL(route.request().url()).pathname);
        return existsSync(path) ? route.fulfill({ path, headers: { 'content-type': path.endsWith('.js') ? 'text/javascript' : 'text/css' } }) : route.continue();
      });
      return context;
    };
  }
  return browser;
};

const start = () => chromium.launch({
  executablePath: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync),
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

/// What axe finds on the page, in every shadow root too; the words of each finding and where.
export const accessibility = async (page) => {
  await page.evaluate(axe);
  const result = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  return result.violations.map((v) => `${v.id}: ${v.help} (${v.nodes.map((n) => n.target.flat().join(' ')).join('; ')})`);
};

/// Where pictures go; only where somebody asked for them.
export const picture = async (page, name) => {
  const folder = process.env.NOHOLD_PICTURES;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
};
