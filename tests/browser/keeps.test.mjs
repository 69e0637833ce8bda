// What is the person's own in the chat: their words, a copy of the talk, their pictures, this device; and how it
// was for them.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { House, accessibility, launch, picture } from './house.mjs';
import { open, until } from './desk.mjs';

let house;
let browser;
let priya;
before(async () => {
  house = await House.open();
  browser = await launch();
  priya = house.agent('Priya Shah');
});
after(async () => { await browser?.close(); await house?.close(); });

const dot = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGNk+M+ABzDhkxyJ0gD6AAERj1WyMAAAAABJRU5ErkJggg==', 'base64');
const views = { 'light-1280': {}, 'dark-390': { colorScheme: 'dark', viewport: { width: 390, height: 800 } } };

const chat = async (options = {}, before = null) => {
  const page = await open(browser, `${house.url}/`, options, before);
  await page.getByText('You don’t have to be a patient.').waitFor();
  return page;
};
const say = async (p, text) => {
  await p.getByLabel('Write a message').fill(text);
  await p.getByLabel('Write a message').press('Enter');
};
const mine = (p, text) => p.locator('.message.contact').filter({ hasText: text });
const answered = (p, text) => p.locator('.message.bot .text').filter({ hasText: text }).last().waitFor({ timeout: 30_000 });
/** The conversation in which these words were said. */
const saidIn = (words) => until(async () => (await house.call(priya, 'GET', `conversations?limit=1&q=${encodeURIComponent(words)}`)).conversations[0]?.id);
const resolved = async (id) => {
  await house.call(priya, 'POST', `conversations/${id}/claim`);
  await house.call(priya, 'POST', `conversations/${id}/messages`, { id: `r-${id}`, anyway: true, text: 'Hello, I am here and will look into it today.' });
  await house.call(priya, 'POST', `conversations/${id}/resolve`);
};
const menu = async (p, name) => {
  await p.getByRole('button', { name: 'More: keep, print, end' }).click();
  await p.getByRole('button', { name }).click();
};

for (const [name, view] of Object.entries(views)) {
  test(`their own words can be changed and taken back, ${name}`, async () => {
    const p = await chat(view);
    await say(p, 'when does visting start?');
    await answered(p, 'Visiting is every day');
    const first = mine(p, 'visting');
    assert.match(await first.locator('time').innerText(), /\d/);
    await first.getByRole('button', { name: 'Change or delete: when does visting start?' }).click();
    await picture(p, `chat-own-${name}`);
    assert.deepEqual(await accessibility(p), []);
    await first.getByRole('button', { name: 'Change', exact: true }).click();
    const field = p.getByRole('textbox', { name: 'Change' });
    await field.fill('no');
    await field.press('Escape');
    await first.waitFor();
    await p.getByRole('button', { name: /^Change or delete: when/ }).click();
    await p.getByRole('button', { name: 'Change', exact: true }).click();
    await field.fill('when does visiting start?');
    await p.getByRole('button', { name: 'Save', exact: true }).click();
    await mine(p, 'when does visiting start?').getByText('changed').waitFor();
    assert.equal(await mine(p, 'visting').count(), 0);
    const id = await saidIn('visiting');
    const at = async () => (await house.call(priya, 'GET', `conversations/${id}`)).messages[0];
    assert.deepEqual([(await at()).text, (await at()).edited], ['when does visiting start?', true]);

    await p.getByRole('button', { name: /^Change or delete: when/ }).click();
    await p.getByRole('button', { name: 'Delete', exact: true }).click();
    await p.getByText('Delete this message?').waitFor();
    assert.equal(await p.evaluate(() => document.querySelector('nohold-chat').shadowRoot.activeElement.textContent), 'Keep it');
    await p.getByRole('button', { name: 'Delete', exact: true }).click();
    await p.locator('.message.contact').getByText('Taken back').waitFor();
    assert.deepEqual([(await at()).text, (await at()).erased], ['', true]);
    await p.reload();
    await p.locator('.message.contact').getByText('Taken back').waitFor();
    assert.deepEqual(p.problems, []);
    await p.context().close();
  });
}

test('words of danger in a changed message are answered', async () => {
  const p = await chat();
  await say(p, 'hello');
  await answered(p, 'welcome');
  await p.getByRole('button', { name: 'Change or delete: hello' }).click();
  await p.getByRole('button', { name: 'Change', exact: true }).click();
  await p.getByRole('textbox', { name: 'Change' }).fill('I want to end my life');
  await p.getByRole('button', { name: 'Save', exact: true }).click();
  await p.getByRole('region', { name: 'In danger? Ring now:' }).getByRole('link', { name: 'Call 999' }).waitFor();
  await p.context().close();
});

