// An agent's day: what calls for them wherever they look, the talk and the reply in sight together, and work that is passed on.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { House, accessibility, launch, picture } from './house.mjs';
import { desk, open, said, signIn, until, writes } from './desk.mjs';

let house;
let browser;
const tokens = {};
before(async () => {
  house = await House.open();
  browser = await launch();
  for (const [name, role] of [['Ben Ward', 'agent'], ['Priya Shah', 'agent'], ['Sue Hall', 'supervisor'], ['Ada Obi', 'admin']]) tokens[name] = house.agent(name, role);
});
after(async () => { await browser?.close(); await house?.close(); });

const views = {
  'light-1280': {}, 'dark-1280': { colorScheme: 'dark' }, 'light-390': { viewport: { width: 390, height: 844 } }, 'dark-390': { colorScheme: 'dark', viewport: { width: 390, height: 844 } }, 'zoomed-640': { viewport: { width: 640, height: 400 } },
};
const at = (id) => house.call(tokens['Sue Hall'], 'GET', `conversations/${id}`);
const row = (page, name) => page.locator('.list .row').filter({ hasText: name });
/// Somebody whom an agent has.
const held = async (agent, person, text = 'I want to speak to a person') => {
  const id = await writes(house, person, text, person);
  await house.call(tokens[agent], 'POST', `conversations/${id}/claim`);
  return id;
};

test('a new danger in a conversation that is somebody\u2019s calls for everybody, wherever they look, until it is answered', async () => {
  const maria = await held('Ben Ward', 'Maria Lopez');
  const tom = await held('Ben Ward', 'Tom Baker');
  const ben = await desk(browser, house, 'Ben Ward');
  const sue = await desk(browser, house, 'Sue Hall');
  await ben.goto(`${house.url}/desk/c/${tom}`);
  await ben.getByRole('tab', { name: /^Mine \(2\)/ }).waitFor();
  await writes(house, 'Maria Lopez', 'please answer me, she is not breathing', 'Maria Lopez');
  for (const page of [ben, sue]) {
    await page.getByRole('alert').getByRole('button', { name: /^Maria Lopez: Medical emergency, since .* Ben Ward has them$/ }).waitFor();
    assert.deepEqual(await accessibility(page), []);
  }
  await picture(sue, 'desk-danger-of-another-light-1280');
  await picture(ben, 'desk-danger-of-ones-own-light-1280');
  await ben.getByRole('alert').getByRole('button', { name: /^Maria Lopez/ }).click();
  await ben.getByRole('heading', { name: 'Maria Lopez' }).waitFor();
  await ben.locator('.head').getByText('Danger: Medical emergency').waitFor();
  assert.equal(await sue.locator('.alarms li').count(), 1, 'looking is not answering');
  await ben.getByRole('textbox', { name: 'Reply' }).fill('I am ringing the ambulance now. Stay with her; I am here.');
  await ben.keyboard.press('Control+Enter');
  await until(async () => await sue.locator('.alarms li').count() === 0 && await ben.locator('.alarms li').count() === 0);
  await ben.getByRole('tab', { name: /^Mine/ }).click();
  assert.match(await ben.locator('.row-name').first().innerText(), /Maria Lopez/, 'danger stands first');
  assert.deepEqual([...ben.problems, ...sue.problems], []);
  for (const page of [ben, sue]) await page.context().close();
  for (const id of [maria, tom]) await house.call(tokens['Sue Hall'], 'POST', `conversations/${id}/resolve`);
});

test('however many are in danger, the alarm is one line with their number, and opens to a list', async () => {
  const names = ['Eve Hart', 'Fay Moss', 'Gil Wood', 'Hal Birch', 'Ida Beck', 'Jon Ash'];
  const ids = [];
  for (const name of names) ids.push(await writes(house, name, 'I want to kill myself', name));
  for (const name of ['light-1280', 'dark-390', 'zoomed-640']) {
    const p = await desk(browser, house, 'Priya Shah', views[name]);
    await p.getByRole('button', { name: 'All 6' }).waitFor();
    assert.ok(await p.locator('.alarm').evaluate((bar) => bar.offsetHeight) <= 52, `${name}: one line`);
    await p.getByRole('button', { name: 'All 6' }).click();
    assert.deepEqual((await p.locator('.alarms li').allInnerTexts()).map((text) => text.split(':')[0]), names);
    await picture(p, `desk-alarm-open-${name}`);
    assert.deepEqual(await accessibility(p), [], name);
    await p.keyboard.press('Escape');
    assert.equal(await p.evaluate(() => document.activeElement.textContent), 'All 6');
    await p.getByRole('button', { name: 'All 6' }).click();
    await p.getByRole('alert').getByRole('button', { name: /^Jon Ash/ }).click();
    await p.getByRole('heading', { name: 'Jon Ash' }).waitFor();
    await p.context().close();
  }
  for (const id of ids) await house.call(tokens['Sue Hall'], 'POST', `conversations/${id}/resolve`);
});

