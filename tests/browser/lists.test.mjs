// The lists at the side of the desk: everything one may see, the search, and rows that stay where they are.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { House, accessibility, launch, picture } from './house.mjs';
import { desk, until, writes } from './desk.mjs';

let house;
let browser;
let priya;
before(async () => {
  house = await House.open();
  browser = await launch();
  priya = house.agent('Priya Shah');
  house.agent('Tom Reed');
});
after(async () => { await browser?.close(); await house?.close(); });

const row = (page, name) => page.locator('.row').filter({ hasText: name });
const tab = (page, name) => page.getByRole('navigation', { name: 'Conversations' }).getByRole('tab', { name }).click();
const names = (page) => page.locator('.row-name').allInnerTexts();

test('All shows everybody and who has them, Resolved who is done; an address leads there and Back leads back', async () => {
  await writes(house, 'ann', 'hello', 'Ann Oduya');
  const ben = await writes(house, 'ben', 'I want to speak to a person', 'Ben Ito');
  await writes(house, 'cy', 'I want to speak to a person', 'Cy Lund');
  await house.call(priya, 'POST', `conversations/${ben}/claim`);
  const p = await desk(browser, house, 'Tom Reed');
  await tab(p, 'All');
  await row(p, 'Ann Oduya').filter({ hasText: 'with the assistant' }).waitFor();
  await row(p, 'Ben Ito').filter({ hasText: 'Priya Shah has it' }).waitFor();
  await row(p, 'Cy Lund').filter({ hasText: 'Asked for a person' }).waitFor();
  assert.deepEqual(await names(p), ['Ben Ito', 'Cy Lund', 'Ann Oduya'], 'the newest change is first');
  assert.deepEqual(await accessibility(p), []);
  await row(p, 'Ann Oduya').click();
  await p.getByRole('heading', { name: 'Ann Oduya' }).waitFor();
  assert.match(p.url(), /\/desk\/c\/[\w-]+$/);
  await row(p, 'Ben Ito').click();
  await p.getByRole('heading', { name: 'Ben Ito' }).waitFor();
  await p.goBack();
  await p.getByRole('heading', { name: 'Ann Oduya' }).waitFor();
  await tab(p, 'Resolved');
  await p.getByText('Nothing is done yet.').waitFor();
  await house.call(priya, 'POST', `conversations/${ben}/resolve`);
  await row(p, 'Ben Ito').filter({ hasText: 'done' }).waitFor();
  assert.deepEqual(await names(p), ['Ben Ito']);
  assert.deepEqual(p.problems, []);
  await p.context().close();
});

test('a search goes through words, names and references; a tab narrows it down, and emptying it brings the list back', async () => {
  await writes(house, 'mia', 'Your porter shouted at me on Maple ward', 'Mia Peña');
  const p = await desk(browser, house, 'Tom Reed');
  const search = p.getByRole('navigation', { name: 'Conversations' }).getByRole('searchbox', { name: 'Search' });
  await search.fill('shouted maple');
  await p.getByText('1 found').waitFor();
  assert.deepEqual(await names(p), ['Mia Peña']);
  assert.deepEqual(await accessibility(p), []);
  await picture(p, 'desk-search-light-1280');
  await search.fill('pena');
  await row(p, 'Mia Peña').waitFor();
  await tab(p, 'Resolved');
  await p.getByText('Nothing was found.').waitFor();
  await search.fill('');
  await row(p, 'Cy Lund').waitFor();
  assert.equal(await p.getByRole('tab', { name: /^Waiting/ }).getAttribute('aria-selected'), 'true');
  await search.fill('"; DROP TABLE <b>');
  await p.getByText('Nothing was found.').waitFor();
  await p.context().close();
});

test('a list that cannot be had says so, and comes by itself when it can', async () => {
  const p = await desk(browser, house, 'Tom Reed');
  await p.context().route(/conversations\?limit/, (route) => route.abort());
  await tab(p, 'All');
  await p.locator('.nothing').filter({ hasText: 'No connection to the program.' }).waitFor();
  await p.context().unroute(/conversations\?limit/);
  await writes(house, 'dee', 'hello', 'Dee Hill');
  await row(p, 'Dee Hill').waitFor();
  await p.context().close();
});

