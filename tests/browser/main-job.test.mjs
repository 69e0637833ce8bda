// The main job, as a neighbour and an agent live it, in a real browser.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { House, accessibility, launch, picture, wire } from './house.mjs';
import { inform } from './desk.mjs';

let house;
let browser;
before(async () => { house = await House.open(); browser = await launch(); });
after(async () => { await browser?.close(); await house?.close(); });

const views = [
  { name: 'light-1280', colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { name: 'dark-390', colorScheme: 'dark', viewport: { width: 390, height: 800 } },
];

const page = async (options = {}, path = '/', base = house.url) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', ...options });
  const opened = await context.newPage();
  opened.problems = [];
  opened.on('pageerror', (e) => opened.problems.push(String(e)));
  opened.on('console', (m) => { if (m.type() === 'error' && /Content Security Policy|Refused/.test(m.text())) opened.problems.push(m.text()); });
  await opened.goto(base + path);
  return opened;
};

const say = async (p, text) => {
  await p.getByLabel('Write a message').fill(text);
  await p.keyboard.press('Enter');
};
const bubbles = (p, from) => p.locator(`nohold-chat .message.${from} .text`);
const answered = (p, text) => bubbles(p, 'bot').filter({ hasText: text }).last().waitFor({ timeout: 10_000 });

const signIn = async (p, name) => {
  await p.getByLabel('Name').fill(name);
  await p.getByLabel('Password').fill('a long password');
  await p.getByRole('button', { name: 'Sign in' }).click();
  await p.getByRole('tab', { name: /Waiting/ }).waitFor();
};

test('the first administrator sets a password by the one-time link, which works once', async () => {
  const p = await page({}, `/desk#setup=${house.invitation}`);
  assert.deepEqual(await accessibility(p), []);
  await p.getByLabel('Your name').fill('Ada Obi');
  await p.getByLabel('Password').fill('a long password');
  await p.getByRole('button', { name: 'Set up and sign in' }).click();
  await p.getByText('Nobody is waiting.').waitFor();
  const again = await fetch(`${house.url}/api/v1/setup`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ token: house.invitation, name: 'Eve Hart', password: 'a long password' }) });
  assert.equal(again.status, 403);
  await p.context().close();
});

test('a neighbour complains, gets a reference, is taken over, and reads the reply in the chat', async () => {
  house.agent('Priya Shah');
  const chat = await page();
  await chat.getByText('You don’t have to be a patient.').waitFor();
  await picture(chat, 'chat-empty-light-1280');
  assert.deepEqual(await accessibility(chat), []);

  await say(chat, "My neighbour's home nurse shouted at me in front of the whole street this morning. I was on the phone to you for two hours.");
  await answered(chat, 'your reference is NH-');
  await say(chat, 'outside my front door, 14 Elm Way');
  await answered(chat, 'Do you know who it was');
  await say(chat, 'Denise Hartley, it was on her badge');
  await answered(chat, 'What name may I put on this?');
  await picture(chat, 'chat-talking-light-1280');
  await say(chat, 'Martin Brooks');
  await answered(chat, 'How can we reach you');
  await say(chat, 'martin.brooks@example.org');
  await answered(chat, 'What would you like to happen now?');
  await say(chat, 'an apology, and that it stops');
  await answered(chat, 'Everything you told me is on record under NH-');
  const choices = chat.getByRole('group', { name: 'Answers to choose from' });
  await choices.getByRole('button', { name: "I'll stay here" }).click();
  await answered(chat, 'I’m here as well'.replace('’', "'"));
  assert.deepEqual(await accessibility(chat), []);

  const desk = await page({}, '/desk');
  await signIn(desk, 'Priya Shah');
  await picture(desk, 'desk-queue-light-1280');
  await desk.getByRole('button', { name: /Martin Brooks/ }).click();
  await desk.getByRole('heading', { name: 'Martin Brooks' }).waitFor();
  const summary = await desk.locator('.summary').innerText();
  assert.match(summary, /Martin Brooks; neighbour/);
  assert.match(summary, /shouted at me/);
  assert.match(summary, /an apology/);
  await desk.getByRole('button', { name: 'Take it' }).click();
  await chat.getByText('Priya, a person').first().waitFor();

  await desk.getByRole('textbox', { name: 'Reply' }).fill('Please calm down.');
  await desk.getByText('Leave the feeling be').waitFor();
  await picture(desk, 'desk-coach-light-1280');
  assert.deepEqual(await accessibility(desk), []);
  await desk.getByRole('textbox', { name: 'Reply' }).fill('');
  await desk.locator('.suggestion').first().click();
  const draft = await desk.getByRole('textbox', { name: 'Reply' }).inputValue();
  assert.match(draft, /being shouted at/);
  await desk.locator('.coach .finding').waitFor({ state: 'detached' });
  await desk.getByRole('textbox', { name: 'Reply' }).fill(`${draft} Is half past four all right?`);
  const typing = chat.getByText('Priya is writing…');
  await typing.waitFor();
  await picture(desk, 'desk');
  await desk.getByRole('button', { name: 'Send reply' }).click();
  await chat.locator('.message.agent').filter({ hasText: 'Is half past four all right?' }).waitFor();
  await picture(chat, 'chat');

  await say(chat, 'Yes, thank you.');
  await desk.locator('.entry.contact').filter({ hasText: 'Yes, thank you.' }).waitFor();
  await desk.getByRole('tab', { name: 'Note' }).click();
  await desk.getByRole('textbox', { name: 'Note' }).fill('Spoke to the manager of the round.');
  await desk.getByRole('button', { name: 'Add note' }).click();
  await desk.locator('.entry.note').filter({ hasText: 'manager of the round' }).waitFor();
  await desk.getByRole('button', { name: 'Edit' }).click();
  await desk.getByLabel('Status').selectOption('acknowledged');
  await desk.getByRole('button', { name: 'Save' }).click();
  await desk.locator('.deadlines li').filter({ hasText: 'done' }).waitFor();
  await desk.getByRole('button', { name: 'Done' }).click();
  await chat.getByText('Done for now').waitFor();
  assert.equal(await chat.getByText('manager of the round').count(), 0, 'a note never leaves the desk');
  assert.deepEqual([...chat.problems, ...desk.problems], []);

  await chat.reload();
  await bubbles(chat, 'contact').filter({ hasText: 'Yes, thank you.' }).waitFor();
  assert.equal(await bubbles(chat, 'contact').filter({ hasText: 'Yes, thank you.' }).count(), 1, 'still there after a reload, once');
  await chat.context().close();
  await desk.context().close();
});