test('new words of one\u2019s own person are told on every tab and page: a mark on Mine, a note that leads there and can be closed', async () => {
  const [ann, bo] = [await held('Ben Ward', 'Ann Oduya'), await held('Ben Ward', 'Bo Lind')];
  for (const [id, name] of [[ann, 'Ann'], [bo, 'Bo']]) await house.call(tokens['Ben Ward'], 'POST', `conversations/${id}/messages`, { id: `hello ${id}`, text: `Hello ${name}, I am here and will look into it today.` });
  const p = await desk(browser, house, 'Ben Ward');
  await p.getByRole('tab', { name: 'Mine (2)', exact: true }).waitFor();
  const top = await p.locator('.tabs').boundingBox();
  await writes(house, 'Ann Oduya', 'Are you there?', 'Ann Oduya');
  await p.getByRole('tab', { name: 'Mine (2) 1 unread' }).waitFor();
  const told = p.getByRole('status').getByRole('button', { name: 'Ann Oduya has written to you.', exact: true });
  await told.waitFor();
  assert.deepEqual(await p.locator('.tabs').boundingBox(), top, 'nothing moves for it');
  await picture(p, 'desk-told-light-1280');
  assert.deepEqual(await accessibility(p), []);
  await p.getByRole('button', { name: 'Close: Ann Oduya has written to you.' }).click();
  await told.waitFor({ state: 'detached' });
  await p.getByRole('link', { name: 'Settings' }).click();
  await writes(house, 'Bo Lind', 'And me?', 'Bo Lind');
  await p.getByRole('button', { name: 'Bo Lind has written to you.', exact: true }).click();
  await p.getByRole('heading', { name: 'Bo Lind' }).waitFor();
  await p.getByRole('button', { name: 'Bo Lind has written to you.', exact: true }).waitFor({ state: 'detached' });
  await p.getByRole('tab', { name: 'Mine (2) 1 unread' }).waitFor();
  assert.deepEqual(p.problems, []);
  await p.context().close();
  for (const id of [ann, bo]) await house.call(tokens['Sue Hall'], 'POST', `conversations/${id}/resolve`);
});

const story = ['My mother waited five hours in A&E on Sunday and nobody gave her water.', 'I want to speak to a person', 'She is 82, and she was crying. I asked three times at the desk.'];

test('the talk stands at the person\u2019s last words, and it and the reply are in sight together', async () => {
  let id;
  for (const text of story) id = await writes(house, 'Cy Lund', text, 'Cy Lund');
  await house.call(tokens['Priya Shah'], 'POST', `conversations/${id}/claim`);
  const sight = (p) => p.evaluate(() => {
    const box = (s) => document.querySelector(s).getBoundingClientRect();
    const talk = box('.talk');
    const words = [...document.querySelectorAll('.entry.contact')].at(-1).getBoundingClientRect();
    const seen = (b) => b.top >= 0 && b.bottom <= innerHeight;
    return { talk: talk.height, words: words.top >= talk.top - 1 && words.top < talk.bottom, reply: seen(box('#draft-reply')) && seen(box('.panel.reply .primary')), page: document.scrollingElement.scrollHeight <= innerHeight, wide: document.scrollingElement.scrollWidth <= innerWidth };
  });
  const least = { 1280: 400, 390: 400, 640: 120 };
  for (const [name, view] of Object.entries(views)) {
    const p = await open(browser, `${house.url}/desk/c/${id}`, view);
    await signIn(p, 'Priya Shah');
    await p.getByRole('button', { name: 'Done' }).waitFor();
    const { talk, ...rest } = await sight(p);
    assert.deepEqual(rest, { words: true, reply: true, page: true, wide: true }, name);
    assert.ok(talk >= least[name.split('-')[1]], `${name}: the talk is ${talk} px high`);
    await picture(p, `desk-day-${name}`);
    assert.deepEqual(await accessibility(p), [], name);
    const end = () => p.locator('.talk').evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight);
    const before = await end();
    await p.getByRole('textbox', { name: 'Reply' }).fill('Please calm down. You should have told us earlier.');
    await p.locator('.finding').first().waitFor();
    await until(async () => Math.abs(await end() - before) < 3);
    const coached = await sight(p);
    assert.ok(coached.reply && coached.talk >= 0.55 * least[name.split('-')[1]], `${name}: with the coach ${JSON.stringify(coached)}`);
    await p.getByRole('textbox', { name: 'Reply' }).fill('/');
    const list = p.getByRole('listbox', { name: 'Replies that stand ready' });
    await list.waitFor();
    const [above, field] = [await list.boundingBox(), await p.getByRole('textbox', { name: 'Reply' }).boundingBox()];
    assert.ok(above.y >= 0 && above.y + above.height <= field.y + 1, `${name}: the list covers nothing of the field`);
    await picture(p, `desk-day-ready-${name}`);
    assert.deepEqual(p.problems, []);
    await p.context().close();
  }
  await house.call(tokens['Sue Hall'], 'POST', `conversations/${id}/resolve`);
});