test('the talk can be kept as text and on paper, with its reference', async () => {
  const printed = (page) => page.addInitScript(() => {
    globalThis.print = () => { parent.printed = document.body.innerText; dispatchEvent(new Event('afterprint')); };
  });
  const p = await chat({}, printed);
  await say(p, 'Your nurse shouted at my neighbour on Maple ward yesterday');
  await answered(p, 'your reference is NH-');
  const reference = /NH-[\w-]+/.exec(await p.locator('.message.bot .text').filter({ hasText: 'NH-' }).first().innerText())[0];
  const [download] = await Promise.all([p.waitForEvent('download'), menu(p, 'Save this talk as text')]);
  assert.ok(download.suggestedFilename().includes(reference), download.suggestedFilename());
  const text = readFileSync(await download.path(), 'utf8');
  for (const part of [`Reference: ${reference}`, 'You, ', 'Your nurse shouted at my neighbour on Maple ward yesterday', 'Assistant, ']) {
    assert.ok(text.includes(part), `${part} in ${text}`);
  }
  await menu(p, 'Print this talk');
  const paper = await until(() => p.evaluate(() => globalThis.printed));
  assert.ok(paper.includes(`Reference: ${reference}`) && paper.includes('Your nurse shouted'), paper);
  await until(async () => await p.locator('iframe').count() === 0);
  assert.deepEqual(p.problems, []);
  await p.context().close();
});

test('this device can forget the chat, and says by what one comes back', async () => {
  const p = await chat({ viewport: { width: 390, height: 800 } });
  await say(p, 'Your nurse shouted at my neighbour on Maple ward yesterday');
  await answered(p, 'your reference is NH-');
  await menu(p, 'End the chat on this device');
  await p.getByText(/Write this down to come back to your complaint: NH-/).waitFor();
  assert.doesNotMatch(await p.getByRole('region', { name: 'More: keep, print, end' }).innerText(), /null|undefined/);
  assert.deepEqual(await accessibility(p), []);
  await picture(p, 'chat-end-light-390');
  await p.getByRole('button', { name: 'Cancel' }).click();
  await mine(p, 'Your nurse shouted').waitFor();
  await menu(p, 'End the chat on this device');
  await p.getByRole('button', { name: 'End it now' }).click();
  await p.getByText('This device has forgotten the chat.').waitFor();
  assert.equal(await p.locator('.message').count(), 0);
  await say(p, 'hello');
  await answered(p, 'welcome');
  await p.reload();
  await mine(p, 'hello').waitFor();
  assert.equal(await mine(p, 'Your nurse shouted').count(), 0);
  await p.context().close();
});

test('they are asked once how it was, their answer is counted, and the desk reads their words', async () => {
  const p = await chat({ viewport: { width: 390, height: 800 } });
  await say(p, 'I want to speak to a person about parking');
  await p.getByText('A person will take over').waitFor();
  const id = await saidIn('parking');
  await resolved(id);
  const card = p.getByRole('region', { name: 'How was this talk for you?' });
  await card.waitFor();
  await picture(p, 'chat-rating-light-390');
  await card.getByRole('button', { name: 'Good', exact: true }).click();
  await p.getByText('Thank you. Your answer has reached us.').waitFor();
  const notes = async () => (await house.call(priya, 'GET', `conversations/${id}`)).messages.filter((m) => m.from === 'note').map((m) => m.text);
  assert.deepEqual((await notes()).slice(-1), ['They were asked how this talk was for them: 4 of 5.'], 'a tap is an answer');
  await card.getByRole('textbox', { name: 'Anything to add? (optional)' }).fill('<b>Priya</b> was kind');
  assert.deepEqual(await accessibility(p), []);
  await picture(p, 'chat-rated-light-390');
  await card.getByRole('button', { name: 'Send these words' }).click();
  await card.waitFor({ state: 'hidden' });
  assert.equal(await p.evaluate(() => document.querySelector('nohold-chat').shadowRoot.activeElement.tagName), 'TEXTAREA');
  await p.reload();
  await mine(p, 'I want to speak').waitFor();
  assert.equal(await card.isVisible(), false);
  const { messages } = await house.call(priya, 'GET', `conversations/${id}`);
  assert.equal(messages.at(-1).text, 'They add to that: "<b>Priya</b> was kind"');
  await p.context().close();
});

