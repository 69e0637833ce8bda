// The chat on the owner's pages, as the owner has set it: colours, first words, where it may stand, and who
// vouches for whom.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { House, accessibility, launch, picture } from './house.mjs';
import { open } from './desk.mjs';

const SECRET = 'a secret of the site and of us, long';
let house;
let browser;
let clinic;
let stranger;

/** A site with the chat on its page; its tag has these attributes. */
const site = async () => {
  const server = createServer((request, answer) => {
    const attributes = decodeURIComponent(new URL(request.url, 'http://site').search.slice(1));
    answer.setHeader('content-type', 'text/html').end(`<!doctype html><html lang="en"><head><title>A clinic</title></head><body><main><h1>A clinic</h1><nohold-chat mode="page" ${attributes}></nohold-chat></main><script type="module" src="${house.url}/widget.js"></script></body></html>`);
  }).listen(0, '127.0.0.1');
  await new Promise((done) => { server.on('listening', done); });
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
};

before(async () => {
  browser = await launch();
  // The program is told the site's address, and the site the program's.
  house = { url: '' };
  [clinic, stranger] = [await site(), await site()];
  house = await House.open({ NOHOLD_WIDGET_ACCENT: '#7a1f5c', NOHOLD_WIDGET_ACCENT_DARK: '#f0a8d8', NOHOLD_WIDGET_GREETING: 'Hello from the clinic.', NOHOLD_WIDGET_SITES: clinic.url, NOHOLD_WIDGET_SECRET: SECRET });
});
after(async () => { await browser?.close(); clinic?.close(); stranger?.close(); await house?.close(); });

const say = async (p, text) => {
  await p.getByLabel('Write a message').fill(text);
  await p.getByLabel('Write a message').press('Enter');
};
const answer = (p) => p.locator('.message.bot .text').first();

test('the owner’s colours and first words are shown, in light and dark', async () => {
  for (const [name, view, colour] of [['light-1280', {}, 'rgb(122, 31, 92)'], ['dark-390', { colorScheme: 'dark', viewport: { width: 390, height: 800 } }, 'rgb(240, 168, 216)']]) {
    const p = await open(browser, `${clinic.url}/`, view);
    await p.getByText('Hello from the clinic.').waitFor();
    assert.equal(await p.getByRole('button', { name: 'Send' }).evaluate((b) => getComputedStyle(b).backgroundColor), colour);
    await say(p, 'hello');
    await answer(p).waitFor();
    await picture(p, `widget-own-${name}`);
    assert.deepEqual(await accessibility(p), [], name);
    await p.context().close();
  }
});

test('on another site nothing is sent and nothing is read', async () => {
  const p = await open(browser, `${stranger.url}/`);
  await say(p, 'hello');
  await p.getByText('No connection.').waitFor();
  assert.equal(await p.locator('.message.bot').count(), 0);
  await p.context().close();
});

test('whoever the site vouches for has one talk on every device, and nobody else gets it', async () => {
  const signed = (user, secret = SECRET) => `user="${user}" signature="${createHmac('sha256', secret).update(user).digest('hex')}"`;
  const at = (attributes) => open(browser, `${clinic.url}/?${encodeURIComponent(attributes)}`);
  const phone = await at(signed('patient-42'));
  await say(phone, 'when does visiting start?');
  await answer(phone).waitFor();
  const laptop = await at(signed('patient-42'));
  await laptop.locator('.message.contact').filter({ hasText: 'when does visiting start?' }).waitFor();
  const forged = await at(signed('patient-42', 'another secret, as long as the first'));
  await say(forged, 'let me in');
  await forged.locator('.message.failed').waitFor();
  assert.equal(await forged.getByText('when does visiting start?').count(), 0);
  for (const p of [phone, laptop, forged]) await p.context().close();
});