test('on a phone the head is a menu button, what to know is one tap away, and Back finds the row again', async () => {
  const id = await held('Priya Shah', 'Dee Hill', 'Your porter shouted at my mother on Maple ward yesterday');
  const p = await desk(browser, house, 'Priya Shah', views['light-390']);
  assert.ok(await p.locator('.top').evaluate((bar) => bar.offsetHeight) <= 48);
  await p.getByRole('button', { name: 'Menu' }).click();
  await p.getByRole('button', { name: 'Sign out' }).waitFor();
  await picture(p, 'desk-menu-light-390');
  assert.deepEqual(await accessibility(p), []);
  await p.getByRole('link', { name: 'Settings' }).click();
  await p.getByRole('heading', { name: 'Settings' }).waitFor();
  await p.getByRole('button', { name: 'Menu' }).click();
  await p.getByRole('link', { name: 'Conversations' }).click();
  await p.getByRole('tab', { name: /^Mine/ }).click();
  await row(p, 'Dee Hill').click();
  await p.getByRole('button', { name: 'What to know' }).click();
  await p.getByRole('button', { name: 'Edit' }).waitFor();
  assert.equal(await p.getByRole('textbox', { name: 'Reply' }).isVisible(), false);
  await p.getByRole('button', { name: 'The talk' }).click();
  await p.getByRole('textbox', { name: 'Reply' }).waitFor();
  await p.getByRole('button', { name: '\u2190 Back' }).click();
  await p.waitForFunction(() => document.activeElement.textContent.includes('Dee Hill'));
  await p.context().close();
  await house.call(tokens['Sue Hall'], 'POST', `conversations/${id}/resolve`);
});

test('whoever takes over an emergency is not asked, and writes at once', async () => {
  const id = await held('Ben Ward', 'Eli Stone', 'I can\u2019t go on, I want to end it all');
  const p = await desk(browser, house, 'Sue Hall');
  await p.goto(`${house.url}/desk/c/${id}`);
  await p.getByRole('button', { name: 'Take over' }).click();
  await p.waitForFunction(() => document.activeElement.id === 'draft-reply' && !document.activeElement.disabled, null, { timeout: 4000 });
  assert.equal(await p.getByRole('dialog').count(), 0);
  assert.equal((await at(id)).holder, 'Sue Hall');
  assert.equal(await p.getByRole('button', { name: 'Snooze' }).count(), 0, 'whoever may be in danger cannot be put off');
  await p.context().close();
  await house.call(tokens['Sue Hall'], 'POST', `conversations/${id}/resolve`);
});

test('who is handed a conversation is told by whom, its row is unread, and the person is told no more than is true', async () => {
  const id = await held('Priya Shah', 'Flo Berg');
  const p = await desk(browser, house, 'Ben Ward');
  await p.getByRole('tab', { name: 'Mine (0)' }).waitFor();
  await house.call(tokens['Priya Shah'], 'POST', `conversations/${id}/transfer`, { agent: 'Ben Ward' });
  await p.getByRole('button', { name: 'Priya Shah handed Flo Berg over to you.', exact: true }).waitFor();
  await p.getByRole('tab', { name: 'Mine (1) 1 unread' }).click();
  await row(p, 'Flo Berg').filter({ hasText: 'unread' }).filter({ hasText: 'handed over by Priya Shah' }).waitFor();
  const told = (await said(house, tokens['Sue Hall'], id)).at(-1);
  assert.match(told, /^Ben takes this over now: .*They read what you wrote and then write to you/);
  await row(p, 'Flo Berg').click();
  await row(p, 'Flo Berg').filter({ hasText: 'unread' }).waitFor({ state: 'detached' });
  await p.locator('.state').filter({ hasText: 'handed over by Priya Shah' }).waitFor();
  await picture(p, 'desk-handed-light-1280');
  await p.context().close();
  await house.call(tokens['Sue Hall'], 'POST', `conversations/${id}/resolve`);
});