test('what is written while the connection is broken is sent once when it is back', async () => {
  const line = await wire(house.port);
  const chat = await page({}, '/', line.url);
  await chat.getByText('You don’t have to be a patient.').waitFor();
  await say(chat, 'hello');
  await answered(chat, 'welcome');
  line.cut();
  await chat.getByText('No connection.').waitFor();
  await say(chat, 'when does visiting start?');
  await say(chat, 'and is there parking?');
  await chat.getByText('Not sent yet').first().waitFor();
  await picture(chat, 'chat-broken-light-1280');
  assert.deepEqual(await accessibility(chat), []);
  line.mend();
  await answered(chat, 'Visiting is every day');
  await answered(chat, 'The main car park');
  await chat.getByText('Not sent yet').first().waitFor({ state: 'detached' });
  const order = await chat.locator('.message .text').allInnerTexts();
  assert.equal(order.filter((t) => t === 'when does visiting start?').length, 1);
  assert.ok(order.indexOf('when does visiting start?') < order.indexOf('and is there parking?'));
  line.cut();
  await chat.getByText('No connection.').waitFor();
  line.mend();
  await chat.getByText('No connection.').waitFor({ state: 'hidden' });
  assert.deepEqual(await chat.locator('.message .text').allInnerTexts(), order, 'coming back shows nothing twice');
  await chat.context().close();
  line.close();
});

test('the program is killed in the middle of a talk and the talk goes on', async () => {
  const chat = await page();
  await chat.getByText('You don’t have to be a patient.').waitFor();
  await say(chat, 'your driver blocked my driveway again today');
  await answered(chat, 'your reference is NH-');
  await house.kill();
  await chat.getByText('No connection.').waitFor();
  await say(chat, 'I live next door to your clinic');
  await house.start();
  await chat.getByText('Not sent yet').waitFor({ state: 'detached', timeout: 30_000 });
  const theirs = await bubbles(chat, 'contact').allInnerTexts();
  assert.deepEqual(theirs, ['your driver blocked my driveway again today', 'I live next door to your clinic']);
  await chat.context().close();
});

test('what people write is shown as text and never runs', async () => {
  const evil = '<img src=x onerror="document.title=\'taken\'"><script>document.title="taken"</script>';
  const chat = await page();
  await chat.getByText('You don’t have to be a patient.').waitFor();
  await say(chat, `My name is Eve Stone. I want a person ${evil}`);
  await bubbles(chat, 'contact').filter({ hasText: '<img src=x' }).waitFor();
  const desk = await page({}, '/desk');
  await signIn(desk, 'Priya Shah');
  await desk.getByRole('button', { name: /Eve Stone/ }).click();
  await desk.locator('.entry.contact').filter({ hasText: '<img src=x' }).waitFor();
  assert.notEqual(await desk.title(), 'taken');
  assert.notEqual(await chat.title(), 'taken');
  assert.deepEqual([...chat.problems, ...desk.problems], []);
  await chat.context().close();
  await desk.context().close();
});