test('a row under the pointer stays where it is: what is new stands above and is counted', async () => {
  for (let n = 0; n < 12; n += 1) await writes(house, `many ${n}`, 'I want to speak to a person', `Person ${n}`);
  const p = await desk(browser, house, 'Tom Reed');
  await tab(p, 'All');
  const pointed = row(p, 'Person 9');
  await pointed.waitFor();
  await pointed.hover();
  const before = await pointed.boundingBox();
  for (const n of [1, 2, 3]) await writes(house, `new ${n}`, 'hello', `Newcomer ${n}`);
  await p.getByRole('button', { name: '3 new' }).waitFor();
  assert.ok(Math.abs((await pointed.boundingBox()).y - before.y) < 1, 'the pointed row has moved');
  await picture(p, 'desk-news-light-1280');
  assert.deepEqual(await accessibility(p), []);
  await p.getByRole('button', { name: '3 new' }).click();
  await p.waitForFunction(() => document.activeElement.textContent.includes('Newcomer 3'));
  assert.equal(await p.getByRole('button', { name: '3 new' }).isVisible(), false);
  await p.context().close();
});

test('a row under the pointer that leaves the list stays until the pointer does', async () => {
  const id = await writes(house, 'lea', 'I want to speak to a person', 'Lea Vos');
  const p = await desk(browser, house, 'Tom Reed');
  await row(p, 'Lea Vos').hover();
  await house.call(priya, 'POST', `conversations/${id}/claim`);
  await row(p, 'Lea Vos').filter({ hasText: 'No longer in this list' }).waitFor();
  await p.getByRole('searchbox', { name: 'Search' }).hover();
  await row(p, 'Lea Vos').waitFor({ state: 'detached' });
  await p.context().close();
});

test('focus, selection and scrolling survive whatever happens', async () => {
  const p = await desk(browser, house, 'Tom Reed');
  await tab(p, 'All');
  await row(p, 'Person 5').waitFor();
  await row(p, 'Person 5').focus();
  await p.evaluate(() => {
    const words = document.activeElement.querySelector('.row-words');
    globalThis.kept = document.activeElement;
    getSelection().selectAllChildren(words);
    globalThis.moved = 0;
    document.activeElement.addEventListener('blur', () => { globalThis.moved += 1; });
  });
  for (const n of [0, 11, 5, 3]) await writes(house, `many ${n}`, 'are you there?', `Person ${n}`);
  await until(async () => (await names(p)).slice(0, 4).join() === 'Person 3,Person 5,Person 11,Person 0');
  const kept = await p.evaluate(() => [document.activeElement === globalThis.kept, globalThis.moved, getSelection().rangeCount > 0 && globalThis.kept.contains(getSelection().anchorNode)]);
  assert.deepEqual(kept, [true, 0, true]);
  await p.context().close();
});

test('five thousand who wait are drawn in parts, and the last of them can be reached', async () => {
  const p = await desk(browser, house, 'Tom Reed');
  const one = (n) => ({ id: `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`, priority: 'routine', red_flag: null, emotion: 'neutral', since: '2026-01-01T10:00:00Z', why: ['reason:x'], reason: 'x', reason_title: 'Asked for a person', name: `Waits ${n}`, inbox: 'web', team: 'front desk', waiting: 'stay', complaint: null, last: null });
  const conversations = Array.from({ length: 5000 }, (_, n) => one(n));
  await p.context().route(/\/api\/v1\/queue\?limit=/, (route) => {
    const limit = Number(new URL(route.request().url()).searchParams.get('limit'));
    return route.fulfill({ json: { conversations: conversations.slice(0, limit), total: conversations.length } });
  });
  await p.reload();
  await p.getByRole('tab', { name: 'Waiting (5000)' }).waitFor();
  assert.equal(await p.locator('.row').count(), 100);
  await p.getByRole('navigation', { name: 'Conversations' }).getByRole('button', { name: 'More' }).click();
  await p.waitForFunction(() => document.activeElement.textContent.includes('Waits 100'));
  assert.equal(await p.locator('.row').count(), 200);
  const paint = await p.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime);
  assert.ok(paint < 1000, `first painted after ${paint} ms`);
  await p.context().close();
});
