// The register at the desk: the list with its filters, one complaint, and the figures.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { House, accessibility, launch, picture } from './house.mjs';
import { desk, until, views, writes } from './desk.mjs';

let house;
let browser;
let mo;
before(async () => {
  house = await House.open();
  browser = await launch();
  house.run(['demo', '--conversations', '60', '--complaints', '70']);
  mo = house.agent('Mo Bell', 'supervisor');
});
after(async () => { await browser?.close(); await house?.close(); });


test('complaints are listed, narrowed down by what is asked, and gone through to the end', async () => {
  const id = await writes(house, 'ana', 'Your nurse shouted at my mother on Maple ward yesterday, says Wilberforce', 'Ana Ruiz');
  const p = await desk(browser, house, 'Mo Bell');
  await p.getByRole('link', { name: 'Complaints', exact: true }).click();
  await p.getByRole('heading', { name: 'Complaints', exact: true }).waitFor();
  await p.getByText('50 shown; there are more.').waitFor();
  assert.equal(await p.getByRole('row').count(), 51);
  await p.getByRole('button', { name: 'More' }).click();
  await p.getByText('71 shown; that is all.').waitFor();
  assert.equal(await p.evaluate(() => document.activeElement.tagName), 'A', 'the focus is on the first that is new');
  // A mere change of a choice does nothing.
  await p.getByRole('combobox', { name: 'Status' }).selectOption('open');
  assert.equal(await p.getByRole('row').count(), 72);
  await p.getByRole('combobox', { name: 'Status' }).selectOption('');
  await p.getByRole('searchbox', { name: 'Words' }).fill('wilberforce');
  await p.getByRole('searchbox', { name: 'Words' }).press('Enter');
  await p.getByText('1 shown; that is all.').waitFor();
  await p.getByLabel('First day').fill('2026-02-02');
  await p.getByLabel('Last day').fill('2026-02-01');
  await p.getByRole('button', { name: 'Show' }).click();
  await p.getByText('the last day is before the first').waitFor();
  assert.equal(await p.evaluate(() => document.activeElement.id), 'register-to');
  assert.deepEqual(await accessibility(p), []);
  assert.deepEqual(p.problems, []);
  assert.ok(id);
  await p.context().close();
});

test('a complaint is moved by its actions, put off with a reason, and read beside its story', async () => {
  const id = await writes(house, 'ben', 'Your porter shouted at my father on Oak ward yesterday', 'Ben Ito');
  const { complaint } = await house.call(mo, 'GET', `conversations/${id}`);
  const record = () => house.call(mo, 'GET', `complaints/${complaint.reference}`);
  const p = await desk(browser, house, 'Mo Bell');
  await p.goto(`${house.url}/desk/complaints/${complaint.reference}`);
  await p.getByRole('heading', { name: `Complaint ${complaint.reference}`, level: 2 }).waitFor();
  await p.getByText('Your porter shouted at my father on Oak ward yesterday').first().waitFor();
  assert.equal(await p.getByRole('link', { name: 'Complaints', exact: true }).getAttribute('aria-current'), 'page');
  await p.getByRole('combobox', { name: 'Action' }).first().selectOption('close');
  await p.getByRole('button', { name: 'Do it' }).first().click();
  await p.getByText('Please say why').waitFor();
  await p.getByRole('combobox', { name: 'Action' }).first().selectOption('acknowledge');
  await p.getByRole('button', { name: 'Do it' }).first().click();
  await p.getByText('Saved.').first().waitFor();
  assert.equal((await record()).status, 'acknowledged');
  await p.getByRole('combobox', { name: 'Clock' }).selectOption('respond');
  await p.getByLabel('Until (to extend)').fill('2030-12-24');
  await p.getByRole('textbox', { name: 'Reason', exact: true }).fill('an expert is asked');
  await p.getByRole('button', { name: 'Do it' }).last().click();
  await until(async () => (await record()).deadlines[1].extensions?.[0]?.why === 'an expert is asked');
  await p.getByText('an expert is asked (Mo Bell)').waitFor();
  assert.deepEqual(await accessibility(p), []);
  await p.getByRole('link', { name: 'The conversation' }).click();
  await p.getByRole('heading', { name: 'Ben Ito' }).waitFor();
  assert.deepEqual(p.problems, []);
  await p.context().close();
});

test('the pages are readable in light and dark, wide and narrow, and the figures come as CSV too', async () => {
  const { complaints } = await house.call(mo, 'GET', 'complaints?limit=1');
  for (const [name, view] of Object.entries(views)) {
    const p = await desk(browser, house, 'Mo Bell', view);
    for (const [page, path] of [['register', 'complaints'], ['case', `complaints/${complaints[0].reference}`], ['figures', 'complaints/report']]) {
      await p.goto(`${house.url}/desk/${path}`);
      await p.locator(page === 'case' ? '.case .facts' : '.page-body td').first().waitFor();
      await picture(p, `desk-${page}-${name}`);
      assert.deepEqual(await accessibility(p), [], `${page} ${name}`);
      assert.equal(await p.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false, `${page} ${name}`);
    }
    if (name === 'light-1280') {
      const [download] = await Promise.all([p.waitForEvent('download'), p.getByRole('link', { name: 'The same as CSV' }).click()]);
      assert.match(download.suggestedFilename(), /^nohold-complaints-.*\.csv$/);
    }
    assert.deepEqual(p.problems, []);
    await p.context().close();
  }
});
