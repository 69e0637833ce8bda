// How the desk looks: light and dark, wide and narrow, empty, full and broken; in Spanish; by the keyboard alone.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { House, accessibility, launch, picture, wire } from './house.mjs';
import { desk, inform, open, signIn, talk, writes } from './desk.mjs';

let house;
let browser;
let priya;
before(async () => {
  house = await House.open({ NOHOLD_PICKUP_SECONDS: '1' });
  browser = await launch();
  priya = house.agent('Priya Shah', 'supervisor');
  house.agent('Tom Reed');
});
after(async () => { await browser?.close(); await house?.close(); });

const views = ['light', 'dark'].flatMap((colorScheme) => [1280, 390].map((width) => ({ name: `${colorScheme}-${width}`, colorScheme, viewport: { width, height: 800 } })));

/// Takes a picture, and looks whether axe finds anything or the page is wider than the screen.
const look = async (page, name) => {
  await picture(page, `look-${name}`);
  assert.deepEqual(await accessibility(page), [], name);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false, `${name}: no wider than the screen`);
};

test('empty', async () => {
  for (const { name, ...view } of views) {
    const p = await desk(browser, house, 'Priya Shah', view);
    await p.getByText('Nobody is waiting.').waitFor();
    await look(p, `empty-${name}`);
    await p.context().close();
  }
});

test('full: danger, long names, other alphabets, every part of a conversation, and a line that is cut', async () => {
  const long = `Anastasia-Maria ${'Papadopoulou'.repeat(6)}`;
  for (let n = 0; n < 40; n += 1) await writes(house, `full ${n}`, n % 5 === 0 ? 'I want to kill myself' : 'I want to speak to a person', n === 1 ? long : `Person ${n}`);
  const id = await writes(house, 'ar', 'Your nurse shouted at my mother on Maple ward yesterday. I want to speak to a person', 'أحمد الخطيب');
  await house.call(priya, 'POST', `conversations/${id}/claim`);
  for (const { name, ...view } of views) {
    const line = await wire(house.port);
    const p = await open(browser, `${line.url}/desk`, view);
    await signIn(p, 'Priya Shah');
    await p.locator('.row').filter({ hasText: 'Papadopoulou' }).waitFor();
    await look(p, `full-list-${name}`);
    await p.goto(`${line.url}/desk/c/${id}`);
    await p.getByRole('button', { name: 'Done' }).waitFor();
    await look(p, `full-talk-${name}`);
    await inform(p);
    await p.getByRole('button', { name: 'Edit' }).click();
    await look(p, `full-record-${name}`);
    await p.getByRole('button', { name: 'Cancel' }).click();
    await talk(p);
    await p.getByRole('button', { name: 'Hand over' }).click();
    await p.getByRole('radio').first().waitFor();
    await look(p, `full-hand-over-${name}`);
    await p.keyboard.press('Escape');
    assert.equal(await p.evaluate(() => document.activeElement.textContent), 'Hand over', 'the focus is where it was');
    await p.getByRole('textbox', { name: 'Reply' }).fill('Calm down. Is she even a patient of ours?');
    await p.keyboard.press('Control+Enter');
    await p.getByRole('button', { name: 'Send anyway' }).waitFor();
    await look(p, `full-held-${name}`);
    await p.getByRole('tab', { name: 'Note' }).click();
    await look(p, `full-note-${name}`);
    await p.getByRole('button', { name: 'Give back' }).click();
    await p.getByRole('button', { name: 'Undo' }).waitFor();
    await look(p, `full-undo-${name}`);
    await p.getByRole('button', { name: 'Undo' }).click();
    await p.getByRole('button', { name: 'Give back' }).waitFor();
    line.cut();
    await p.getByText('No connection to the program. It is tried again; nothing is lost.').waitFor();
    await look(p, `broken-${name}`);
    assert.deepEqual(p.problems, []);
    await p.context().close();
    line.close();
  }
});

test('in Spanish', async () => {
  const p = await open(browser, `${house.url}/desk`, { locale: 'es-ES' });
  await p.getByLabel('Nombre').fill('Priya Shah');
  await p.getByLabel('Contraseña').fill('a long password');
  await p.getByRole('button', { name: 'Entrar' }).click();
  await p.getByRole('tab', { name: /^Mías/ }).click();
  await p.locator('.row').first().click();
  await p.getByRole('textbox', { name: 'Respuesta' }).waitFor();
  await p.getByRole('button', { name: 'Traspasar' }).waitFor();
  await p.getByText(/Acusar recibo antes del/).waitFor();
  await p.getByText(/^Quién: .*familiar/).waitFor();
  assert.doesNotMatch(await p.locator('.info .summary, .info .signals').allInnerTexts().then((all) => all.join()), /Who:|Wants:|Promised|relative|upset|wants person/);
  assert.match(await p.locator('.suggestion-why').first().innerText(), /^Nombra lo que pasó/);
  assert.equal(await p.locator('html').getAttribute('lang'), 'es');
  await look(p, 'spanish-light-1280');
  await p.context().close();
});

test('by the keyboard alone: take somebody over, answer, hand over, undo', async () => {
  await writes(house, 'key', 'I want to speak to a person', 'Key Board');
  const p = await desk(browser, house, 'Tom Reed');
  const press = async (key, times = 1) => { for (let n = 0; n < times; n += 1) await p.keyboard.press(key); };
  const focused = () => p.evaluate(() => (document.activeElement === document.body ? '' : document.activeElement.textContent.trim()));
  const tabTo = async (text) => {
    for (let n = 0; n < 150; n += 1) {
      if ((await focused()).includes(text)) return;
      await press('Tab');
    }
    assert.fail(`the keyboard does not reach ${text}`);
  };
  await tabTo('Key Board');
  await press('Enter');
  await p.getByRole('heading', { name: 'Key Board' }).waitFor();
  await tabTo('Take it');
  await press('Enter');
  await p.getByRole('button', { name: 'Hand over' }).waitFor();
  await p.getByRole('textbox', { name: 'Reply' }).focus();
  await p.keyboard.type('Hello, I am here, and I will look into it today.');
  await press('Control+Enter');
  await p.locator('.entry.agent').filter({ hasText: 'I will look into it today' }).waitFor();
  assert.equal(await p.evaluate(() => document.activeElement.id), 'draft-reply', 'and goes on writing');
  for (let n = 0; n < 60 && await focused() !== 'Hand over'; n += 1) await press('Shift+Tab');
  await press('Enter');
  await p.getByRole('radio').first().waitFor();
  await press(' ');
  await press('Enter');
  await p.getByRole('button', { name: 'Undo' }).waitFor();
  await p.waitForFunction(() => document.activeElement.textContent === 'Undo');
  await press('Enter');
  await p.getByRole('button', { name: 'Hand over' }).waitFor();
  await p.waitForFunction(() => document.activeElement !== document.body);
  await p.context().close();
});