test('a photo is kept with the talk and comes to the agent as a download', async () => {
  const chat = await page();
  await chat.getByText('You don’t have to be a patient.').waitFor();
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64');
  await chat.locator('input[type=file]').setInputFiles({ name: 'door.png', mimeType: 'image/png', buffer: png });
  await chat.getByRole('button', { name: 'Remove door.png' }).waitFor();
  await chat.getByRole('button', { name: 'Send' }).click();
  await answered(chat, 'What would you like us to know about it?');
  const token = house.run(['tokens', 'create', '--agent', 'Priya Shah']).trim().split(' ').at(-1);
  const { conversations } = await house.call(token, 'GET', 'conversations?status=bot');
  const detail = await house.call(token, 'GET', `conversations/${conversations[0].id}`);
  const file = await fetch(`${house.url}/api/v1/attachments/${detail.messages[0].attachments[0].id}`, { headers: { authorization: `Bearer ${token}` } });
  assert.match(file.headers.get('content-disposition'), /^attachment/);
  assert.match(file.headers.get('content-security-policy'), /sandbox/);
  assert.deepEqual(Buffer.from(await file.arrayBuffer()), png);
  await chat.context().close();
});

test('the widget comes by one script tag on a stranger\'s page, opens and closes by keyboard', async () => {
  const shop = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><html lang="en"><title>Shop</title><main><h1>Shop</h1></main><script type="module" src="${house.url}/widget.js"></script>`);
  });
  await new Promise((done) => { shop.listen(0, '127.0.0.1', done); });
  const host = await page({}, '/', `http://127.0.0.1:${shop.address().port}`);
  await host.getByRole('button', { name: 'Chat with us' }).press('Enter');
  await host.getByText('You don’t have to be a patient.').waitFor();
  await say(host, 'hello');
  await answered(host, 'welcome');
  await picture(host, 'widget-light-1280');
  await host.keyboard.press('Escape');
  await host.getByRole('button', { name: 'Chat with us' }).waitFor();
  assert.deepEqual(host.problems, []);
  await host.context().close();
  shop.close();
});

test('chat and desk are readable in dark, on a phone, and from right to left', async () => {
  house.agent('Sol Vega', 'supervisor');
  for (const view of views) {
    const chat = await page(view);
    await chat.getByText('You don’t have to be a patient.').waitFor();
    await say(chat, 'I want to complain about the noise your staff make next door, I live downstairs');
    await answered(chat, 'NH-');
    await say(chat, 'مرحبا، أعيش في الطابق السفلي');
    await bubbles(chat, 'contact').filter({ hasText: 'مرحبا' }).waitFor();
    assert.deepEqual(await accessibility(chat), [], view.name);
    const wide = await chat.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
    assert.equal(wide, false, `${view.name}: the page is no wider than the screen`);
    await picture(chat, `chat-${view.name}`);
    await say(chat, 'I want a person please');
    await answered(chat, /person|team/);
    const desk = await page(view, '/desk');
    assert.deepEqual(await accessibility(desk), [], view.name);
    await picture(desk, `door-${view.name}`);
    await signIn(desk, 'Sol Vega');
    await desk.locator('.row').first().waitFor();
    await picture(desk, `desk-list-${view.name}`);
    assert.deepEqual(await accessibility(desk), [], view.name);
    await desk.locator('.row').first().click();
    await desk.locator('.head').waitFor();
    await inform(desk);
    await desk.locator('.summary').waitFor();
    await picture(desk, `desk-open-${view.name}`);
    assert.deepEqual(await accessibility(desk), [], view.name);
    const deskWide = await desk.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
    assert.equal(deskWide, false, `${view.name}: the desk is no wider than the screen`);
    await chat.context().close();
    await desk.context().close();
  }
  const small = await page({ viewport: { width: 320, height: 568 } });
  await small.getByText('You don’t have to be a patient.').waitFor();
  assert.equal(await small.evaluate(() => document.documentElement.scrollWidth > 320), false);
  await picture(small, 'chat-320');
  await small.context().close();
});

test('everybody at the desk is alerted to danger, at once', async () => {
  const desk = await page({}, '/desk');
  await signIn(desk, 'Sol Vega');
  await house.call('test-token', 'POST', 'inboxes/http/messages', { id: 'danger-1', sender: { id: 'd' }, text: "I can't go on, I want to end it all" });
  await desk.getByRole('alert').getByRole('button', { name: /^Somebody: Self-harm or suicide, since/ }).waitFor();
  await picture(desk, 'desk-alert-light-1280');
  assert.deepEqual(await accessibility(desk), []);
  await desk.context().close();
});
