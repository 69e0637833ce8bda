// Reports: how long people waited, for those who look after the desk.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { House, accessibility, launch, picture } from './house.mjs';
import { desk, open, signIn, until, views, writes } from './desk.mjs';

let house;
let browser;
before(async () => { house = await House.open(); browser = await launch(); house.agent('Mo Bell', 'supervisor'); });
after(async () => { await browser?.close(); await house?.close(); });


test('waits by channel and team, the days of one’s choice, and the same as CSV', async () => {
  const mo = house.run(['tokens', 'create', '--agent', 'Mo Bell']).trim().split(' ').at(-1);
  const p = await desk(browser, house, 'Mo Bell');
  await p.getByRole('link', { name: 'Reports' }).click();
  await p.getByText('Nothing in these days.').first().waitFor();
  assert.deepEqual(await accessibility(p), []);
  for (const name of ['ann', 'ben']) {
    const id = await writes(house, name, 'I want to speak to a person');
    await house.call(mo, 'POST', `conversations/${id}/messages`, { id: name, text: 'Hello, I am here and will look into it today.' });
    await house.call(mo, 'POST', `conversations/${id}/resolve`);
  }
  await p.getByRole('button', { name: 'Show' }).click();
  await p.getByRole('heading', { name: 'First human reply' }).waitFor();
  await p.getByRole('row', { name: /Everybody 2/ }).first().waitFor();
  await p.getByRole('row', { name: /front desk 2/ }).first().waitFor();
  await p.getByRole('heading', { name: 'How it was for people' }).waitFor();
  const plots = p.locator('figure img');
  assert.equal(await plots.count(), 4);
  for (const plot of await plots.all()) {
    await plot.scrollIntoViewIfNeeded();
    await until(() => plot.evaluate((image) => image.complete && image.naturalWidth > 0));
  }
  const [download] = await Promise.all([p.waitForEvent('download'), p.getByRole('link', { name: 'The same as CSV' }).click()]);
  assert.match(download.suggestedFilename(), /^nohold-.*\.csv$/);
  await p.getByLabel('First day').fill('2020-01-01');
  await p.getByRole('button', { name: 'Show' }).click();
  await p.getByText('a report has at most 366 days').waitFor();
  assert.deepEqual(p.problems, []);
  await p.context().close();
});

test('reports are readable in light and dark, wide and narrow, and say what is broken', async () => {
  for (const [name, view] of Object.entries(views)) {
    const p = await open(browser, `${house.url}/desk/reports`, view);
    await signIn(p, 'Mo Bell');
    await p.getByRole('row', { name: /Everybody/ }).first().waitFor();
    await picture(p, `reports-${name}`);
    assert.deepEqual(await accessibility(p), [], name);
    assert.equal(await p.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false, name);
    await p.context().route(/api\/v1\/reports/, (route) => route.abort());
    await p.getByRole('button', { name: 'Show' }).click();
    await p.getByRole('alert').filter({ hasText: 'No connection to the program.' }).waitFor();
    assert.deepEqual(await accessibility(p), [], name);
    await p.context().close();
  }
});
