// The chat in a frightened person's hand: numbers that can be tapped, answers that begin where they are read, a line that is noticed when it dies.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { House, accessibility, launch, picture, wire } from './house.mjs';
import { open, until } from './desk.mjs';

let house;
let browser;
before(async () => { house = await House.open(); browser = await launch(); });
after(async () => { await browser?.close(); await house?.close(); });

const chat = async (options = {}, base = house.url) => {
  const page = await open(browser, `${base}/`, options);
  await page.getByText('You don’t have to be a patient.').waitFor();
  return page;
};
const say = async (p, text) => {
  await p.getByLabel('Write a message').fill(text);
  await p.keyboard.press('Enter');
};
const answered = (p, text) => p.locator('nohold-chat .message.bot .text').filter({ hasText: text }).last().waitFor({ timeout: 30_000 });

for (const view of [
  { name: 'light-1280', colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { name: 'dark-390', colorScheme: 'dark', viewport: { width: 390, height: 620 } },
]) {
  test(`in an emergency every number can be tapped and stays in sight, ${view.name}`, async () => {
    const { name, ...options } = view;
    const p = await chat(options);
    await say(p, "I can't go on, I want to end it all");
    await answered(p, 'I\'m really glad you told me');
    const links = p.locator('nohold-chat .message.emergency a');
    assert.deepEqual(await links.evaluateAll((all) => all.map((a) => a.getAttribute('href'))), ['tel:999', 'tel:116123']);
    const card = p.getByRole('region', { name: 'In danger? Ring now:' });
    assert.deepEqual(await card.getByRole('link').evaluateAll((all) => all.map((a) => [a.textContent, a.getAttribute('href')])), [['Call 999', 'tel:999'], ['Call 116 123', 'tel:116123']]);
    await picture(p, `chat-emergency-${name}`);
    assert.deepEqual(await accessibility(p), []);
    for (let n = 0; n < 3; n += 1) {
      await say(p, `I do not know what to do any more, ${n}`);
      await p.locator('nohold-chat .message.contact').filter({ hasText: `any more, ${n}` }).waitFor();
    }
    assert.equal(await card.getByRole('link', { name: 'Call 999' }).evaluate((a) => {
      const box = a.getBoundingClientRect();
      return box.top >= 0 && box.bottom <= innerHeight && box.height >= 44;
    }), true, 'it does not scroll away');
    await p.reload();
    await card.getByRole('link', { name: 'Call 999' }).waitFor();
    await p.context().close();
  });
}

test('a new answer is shown from its start', async () => {
  const p = await chat({ viewport: { width: 390, height: 420 } });
  await say(p, "My neighbour's home nurse shouted at me in front of the whole street this morning. I was on the phone to you for two hours.");
  await answered(p, 'your reference is NH-');
  const start = await p.evaluate(() => {
    const root = document.querySelector('nohold-chat').shadowRoot;
    const log = root.querySelector('.log');
    const all = [...root.querySelectorAll('.message')];
    const answer = all[all.findLastIndex((m) => m.classList.contains('contact')) + 1];
    return { tall: all.at(-1).getBoundingClientRect().bottom - answer.getBoundingClientRect().top > log.clientHeight, top: answer.getBoundingClientRect().top - log.getBoundingClientRect().top };
  });
  assert.ok(start.tall, 'the answer is longer than the screen, or this tests nothing');
  assert.ok(start.top >= 0 && start.top < 40, JSON.stringify(start));
  await p.context().close();
});

test('a line that falls silent without closing is noticed, and nothing is lost or said twice', async () => {
  const line = await wire(house.port);
  const p = await chat({}, line.url);
  await say(p, 'hello');
  await answered(p, 'welcome');
  line.silence();
  await say(p, 'when does visiting start?');
  await p.getByText('No connection.').waitFor({ timeout: 40_000 });
  line.mend();
  await answered(p, 'Visiting is every day');
  await p.getByText('No connection.').waitFor({ state: 'hidden', timeout: 30_000 });
  const texts = await p.locator('.message .text').allInnerTexts();
  assert.equal(texts.filter((t) => t === 'when does visiting start?').length, 1);

  line.silence();
  await p.evaluate(() => dispatchEvent(new Event('online')));
  await p.getByText('No connection.').waitFor({ timeout: 9_000 });
  line.mend();
  await p.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await p.getByText('No connection.').waitFor({ state: 'hidden', timeout: 9_000 });
  assert.deepEqual(await p.locator('.message .text').allInnerTexts(), texts);
  await p.context().close();
  line.close();
});

test('a message that fails once and then goes through clears the banner', async () => {
  const p = await chat();
  let failed = false;
  await p.route('**/inboxes/web/messages', (route) => {
    if (failed) return route.continue();
    failed = true;
    return route.abort();
  });
  await say(p, 'when does visiting start?');
  await p.getByText('No connection.').waitFor();
  await answered(p, 'Visiting is every day');
  await p.getByText('No connection.').waitFor({ state: 'hidden' });
  await p.context().close();
});

test('a file that is refused keeps the words, and can be left out', async () => {
  const p = await chat();
  await p.getByLabel('Write a message').fill('here is what the nurse wrote to me');
  await p.locator('input[type=file]').setInputFiles({ name: 'letter.exe', mimeType: 'application/x-msdownload', buffer: Buffer.from('MZ\u0000\u0001 not what it seems') });
  await p.getByRole('button', { name: 'Remove letter.exe' }).waitFor();
  await p.getByRole('button', { name: 'Send' }).click();
  const failed = p.locator('.message.failed').filter({ hasText: 'here is what the nurse wrote to me' });
  await failed.getByText('We cannot take this file. Your words are kept.').waitFor();
  await picture(p, 'chat-refused-file-light-1280');
  assert.deepEqual(await accessibility(p), []);
  await p.reload();
  await failed.getByRole('button', { name: 'Try again' }).click();
  await failed.getByText('We cannot take this file.').waitFor();
  await failed.getByRole('button', { name: 'Send without the file' }).click();
  await until(async () => await p.locator('.message.contact').filter({ hasText: 'here is what the nurse' }).count() === 1 && await p.locator('.failed').count() === 0);
  await p.getByLabel('Write a message').fill('and one more');
  await p.reload();
  assert.equal(await p.getByLabel('Write a message').inputValue(), 'and one more', 'what is being written is kept');
  await p.context().close();
});
