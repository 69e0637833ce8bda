// The second factor: set up in the settings, asked for at the door, taken off by an administrator.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { House, launch } from './house.mjs';
import { desk, look, open, views } from './desk.mjs';

let house;
let browser;
before(async () => {
  house = await House.open();
  browser = await launch();
  house.agent('Priya Shah');
  house.agent('Ada Obi', 'admin');
});
after(async () => { await browser?.close(); await house?.close(); });


/// The code that an app shows, so many steps from now (RFC 6238).
const code = (key, later = 0) => {
  const bits = [...key.replaceAll(' ', '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const secret = Buffer.from(bits.match(/.{8}/g).map((b) => Number.parseInt(b, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later));
  const hash = createHmac('sha1', secret).update(step).digest();
  const number = hash.readUInt32BE(hash.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
};

const settings = async (p) => {
  await p.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Settings' }).click();
  await p.getByRole('heading', { name: 'Second factor' }).waitFor();
  return p.locator('section').filter({ has: p.getByRole('heading', { name: 'Second factor' }) });
};

const knock = async (p, password = 'a long password') => {
  await p.getByLabel('Name').fill('Priya Shah');
  await p.getByLabel('Password').fill(password);
  await p.getByRole('button', { name: 'Sign in' }).click();
};

let key;
let recovery;

test('it is set up by a picture, and turned on by a first code', async () => {
  const p = await desk(browser, house, 'Priya Shah');
  const part = await settings(p);
  await part.getByLabel('Password').fill('wrong');
  await part.getByRole('button', { name: 'Set up' }).click();
  await part.getByText('that is not your password of now').waitFor();
  await part.getByLabel('Password').fill('a long password');
  await part.getByRole('button', { name: 'Set up' }).click();
  await part.getByRole('img', { name: 'The key as a QR code' }).waitFor();
  key = await part.locator('code').first().textContent();
  for (const [name, view] of Object.entries(views)) {
    await p.emulateMedia({ colorScheme: view.colorScheme ?? 'light' });
    await p.setViewportSize(view.viewport ?? { width: 1280, height: 800 });
    await part.getByRole('img').scrollIntoViewIfNeeded();
    await look(p, `second-factor-${name}`);
  }
  await part.getByRole('textbox', { name: 'Code' }).fill('000000');
  await part.getByRole('button', { name: 'Turn on' }).click();
  await part.getByText('that code is wrong').waitFor();
  await part.getByRole('textbox', { name: 'Code' }).fill(code(key));
  await p.keyboard.press('Enter');
  await part.getByText('Keep these recovery codes').waitFor();
  recovery = await part.locator('.codes code').allTextContents();
  assert.equal(recovery.length, 10);
  await look(p, 'second-factor-codes');
  await p.reload();
  await p.getByText('Recovery codes left: 10').waitFor();
  assert.deepEqual(p.problems, []);
  await p.context().close();
});

test('at the door the password alone does not open', async () => {
  const p = await open(browser, `${house.url}/desk`);
  await knock(p, 'wrong');
  await p.getByText('Name or password is wrong').waitFor();
  assert.equal(await p.getByLabel('Code').isVisible(), false, 'nothing is told');
  await knock(p);
  await p.getByLabel('Code').waitFor();
  assert.equal(await p.getByLabel('Code').evaluate((node) => node === document.activeElement), true);
  await look(p, 'door-code');
  await p.getByLabel('Code').fill('000000');
  await p.keyboard.press('Enter');
  await p.getByText('That code is wrong').waitFor();
  await p.getByLabel('Code').fill(code(key, 1));
  await p.keyboard.press('Enter');
  await p.locator('.top').waitFor();
  assert.deepEqual(p.problems, []);
  await p.context().close();
});

test('a recovery code opens once, and an administrator turns it off after asking', async () => {
  const p = await open(browser, `${house.url}/desk`);
  await knock(p);
  await p.getByLabel('Code').fill(recovery[0].toUpperCase());
  await p.keyboard.press('Enter');
  await p.locator('.top').waitFor();
  await settings(p);
  await p.getByText('Recovery codes left: 9').waitFor();
  const ada = await desk(browser, house, 'Ada Obi');
  await ada.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Team' }).click();
  await ada.getByRole('button', { name: 'Second factor off: Priya Shah' }).click();
  await ada.getByRole('dialog').getByText('by the password alone').waitFor();
  await ada.getByRole('button', { name: 'Yes, turn it off' }).click();
  await ada.getByRole('button', { name: 'Second factor off: Priya Shah' }).waitFor({ state: 'detached' });
  const again = await desk(browser, house, 'Priya Shah');
  assert.deepEqual([...again.problems, ...ada.problems, ...p.problems], []);
  for (const one of [p, ada, again]) await one.context().close();
});