test('nobody stays with an agent who was disabled: they wait for somebody else at once, and are told', async () => {
  tokens['Gus Roe'] = house.agent('Gus Roe');
  const id = await held('Gus Roe', 'Hana Ito');
  const p = await desk(browser, house, 'Ada Obi');
  await p.goto(`${house.url}/desk/team`);
  await p.getByRole('button', { name: 'Disable: Gus Roe' }).click();
  await p.getByRole('dialog').getByText('Gus Roe has 1 conversation: it goes back to those who wait at once').waitFor();
  await p.getByRole('button', { name: 'Yes, disable' }).click();
  await until(async () => (await at(id)).status === 'queued');
  assert.match((await said(house, tokens['Sue Hall'], id)).at(-1), /^Gus has passed this on to a colleague/);
  await p.context().close();
  await house.call(tokens['Sue Hall'], 'POST', `conversations/${id}/resolve`);
});

test('what is too long is not cut: it is said in the reply, in the note and in the chat, and goes out once it is short enough', async () => {
  const id = await held('Priya Shah', 'Ian Pell');
  const p = await desk(browser, house, 'Priya Shah');
  await p.goto(`${house.url}/desk/c/${id}`);
  const long = 'word '.repeat(4000);
  for (const [field, button] of [['Reply', 'Send reply'], ['Note', 'Add note']]) {
    await p.getByRole('tab', { name: field }).click();
    const box = p.getByRole('textbox', { name: field });
    await box.fill(long);
    await p.getByRole('alert').filter({ hasText: 'This is too long to send: at most 16,384 characters, 3,616 too many.' }).first().waitFor();
    await p.getByRole('button', { name: button }).click();
    assert.equal(await box.inputValue(), long);
    await picture(p, `desk-too-long-${field.toLowerCase()}-light-1280`);
    assert.deepEqual(await accessibility(p), []);
    await box.fill('I will look into it today.');
    await p.getByRole('button', { name: button }).click();
    await until(async () => await box.inputValue() === '');
  }
  const chat = await open(browser, `${house.url}/`, views['light-390']);
  await chat.getByText('You don\u2019t have to be a patient.').waitFor();
  await chat.getByLabel('Write a message').fill('x'.repeat(20_000));
  await chat.getByRole('button', { name: 'Send' }).click();
  await chat.getByText('This is 3,616 characters too long to send at once.').waitFor();
  assert.equal((await chat.getByLabel('Write a message').inputValue()).length, 20_000);
  await picture(chat, 'chat-too-long-light-390');
  assert.deepEqual(await accessibility(chat), []);
  assert.equal(await chat.locator('.message').count(), 0);
  await p.context().close();
  await chat.context().close();
  await house.call(tokens['Sue Hall'], 'POST', `conversations/${id}/resolve`);
});

test('Done asks once more while they are writing; and the number to ring stays before their eyes', async () => {
  const chat = await open(browser, `${house.url}/`, views['light-390']);
  await chat.getByText('You don\u2019t have to be a patient.').waitFor();
  await chat.getByLabel('Write a message').fill('I can\u2019t go on, I want to end it all');
  await chat.keyboard.press('Enter');
  const card = chat.getByRole('region', { name: 'In danger? Ring now:' });
  await card.getByRole('link', { name: 'Call 999' }).waitFor();
  const p = await desk(browser, house, 'Ben Ward');
  await row(p, 'I want to end it all').click();
  await p.getByRole('button', { name: 'Take it' }).click();
  await p.getByRole('button', { name: 'Done' }).waitFor();
  // The chat tells it once in a few seconds.
  await until(async () => {
    await chat.getByLabel('Write a message').press('w');
    return p.getByText('They are writing').isVisible();
  });
  await p.getByRole('button', { name: 'Done' }).click();
  await p.getByRole('dialog', { name: 'Somebody is writing to you' }).waitFor();
  assert.deepEqual(await accessibility(p), []);
  await p.getByRole('button', { name: 'Cancel' }).click();
  const [{ id }] = (await house.call(tokens['Ben Ward'], 'GET', 'conversations?holder=me')).conversations;
  await house.call(tokens['Ben Ward'], 'POST', `conversations/${id}/resolve`);
  await chat.getByText('Done for now').waitFor();
  await card.getByRole('link', { name: 'Call 999' }).waitFor();
  await chat.reload();
  await chat.getByText('Done for now').waitFor();
  assert.equal(await card.isVisible(), false, 'the matter is over for who comes back later');
  await p.context().close();
  await chat.context().close();
});

test('the setting for sound says when the browser plays none yet', async () => {
  const p = await desk(browser, house, 'Ada Obi');
  await p.goto('about:blank');
  await p.goto(`${house.url}/desk`);
  await p.getByText('Sound: not yet').waitFor();
  await picture(p, 'desk-sound-light-1280');
  const inside = (s) => p.locator(s).last().evaluate((node) => node.getBoundingClientRect().right <= innerWidth);
  assert.ok(await inside('.top-all > button'), 'everything in the head has its place');
  await p.keyboard.press('Shift');
  await p.getByText('Sound', { exact: true }).waitFor();
  await p.context().close();
});
