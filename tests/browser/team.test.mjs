// The team: who waits, who is at work, taking over; accounts by link; one's own settings.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { House, accessibility, launch, picture } from './house.mjs';
import { desk, look, open, signIn, until, views, writes } from './desk.mjs';

let house;
let browser;
let priya;
before(async () => {
  house = await House.open({ NOHOLD_PICKUP_SECONDS: '1' });
  browser = await launch();
  priya = house.agent('Priya Shah');
  house.agent('Mo Bell', 'supervisor');
  house.agent('Ada Obi', 'admin');
});
after(async () => { await browser?.close(); await house?.close(); });

const page = (p, name) => p.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name });

test('a supervisor sees who waits, who works with whom, and takes a conversation over', async () => {
  const id = await writes(house, 'ann', 'I want to speak to a person', 'Ann Oduya');
  await house.call(priya, 'POST', `conversations/${id}/claim`);
  await writes(house, 'ann', 'are you there?', 'Ann Oduya');
  await writes(house, 'ben', 'I want to speak to a person', 'Ben Ito');
  const p = await desk(browser, house, 'Mo Bell');
  await page(p, 'Team').click();
  await p.getByRole('heading', { name: 'Team' }).waitFor();
  assert.match(p.url(), /\/desk\/team$/);
  await p.getByRole('row', { name: /front desk 1/ }).waitFor();
  const colleague = p.locator('.colleagues > li').filter({ hasText: 'Priya Shah' });
  await colleague.filter({ hasText: '1 conversation' }).waitFor();
  await p.locator('.colleagues > li').filter({ hasText: 'Mo Bell' }).filter({ hasText: 'at the desk' }).waitFor();
  await colleague.locator('summary').first().click();
  await colleague.getByText(/unanswered since/).waitFor();
  await look(p, 'team-supervisor');
  assert.equal(await p.getByRole('heading', { name: 'Accounts' }).count(), 0, 'accounts are for administrators');
  await writes(house, 'cy', 'I want to speak to a person', 'Cy Lund');
  await p.getByRole('row', { name: /front desk 2/ }).waitFor();
  await colleague.getByRole('button', { name: 'Ann Oduya' }).click();
  await p.getByRole('heading', { name: 'Ann Oduya' }).waitFor();
  await p.getByRole('button', { name: 'Take over' }).click();
  await until(async () => (await house.call(priya, 'GET', `conversations/${id}`)).holder === 'Mo Bell');
  await p.goBack();
  await p.getByRole('heading', { name: 'Team' }).waitFor();
  await page(p, 'Conversations').click();
  await p.getByRole('tab', { name: /^Waiting/ }).waitFor();
  assert.deepEqual(p.problems, []);
  await p.context().close();
});

test('an agent sees neither the page nor its link', async () => {
  const p = await desk(browser, house, 'Priya Shah');
  assert.equal(await page(p, 'Team').count(), 0);
  await p.goto(`${house.url}/desk/team`);
  await p.getByRole('tab', { name: /^Waiting/ }).waitFor();
  assert.equal(await p.getByRole('heading', { name: 'Team' }).count(), 0);
  await p.context().close();
});

