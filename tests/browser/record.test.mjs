// The complaint's record beside the chat: edited in place, with its history.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { House, accessibility, launch, picture } from './house.mjs';
import { desk, inform, writes } from './desk.mjs';

let house;
let browser;
let priya;
let id;
before(async () => {
  house = await House.open();
  browser = await launch();
  priya = house.agent('Priya Shah');
  id = await writes(house, 'ana', 'Your nurse shouted at my mother on Maple ward yesterday', 'Ana Ruiz');
  await house.call(priya, 'POST', `conversations/${id}/claim`);
});
after(async () => { await browser?.close(); await house?.close(); });

/** A day so many days ago, as the API has it. */
const ago = (days) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
const record = async () => (await house.call(priya, 'GET', `conversations/${id}`)).complaint;
const opened = async (options) => {
  const p = await desk(browser, house, 'Priya Shah', options);
  await p.goto(`${house.url}/desk/c/${id}`);
  await p.locator('.head').waitFor();
  await inform(p);
  await p.getByRole('button', { name: 'Edit' }).click();
  return p;
};

test('every field is put right in place, with a reason, and the history tells it', async () => {
  const p = await opened();
  const box = (name) => p.getByRole('textbox', { name, exact: true });
  await box('Where').fill('Oak ward');
  await box('When').fill('Monday evening');
  await p.getByLabel('First day').fill(ago(7));
  await p.getByLabel('Last day').fill(ago(7));
  await box('Name').fill('Ana Ruiz López');
  await box('Reach them by').fill('07700 900123 (evenings)\nana@example.org');
  await box('Happened to').fill('Carmen López');
  await box('About').fill('Denise Hartley, nurse\n, the porter with a beard');
  await box('Wants').fill('an apology');
  await p.getByLabel('safeguarding').check();
  await box('Why it is changed (optional)').fill('She rang us.');
  assert.deepEqual(await accessibility(p), []);
  await p.getByRole('button', { name: 'Save' }).click();
  await p.getByRole('button', { name: 'Edit' }).waitFor();
  await p.locator('.facts').filter({ hasText: 'Oak ward' }).waitFor();
  const c = await record();
  assert.deepEqual([c.incident.where, c.incident.when_text, c.incident.from, c.incident.to], ['Oak ward', 'Monday evening', ago(7), ago(7)]);
  assert.deepEqual(c.complainant.contact, [{ kind: 'phone', value: '07700 900123', note: 'evenings' }, { kind: 'email', value: 'ana@example.org' }]);
  assert.deepEqual([c.complainant.name, c.affected_person.name, c.desired_outcome, c.safeguarding], ['Ana Ruiz López', 'Carmen López', 'an apology', true]);
  assert.deepEqual(c.subjects, [{ name: 'Denise Hartley', role: 'nurse' }, { name: null, role: 'the porter with a beard' }]);
  await p.getByText('History').click();
  const change = p.locator('.history-list > li').first();
  await change.filter({ hasText: 'Priya Shah' }).filter({ hasText: 'Because: She rang us.' }).filter({ hasText: /Where: .*Oak ward/ }).waitFor();
  await picture(p, 'desk-history-light-1280');
  assert.deepEqual(await accessibility(p), []);
  assert.deepEqual(p.problems, []);
  await p.context().close();
});

test('Cancel writes nothing, and what was not changed is not sent', async () => {
  const before = await record();
  const p = await opened();
  await p.getByRole('textbox', { name: 'Where' }).fill('nowhere');
  await p.getByRole('button', { name: 'Cancel' }).click();
  await p.getByRole('button', { name: 'Edit' }).click();
  assert.equal(await p.getByRole('textbox', { name: 'Where' }).inputValue(), 'Oak ward');
  await p.getByRole('button', { name: 'Save' }).click();
  await p.getByRole('button', { name: 'Edit' }).waitFor();
  assert.deepEqual(await record(), before);
  await p.context().close();
});

test('a wrong day is said, the focus goes there, and nothing that was typed is lost', async () => {
  const p = await opened();
  await p.getByRole('textbox', { name: 'Where' }).fill('Elm ward');
  await p.getByLabel('First day').fill(ago(6));
  await p.getByLabel('Last day').fill(ago(10));
  await p.getByRole('button', { name: 'Save' }).click();
  await p.getByText('the last day is before the first').waitFor();
  assert.equal(await p.evaluate(() => document.activeElement.id), 'record-to');
  assert.equal(await p.getByRole('textbox', { name: 'Where' }).inputValue(), 'Elm ward');
  await p.getByLabel('Last day').fill(ago(5));
  await p.getByRole('button', { name: 'Save' }).click();
  await p.locator('.facts').filter({ hasText: `${ago(6)} – ${ago(5)}` }).waitFor();
  await p.context().close();
});

test('the form is there on a phone and in the dark', async () => {
  for (const [name, view] of Object.entries({ 'dark-390': { colorScheme: 'dark', viewport: { width: 390, height: 800 } }, 'dark-1280': { colorScheme: 'dark' }, 'light-390': { viewport: { width: 390, height: 800 } } })) {
    const p = await opened(view);
    await picture(p, `desk-record-${name}`);
    assert.deepEqual(await accessibility(p), [], name);
    assert.equal(await p.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false, name);
    await p.context().close();
  }
});