test('nobody is asked how it was after danger, and whoever declines is left in peace', async () => {
  const p = await chat();
  await say(p, 'I want to end my life tonight');
  await answered(p, 'I\'m really glad you told me');
  await resolved(await saidIn('end my life tonight'));
  await p.getByText('Done for now').waitFor();
  assert.equal(await p.getByText('How was this talk for you?').isVisible(), false);
  await p.context().close();

  const q = await chat();
  await say(q, 'I want to speak to a person about meals');
  await q.getByText('A person will take over').waitFor();
  await resolved(await saidIn('meals'));
  await q.getByRole('button', { name: 'No, thank you' }).click();
  await q.getByText('How was this talk for you?').waitFor({ state: 'hidden' });
  await q.reload();
  await q.getByText('Done for now').waitFor();
  assert.equal(await q.getByText('How was this talk for you?').isVisible(), false);
  await q.context().close();
});

test('their own pictures and those of an agent are shown, pasted ones too', async () => {
  const p = await chat();
  await p.locator('input[type=file]').setInputFiles({ name: 'leg.png', mimeType: 'image/png', buffer: dot });
  await p.getByRole('button', { name: 'Remove leg.png' }).waitFor();
  await p.getByLabel('Write a message').evaluate((field, base64) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], 'arm.png', { type: 'image/png' }));
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, dot.toString('base64'));
  await p.getByRole('button', { name: 'Remove arm.png' }).waitFor();
  await say(p, 'this is what it looks like');
  await p.getByRole('img', { name: 'Picture: leg.png' }).waitFor();
  await p.getByRole('img', { name: 'Picture: arm.png' }).waitFor();
  await house.call(priya, 'POST', `conversations/${await saidIn('what it looks like')}/messages`, { id: 'pic', anyway: true, text: 'Like this one that I send you here?', attachments: [{ name: 'like.png', media_type: 'image/png', content: dot.toString('base64') }] });
  await p.getByRole('img', { name: 'Picture: like.png' }).waitFor();
  await p.reload();
  await p.getByRole('img', { name: 'Picture: leg.png' }).waitFor();
  await p.getByRole('img', { name: 'Picture: like.png' }).waitFor();
  assert.deepEqual(await accessibility(p), []);
  assert.deepEqual(p.problems, []);
  await p.context().close();
});

test('the closed button counts what is unread, and the open panel keeps the focus on a phone', async () => {
  const host = `<!doctype html><html lang="en"><head><title>A clinic</title></head><body><main><h1>A clinic</h1><a href="#top">Home</a></main><script type="module" src="${house.url}/widget.js"></script></body></html>`;
  const clinic = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end(host)).listen(0, '127.0.0.1');
  await new Promise((done) => { clinic.on('listening', done); });
  const p = await open(browser, `http://127.0.0.1:${clinic.address().port}/`, { viewport: { width: 390, height: 700 } });
  await p.getByRole('button', { name: 'Chat with us' }).click();
  const panel = p.getByRole('dialog', { name: 'Chat with us' });
  assert.equal(await panel.getAttribute('aria-modal'), 'true');
  await say(p, 'I want to speak to a person about laundry');
  await p.getByText('A person will take over').waitFor();
  const inside = () => p.evaluate(() => document.activeElement.tagName);
  for (let n = 0; n < 12; n += 1) {
    await p.keyboard.press(n % 2 ? 'Shift+Tab' : 'Tab');
    await p.keyboard.press('Tab');
    assert.equal(await inside(), 'NOHOLD-CHAT', `after ${n}`);
  }
  await p.keyboard.press('Escape');
  await p.getByRole('button', { name: 'Chat with us', exact: true }).waitFor();
  const id = await saidIn('laundry');
  await house.call(priya, 'POST', `conversations/${id}/messages`, { id: 'u1', anyway: true, text: 'Hello, I am here and will look into it today.' });
  await p.getByRole('button', { name: /^Chat with us,? [12] new$/ }).waitFor();
  await picture(p, 'chat-unread-light-390');
  assert.deepEqual(await accessibility(p), []);
  await p.reload();
  await p.getByRole('button', { name: /^Chat with us,? [12] new$/ }).click();
  await p.getByText('Hello, I am here and will look into it today.').waitFor();
  await p.getByRole('button', { name: 'Close the chat' }).click();
  await p.getByRole('button', { name: 'Chat with us', exact: true }).waitFor();
  await p.context().close();
  clinic.close();
});
