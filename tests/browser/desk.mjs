// How agents and people come to their pages.

import assert from 'node:assert/strict';
import { accessibility, picture } from './house.mjs';

const narrow = { viewport: { width: 390, height: 800 } };
const dark = { colorScheme: 'dark' };

/// How a page is looked at: light and dark, wide and narrow.
export const views = { 'light-1280': {}, 'dark-1280': dark, 'light-390': narrow, 'dark-390': { ...dark, ...narrow } };

/// A picture of it; everybody can use it, and nothing reaches beyond its sides.
export const look = async (p, name) => {
  await picture(p, name);
  assert.deepEqual(await accessibility(p), [], name);
  assert.equal(await p.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false, name);
};

/// Another page of the desk, by its link, which stands behind a menu where there is little room.
export const turnTo = async (p, name) => {
  const menu = p.getByRole('button', { name: 'Menu' });
  if (await menu.isVisible()) await menu.click();
  await p.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name }).click();
  await p.getByRole('heading', { name, level: 2 }).waitFor();
};

/// A page of a context of its own; what goes wrong in it is gathered in `problems`.
export const open = async (browser, url, options = {}, before = null) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  page.problems = [];
  page.on('pageerror', (e) => page.problems.push(String(e)));
  page.on('console', (m) => { if (m.type() === 'error' && /Content Security Policy|Refused/.test(m.text())) page.problems.push(m.text()); });
  await before?.(page);
  await page.goto(url);
  return page;
};

export const signIn = async (page, name) => {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill('a long password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('.top').waitFor({ state: 'attached' });
};

/// Opens what to know beside a talk, where there is no room for both at once; else it stands there.
export const inform = async (page) => {
  const more = page.getByRole('button', { name: 'What to know' });
  if (await more.isVisible()) await more.click();
};

/// And back to the talk.
export const talk = async (page) => {
  const back = page.getByRole('button', { name: 'The talk' });
  if (await back.isVisible()) await back.click();
};

/// Sessions that were begun, by house and agent: from one address only ten sign in within a minute.
const sessions = new Map();

/// An agent at the desk.
export const desk = async (browser, house, name, options = {}, before = null) => {
  const key = `${house.url} ${name}`;
  const begun = options.storageState ? {} : { storageState: { cookies: sessions.get(key) ?? [], origins: [] } };
  const page = await open(browser, `${house.url}/desk`, { ...options, ...begun }, before);
  const inside = page.locator('.top');
  await inside.or(page.getByLabel('Password')).first().waitFor({ state: 'attached' });
  if (await inside.count() === 0) await signIn(page, name);
  sessions.set(key, await page.context().cookies());
  return page;
};

/// Somebody writes by the inbox for programs; gives back the conversation's id.
export const writes = async (house, sender, text, name = sender) => {
  writes.number = (writes.number ?? 0) + 1;
  const answer = await house.call('test-token', 'POST', 'inboxes/http/messages', { id: `m${writes.number}`, sender: { id: sender, name }, text });
  assert.ok(answer.conversation, JSON.stringify(answer));
  return answer.conversation;
};

/// What was said to somebody.
export const said = async (house, token, id) => {
  const { messages } = await house.call(token, 'GET', `conversations/${id}`);
  return messages.filter((m) => m.from === 'bot' || m.from === 'agent').map((m) => m.text);
};

/// Looks until it is so, for at most that many milliseconds.
export const until = async (is, within = 15_000) => {
  const end = Date.now() + within;
  for (;;) {
    const value = await is();
    if (value) return value;
    assert.ok(Date.now() < end, `it does not come to be: ${is}`);
    await new Promise((done) => { setTimeout(done, 50); });
  }
};
