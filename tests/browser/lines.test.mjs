// What the desk shows of the channels outside: replies on their way and given up, lines that are down, files both ways.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { House, accessibility, launch, picture } from './house.mjs';
import { Telegram } from './telegram.mjs';

let telegram;
let house;
let browser;
before(async () => { telegram = await Telegram.open(); house = await House.open(telegram.env); browser = await launch(); });
after(async () => { telegram?.close(); await browser?.close(); await house?.close(); });

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64');

const desk = async (name, options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  await page.goto(`${house.url}/desk`);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill('a long password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('tab', { name: /Waiting/ }).waitFor();
  return page;
};

test('a reply that did not arrive is shown, listed for supervisors, and sent again', async () => {
  house.agent('Mo Bell', 'supervisor');
  telegram.says('I want to talk with a person, please');
  const p = await desk('Mo Bell');
  await p.locator('.row').filter({ hasText: 'Ann Smith' }).click();
  await p.getByRole('button', { name: 'Take it' }).click();
  telegram.blocked = true;
  await p.getByRole('textbox', { name: 'Reply' }).fill("I'm sorry that this happened. I'll ring the team today and write to you by four.");
  await p.getByRole('button', { name: 'Send reply' }).click();
  await p.locator('.entry.failed').filter({ hasText: 'ring the team' }).waitFor();
  await p.locator('.entry.note').filter({ hasText: 'did not arrive' }).waitFor();
  await p.getByRole('tab', { name: /Not delivered \([12]\)/ }).click();
  await p.locator('.undelivered').filter({ hasText: 'ring the team' }).waitFor();
  await picture(p, 'desk-undelivered-light-1280');
  assert.deepEqual(await accessibility(p), []);
  telegram.blocked = false;
  while (await p.locator('.undelivered').count()) {
    const rest = await p.locator('.undelivered').count();
    await p.getByRole('button', { name: 'Send again' }).first().click();
    await p.waitForFunction((n) => document.querySelectorAll('.undelivered').length < n, rest);
  }
  await p.getByText('Everything has been delivered.').waitFor();
  await p.locator('.entry.failed').first().waitFor({ state: 'detached' });
  assert.ok(telegram.sent.some((text) => text.includes('ring the team')));
  await p.context().close();
});

test('a line that is down is said, in light and dark, wide and narrow; so is that it is back', async () => {
  telegram.fall();
  for (const [name, options] of [['light-1280', {}], ['dark-390', { colorScheme: 'dark', viewport: { width: 390, height: 800 } }]]) {
    const p = await desk('Mo Bell', options);
    await p.getByText(/Telegram is down since .*It is tried again by itself/).waitFor();
    await picture(p, `desk-line-down-${name}`);
    assert.deepEqual(await accessibility(p), [], name);
    assert.equal(await p.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false, name);
    await p.getByRole('tab', { name: /Not delivered/ }).click();
    await p.getByText('Everything has been delivered.').waitFor();
    if (name === 'dark-390') {
      telegram.down = false;
      await p.getByText(/Telegram is down/).waitFor({ state: 'detached', timeout: 30_000 });
    }
    await p.context().close();
  }
});

test('an agent sends a file, and the visitor saves it from the chat', async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true });
  const chat = await context.newPage();
  await chat.goto(house.url);
  await chat.getByText('You don’t have to be a patient.').waitFor();
  await chat.getByLabel('Write a message').fill('My name is Zoe Park. I want a person please');
  await chat.keyboard.press('Enter');
  const p = await desk('Mo Bell');
  await p.locator('.row').filter({ hasText: 'Zoe Park' }).click();
  await p.getByRole('button', { name: 'Take it' }).click();
  await p.locator('.answer input[type=file]').setInputFiles([{ name: 'huge.png', mimeType: 'image/png', buffer: Buffer.alloc((5 << 20) + 1) }]);
  await p.getByText('huge.png is larger than 5 MB.').waitFor();
  await p.locator('.answer input[type=file]').setInputFiles([{ name: 'form.png', mimeType: 'image/png', buffer: png }]);
  await p.getByRole('button', { name: 'Remove form.png' }).waitFor();
  await picture(p, 'desk-file-light-1280');
  assert.deepEqual(await accessibility(p), []);
  await p.getByRole('button', { name: 'Send reply' }).click();
  await p.locator('.entry.agent').filter({ hasText: 'form.png' }).waitFor();
  const [download] = await Promise.all([chat.waitForEvent('download'), chat.getByRole('button', { name: 'Save the file form.png' }).click()]);
  assert.equal(download.suggestedFilename(), 'form.png');
  assert.deepEqual(await accessibility(chat), []);
  await picture(chat, 'chat-agent-file-light-1280');
  await p.context().close();
  await context.close();
});
