// The page that the developer's tutorial (docs/developer.md) tells its reader to write, opened in a real browser.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { House, launch } from './house.mjs';

const tutorial = readFileSync(new URL('../../docs/developer.md', import.meta.url), 'utf8');

let house;
let browser;
before(async () => { house = await House.open(); browser = await launch(); });
after(async () => { await browser?.close(); await house?.close(); });

/// Serves a page from an address that is not the program's, and opens it.
const elsewhere = async (t, html) => {
  const server = createServer((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(html));
  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  t.after(() => server.close());
  const context = await browser.newContext({ locale: 'en-GB' });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  return page;
};

const html = () => {
  const [, block] = /```html,file=page\.html\n([\s\S]*?)```/.exec(tutorial) ?? assert.fail('the tutorial has no page');
  return block.replaceAll('http://127.0.0.1:8080', house.url);
};

test('the page of the tutorial has a button that opens the chat, and the chat answers', async (t) => {
  const page = await elsewhere(t, html());
  await page.locator('nohold-chat').getByRole('button').first().click();
  await page.getByLabel('Write a message').fill('When does visiting start?');
  await page.keyboard.press('Enter');
  await page.locator('nohold-chat .message.bot .text').filter({ hasText: 'Visiting is every day' }).waitFor({ timeout: 10_000 });
});

test('with the element that the tutorial names, the chat itself is on the page', async (t) => {
  const [, element] = /`(<nohold-chat mode="page"><\/nohold-chat>)`/.exec(tutorial) ?? assert.fail('the tutorial names no element');
  const page = await elsewhere(t, html().replace('<script', `${element}<script`));
  await page.getByLabel('Write a message').waitFor({ timeout: 10_000 });
  assert.equal(await page.locator('nohold-chat').count(), 1, 'no second one at the corner');
});

test('the Content-Security-Policy that the tutorial asks for lets the chat work', async (t) => {
  assert.match(tutorial, /allow nohold's address in `script-src` and `connect-src` \(there for `wss:` too\)/);
  const socket = house.url.replace('http', 'ws');
  const policy = `default-src 'none'; script-src ${house.url}; connect-src ${house.url} ${socket}`;
  const page = await elsewhere(t, html().replace('<meta', `<meta http-equiv="Content-Security-Policy" content="${policy}"><meta`));
  await page.locator('nohold-chat').getByRole('button').first().click();
  await page.getByLabel('Write a message').fill('When does visiting start?');
  await page.keyboard.press('Enter');
  await page.locator('nohold-chat .message.bot .text').filter({ hasText: 'Visiting is every day' }).waitFor({ timeout: 10_000 });
});
