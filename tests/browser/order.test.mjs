// How agents keep order: labels, putting off, replies that stand ready, keys, and what else there is of somebody.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { House, accessibility, launch, picture } from './house.mjs';
import { desk, inform, talk, until, writes } from './desk.mjs';

let house;
let browser;
let priya;
before(async () => {
  house = await House.open();
  browser = await launch();
  priya = house.agent('Priya Shah');
});
after(async () => { await browser?.close(); await house?.close(); });

const at = (id) => house.call(priya, 'GET', `conversations/${id}`);
const row = (page, name) => page.locator('.row').filter({ hasText: name });
const taken = async (name, options) => {
  const id = await writes(house, name, 'I want to speak to a person', name);
  await house.call(priya, 'POST', `conversations/${id}/claim`);
  const p = await desk(browser, house, 'Priya Shah', options);
  await p.goto(`${house.url}/desk/c/${id}`);
  await p.getByRole('button', { name: 'Done' }).waitFor();
  return { id, p };
};

test('a label is put on, stands in the list, is offered for the next one, and is taken off', async () => {
  const { id, p } = await taken('Ann Oduya');
  const box = p.getByRole('combobox', { name: 'Add a label' });
  await box.fill('Car Park');
  await p.keyboard.press('Enter');
  await p.getByRole('button', { name: 'Remove car park' }).waitFor();
  assert.deepEqual((await at(id)).labels, ['car park']);
  await p.getByRole('tab', { name: /^Mine/ }).click();
  await row(p, 'Ann Oduya').filter({ hasText: 'car park' }).waitFor();
  await box.focus();
  await p.waitForFunction(() => [...document.querySelectorAll('#labels-known option')].some((o) => o.value === 'car park'));
  assert.deepEqual(await accessibility(p), []);
  await picture(p, 'desk-labels-light-1280');
  await p.getByRole('button', { name: 'Remove car park' }).click();
  await p.getByRole('button', { name: 'Remove car park' }).waitFor({ state: 'detached' });
  assert.deepEqual((await at(id)).labels, []);
  assert.deepEqual(p.problems, []);
  await p.context().close();
});

test('somebody is put off until they write: last in one’s list, and back at once with their answer', async () => {
  const { id, p } = await taken('Ben Ito');
  await p.getByRole('button', { name: 'Snooze' }).click();
  const dialog = p.getByRole('dialog', { name: 'Put Ben Ito off' });
  await dialog.getByRole('button', { name: 'Snooze' }).click();
  await dialog.getByRole('alert').filter({ hasText: 'Choose until when.' }).waitFor();
  assert.deepEqual(await accessibility(p), []);
  await picture(p, 'desk-snooze-light-1280');
  await dialog.getByRole('radio', { name: 'Until they write' }).check();
  await dialog.getByRole('button', { name: 'Snooze' }).click();
  await p.getByRole('button', { name: 'Take up now' }).waitFor();
  assert.deepEqual((await at(id)).snoozed, { by: 'Priya Shah', until: null });
  await p.getByRole('tab', { name: /^Mine/ }).click();
  await row(p, 'Ben Ito').filter({ hasText: 'put off until they write' }).waitFor();
  assert.match((await p.locator('.row-name').allInnerTexts()).at(-1), /Ben Ito/);
  await writes(house, 'Ben Ito', 'I have the letter now', 'Ben Ito');
  await p.getByRole('button', { name: 'Snooze' }).waitFor();
  await row(p, 'Ben Ito').filter({ hasText: 'you have it' }).waitFor();
  await p.context().close();
});

test('somebody is put off until a time, not one that is over, and taken up before it', async () => {
  const { id, p } = await taken('Cy Lund');
  await p.getByRole('button', { name: 'Snooze' }).click();
  await p.getByRole('radio', { name: 'Until a time' }).check();
  await p.locator('#snooze-at').fill('2020-01-01T10:00');
  await p.getByRole('dialog').getByRole('button', { name: 'Snooze' }).click();
  await p.getByRole('alert').filter({ hasText: 'Choose a time that is still to come.' }).waitFor();
  await p.getByRole('radio', { name: 'Until tomorrow morning' }).check();
  await p.getByRole('dialog').getByRole('button', { name: 'Snooze' }).click();
  await p.getByRole('button', { name: 'Take up now' }).click();
  await p.getByRole('button', { name: 'Snooze' }).waitFor();
  assert.equal((await at(id)).snoozed, null);
  await p.context().close();
});