test('an administrator invites by a link, which works once; changes a role; resets; disables after asking', async () => {
  const p = await desk(browser, house, 'Ada Obi');
  await page(p, 'Team').click();
  await p.getByRole('textbox', { name: 'Name', exact: true }).fill('T');
  await p.getByRole('button', { name: 'Invite' }).click();
  await p.getByText('a name has 2 to').waitFor();
  await p.getByRole('textbox', { name: 'Name', exact: true }).fill('Tom Reed');
  await p.getByRole('button', { name: 'Invite' }).click();
  const link = await p.getByRole('textbox', { name: /Pass this link on to Tom Reed/ }).inputValue();
  assert.match(link, /\/desk#join=[0-9a-f]+$/);
  await look(p, 'team-invited');
  const tom = await open(browser, link.replace(/^https?:\/\/[^/]+/, house.url));
  await tom.getByRole('heading', { name: 'Welcome to the desk' }).waitFor();
  assert.deepEqual(await accessibility(tom), []);
  await picture(tom, 'door-join-light-1280');
  await tom.getByLabel('Password').fill('a long password');
  await tom.getByRole('button', { name: 'Set up and sign in' }).click();
  await tom.getByText('Tom Reed · agent').waitFor();
  assert.doesNotMatch(tom.url(), /join/);
  const again = await open(browser, link.replace(/^https?:\/\/[^/]+/, house.url));
  await again.getByLabel('Password').fill('another long password');
  await again.getByRole('button', { name: 'Set up and sign in' }).click();
  await again.getByText('this link was used already').waitFor();
  await again.context().close();

  await p.getByRole('combobox', { name: 'Role: Tom Reed' }).focus();
  await p.keyboard.press('ArrowDown');
  assert.equal((await house.call(priya, 'GET', 'agents')).agents.find((a) => a.name === 'Tom Reed').role, 'agent', 'nothing happens by a key');
  await p.getByRole('button', { name: 'Change role: Tom Reed' }).click();
  await p.locator('.accounts > li').filter({ hasText: 'Tom Reed' }).getByText('supervisor', { exact: false }).first().waitFor();
  await until(async () => (await house.call(priya, 'GET', 'agents')).agents.find((a) => a.name === 'Tom Reed').role === 'supervisor');
  await p.getByRole('button', { name: 'New password: Tom Reed' }).click();
  await p.getByRole('textbox', { name: /Pass this link on to Tom Reed/ }).waitFor();
  await p.getByRole('button', { name: 'Disable: Tom Reed' }).click();
  await p.getByRole('dialog').getByText('will be signed out everywhere').waitFor();
  await p.getByRole('button', { name: 'Cancel' }).click();
  await p.getByRole('button', { name: 'Disable: Tom Reed' }).click();
  await p.getByRole('button', { name: 'Yes, disable' }).click();
  await p.getByRole('button', { name: 'Enable: Tom Reed' }).waitFor();
  await tom.getByRole('heading', { name: 'Sign in again' }).waitFor();
  await p.getByRole('button', { name: 'Disable: Ada Obi' }).click();
  await p.getByRole('button', { name: 'Yes, disable' }).click();
  await p.getByText('this is the last administrator').waitFor();
  assert.deepEqual(p.problems, []);
  await tom.context().close();
  await p.context().close();
});

test('in the settings one changes the password and ends other sessions', async () => {
  const there = await desk(browser, house, 'Priya Shah');
  const p = await desk(browser, house, 'Priya Shah');
  await page(p, 'Settings').click();
  await p.getByText('This browser').waitFor();
  await p.getByLabel('Your password').fill('wrong');
  await p.getByLabel('A new password').fill('a password of many words');
  await p.getByRole('button', { name: 'Change password' }).click();
  await p.getByText('that is not your password of now').waitFor();
  await look(p, 'settings-light-1280');
  await p.getByLabel('Your password').fill('a long password');
  await p.getByRole('button', { name: 'Change password' }).click();
  await p.getByText('Your password is changed').waitFor();
  await there.getByRole('heading', { name: 'Sign in again' }).waitFor();
  await p.getByRole('tab', { name: /^Waiting/ }).waitFor({ state: 'hidden' });
  assert.deepEqual(p.problems, []);
  await p.context().close();
  await there.context().close();
});

test('team and settings are readable in light and dark, wide and narrow, and say what is broken', async () => {
  for (const [name, view] of Object.entries(views)) {
    const p = await open(browser, `${house.url}/desk/team`, view);
    await signIn(p, 'Ada Obi');
    await p.locator('.accounts > li').first().waitFor();
    await p.getByRole('row', { name: /front desk/ }).waitFor();
    await look(p, `team-${name}`);
    await p.goto(`${house.url}/desk/settings`);
    await p.getByText('This browser').waitFor();
    await look(p, `settings-${name}`);
    await p.context().route(/api\/v1\/agents/, (route) => route.abort());
    await p.goto(`${house.url}/desk/team`);
    await p.getByRole('alert').filter({ hasText: 'No connection to the program.' }).waitFor();
    await look(p, `team-broken-${name}`);
    await p.context().close();
  }
});