test('a reply that stands ready comes by "/", is chosen by keys, and can be taken out again', async () => {
  const { p } = await taken('Dee Hill');
  const reply = p.getByRole('textbox', { name: 'Reply' });
  await reply.focus();
  await p.keyboard.type('Good morning. /');
  const list = p.getByRole('listbox', { name: 'Replies that stand ready' });
  await list.getByRole('option').first().waitFor();
  assert.deepEqual(await accessibility(p), []);
  await picture(p, 'desk-canned-light-1280');
  await p.keyboard.type('hel');
  await until(async () => (await list.getByRole('option').count()) === 1);
  assert.equal(await reply.getAttribute('aria-activedescendant'), 'canned-0');
  await p.keyboard.press('Enter');
  assert.match(await reply.inputValue(), /^Good morning\. Hello Dee, I'm Priya, a person at Willowbrook Care\./);
  await p.getByRole('button', { name: 'Take it out again' }).click();
  assert.equal(await reply.inputValue(), 'Good morning. /hel');
  await reply.fill('and/or');
  assert.equal(await list.isVisible(), false, 'a slash within a word opens nothing');
  await reply.fill('/nothing_like_it');
  assert.equal(await list.isVisible(), false);
  await reply.fill('');
  await p.keyboard.type('/vis');
  await list.getByRole('option', { name: /visiting/ }).first().waitFor();
  await p.keyboard.press('Escape');
  assert.equal(await list.isVisible(), false);
  assert.equal(await reply.inputValue(), '/vis');
  await p.context().close();
});

test('keys do what buttons do, never while somebody types, and can be switched off; "?" tells them', async () => {
  const id = await writes(house, 'Eve Hart', 'I want to speak to a person', 'Eve Hart');
  const p = await desk(browser, house, 'Priya Shah');
  await row(p, 'Eve Hart').waitFor();
  await p.keyboard.press('?');
  const help = p.getByRole('dialog', { name: 'Keys' });
  await help.getByText('Take it').waitFor();
  assert.deepEqual(await accessibility(p), []);
  await picture(p, 'desk-keys-light-1280');
  await p.keyboard.press('Escape');
  await p.keyboard.press('j');
  await p.getByRole('heading', { name: 'Eve Hart' }).waitFor();
  await p.keyboard.press('t');
  await p.getByRole('button', { name: 'Done' }).waitFor();
  await p.keyboard.press('r');
  assert.equal(await p.evaluate(() => document.activeElement.id), 'draft-reply');
  await p.keyboard.type('dth?');
  assert.equal(await p.getByRole('textbox', { name: 'Reply' }).inputValue(), 'dth?');
  assert.equal((await at(id)).deferred, null, 'letters that are typed do nothing else');
  await p.getByRole('heading', { name: 'Eve Hart' }).focus();
  await p.keyboard.press('?');
  await help.getByRole('checkbox', { name: 'Single keys do something' }).uncheck();
  await help.getByRole('button', { name: 'Close' }).click();
  await p.keyboard.press('d');
  await p.keyboard.press('2');
  assert.equal(await p.getByRole('button', { name: 'Undo' }).count(), 0);
  await p.keyboard.press('?');
  await help.getByRole('checkbox').check();
  await p.keyboard.press('Escape');
  await p.keyboard.press('3');
  assert.equal(await p.getByRole('tab', { name: 'All' }).getAttribute('aria-selected'), 'true');
  assert.deepEqual(p.problems, []);
  await p.context().close();
});

test('what somebody complained of before stands beside the record of now', async () => {
  const id = await writes(house, 'Flo Berg', 'Your porter shouted at my mother on Maple ward yesterday', 'Flo Berg');
  const first = (await at(id)).complaint.reference;
  await house.call(priya, 'POST', `conversations/${id}/claim`);
  await house.call(priya, 'POST', `conversations/${id}/resolve`);
  await writes(house, 'Flo Berg', 'Your driver blocked my driveway this morning, I want to complain', 'Flo Berg');
  const p = await desk(browser, house, 'Priya Shah');
  await p.goto(`${house.url}/desk/c/${id}`);
  await p.getByRole('heading', { name: 'Earlier complaints' }).waitFor();
  await p.locator('.earlier li').filter({ hasText: first }).filter({ hasText: 'open' }).waitFor();
  await p.context().close();
});

test('all of it in the dark and on a phone', async () => {
  for (const [name, view] of Object.entries({ 'dark-390': { colorScheme: 'dark', viewport: { width: 390, height: 800 } }, 'dark-1280': { colorScheme: 'dark' }, 'light-390': { viewport: { width: 390, height: 800 } } })) {
    const { id, p } = await taken(`Gus ${name}`, view);
    await house.call(priya, 'POST', `conversations/${id}/labels`, { add: ['a label with many words in it', 'noise'] });
    await inform(p);
    await p.getByRole('button', { name: 'Remove noise' }).waitFor();
    await picture(p, `desk-to-know-${name}`);
    assert.deepEqual(await accessibility(p), [], name);
    await talk(p);
    await p.getByRole('textbox', { name: 'Reply' }).focus();
    await p.keyboard.type('/');
    await p.getByRole('option').first().waitFor();
    await picture(p, `desk-order-${name}`);
    assert.deepEqual(await accessibility(p), [], name);
    await p.keyboard.press('Escape');
    await p.getByRole('button', { name: 'Snooze' }).click();
    await p.getByRole('radio').first().waitFor();
    await picture(p, `desk-snooze-${name}`);
    assert.deepEqual(await accessibility(p), [], name);
    assert.equal(await p.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false, name);
    await p.context().close();
  }
});
