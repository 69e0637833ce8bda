// Colleagues at the same desk: who looks and writes, who is named, what a supervisor whispers, who is given what,
// what is narrowed down.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { House, accessibility, launch, picture } from './house.mjs';
import { desk, open, said, signIn, until, writes } from './desk.mjs';

let house;
let browser;
let priya;
let mo;
before(async () => {
  house = await House.open();
  browser = await launch();
  priya = house.agent('Priya Shah');
  house.agent('Ben Ward');
  mo = house.agent('Mo Bell', 'supervisor');
});
after(async () => { await browser?.close(); await house?.close(); });

const dot = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGNk+M+ABzDhkxyJ0gD6AAERj1WyMAAAAABJRU5ErkJggg==', 'base64');
const at = async (p, id) => {
  await p.goto(`${house.url}/desk/c/${id}`);
  await p.getByRole('textbox', { name: 'Reply' }).waitFor();
};

test('whoever opens a conversation sees who looks and who writes, and is warned before a second reply', async () => {
  const id = await writes(house, 'ann', 'I want to speak to a person');
  const [p, b] = [await desk(browser, house, 'Priya Shah'), await desk(browser, house, 'Ben Ward')];
  await at(p, id);
  await at(b, id);
  await p.getByText('Ben Ward is looking').waitFor();
  await b.getByText('Priya Shah is looking').waitFor();
  await b.getByRole('textbox', { name: 'Reply' }).pressSequentially('Hello Ann');
  await p.getByText('Ben Ward is writing').waitFor();
  await p.getByRole('textbox', { name: 'Reply' }).fill('Hello Ann, I am here and will look into it today.');
  await p.getByRole('textbox', { name: 'Reply' }).press('Control+Enter');
  await p.getByText('Ben Ward is writing here, too. The person may get two answers.').waitFor();
  await picture(p, 'desk-second-reply-light-1280');
  assert.deepEqual(await accessibility(p), []);
  assert.deepEqual(await said(house, priya, id).then((all) => all.filter((text) => text.startsWith('Hello Ann'))), []);
  await p.getByRole('button', { name: 'Send anyway' }).click();
  await until(async () => (await said(house, priya, id)).includes('Hello Ann, I am here and will look into it today.'));
  await b.getByText('Priya Shah was first.').waitFor();
  await b.goto(`${house.url}/desk`);
  await p.getByText('Ben Ward is looking').waitFor({ state: 'hidden' });
  assert.deepEqual([p.problems, b.problems], [[], []]);
  await p.context().close();
  await b.context().close();
});

test('a colleague who is named in a note is told, and finds it', async () => {
  const id = await writes(house, 'cat', 'I want to speak to a person');
  const [p, b] = [await desk(browser, house, 'Priya Shah'), await desk(browser, house, 'Ben Ward')];
  await at(p, id);
  await p.getByRole('tab', { name: 'Note' }).click();
  await p.getByRole('textbox', { name: 'Note' }).pressSequentially('Have you seen this, @be');
  await p.getByRole('listbox', { name: 'Mention a colleague' }).getByRole('option', { name: '@Ben Ward' }).waitFor();
  await p.keyboard.press('Enter');
  await p.getByRole('textbox', { name: 'Note' }).pressSequentially('?');
  await p.getByRole('button', { name: 'Add note' }).click();
  await b.getByRole('button', { name: 'Priya Shah named you in a note, in the conversation with cat.', exact: true }).waitFor();
  await b.getByRole('link', { name: 'Mentions (1)' }).click();
  assert.deepEqual(await accessibility(b), []);
  await picture(b, 'desk-mentions-light-1280');
  await b.getByRole('button', { name: 'Have you seen this, @Ben Ward ?' }).click();
  await b.getByRole('link', { name: 'Mentions', exact: true }).waitFor();
  assert.equal(new URL(b.url()).pathname, `/desk/c/${id}`);
  await p.context().close();
  await b.context().close();
});

test('a supervisor whispers to whoever has the conversation, the person never sees it, and takes over', async () => {
  const id = await writes(house, 'dan', 'I want to speak to a person');
  await house.call(priya, 'POST', `conversations/${id}/claim`);
  const [p, m] = [await desk(browser, house, 'Priya Shah'), await desk(browser, house, 'Mo Bell')];
  await at(m, id);
  await m.getByRole('tab', { name: 'Note' }).click();
  await m.getByRole('textbox', { name: 'Note' }).fill('Ask which ward it was.');
  await m.getByRole('checkbox', { name: 'Whisper to Priya Shah: they are told of it' }).check();
  await m.getByRole('button', { name: 'Add note' }).click();
  await p.getByRole('button', { name: 'Mo Bell whispers to you, in the conversation with dan.', exact: true }).waitFor();
  await at(p, id);
  const whisper = p.locator('.entry.whisper');
  await whisper.getByText('Mo Bell · whisper, not shown to them').waitFor();
  await picture(p, 'desk-whisper-light-1280');
  assert.deepEqual(await accessibility(p), []);
  assert.equal((await said(house, priya, id)).some((text) => text.includes('which ward')), false);
  await m.getByRole('button', { name: 'Take over' }).click();
  await until(async () => (await house.call(mo, 'GET', `conversations/${id}`)).holder === 'Mo Bell');
  const refused = await house.call(priya, 'POST', `conversations/${id}/notes`, { id: 'w', text: 'psst', whisper: true });
  assert.equal(refused.error.code, 'forbidden');
  await p.context().close();
  await m.context().close();
});

test('pictures are shown in the talk, can be pasted, and signs go where the cursor stands', async () => {
  const answer = await house.call('test-token', 'POST', 'inboxes/http/messages', { id: 'pic1', sender: { id: 'eve', name: 'eve' }, text: 'I want to speak to a person', attachments: [{ name: 'leg.png', media_type: 'image/png', content: dot.toString('base64') }] });
  const id = answer.conversation;
  const p = await desk(browser, house, 'Priya Shah');
  await at(p, id);
  await p.getByRole('img', { name: 'Picture: leg.png' }).waitFor();
  const reply = p.getByRole('textbox', { name: 'Reply' });
  await reply.fill('Hello eve, I am here and will look into it today.');
  await p.getByRole('button', { name: 'Emoji' }).click();
  await p.getByRole('button', { name: '🙏' }).click();
  assert.equal(await reply.inputValue(), 'Hello eve, I am here and will look into it today.🙏');
  await reply.evaluate((field, base64) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], 'arm.png', { type: 'image/png' }));
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, dot.toString('base64'));
  await p.getByRole('button', { name: 'Remove arm.png' }).waitFor();
  await reply.press('Control+Enter');
  await p.getByRole('img', { name: 'Picture: arm.png' }).waitFor();
  await picture(p, 'desk-pictures-light-1280');
  assert.deepEqual(await accessibility(p), []);
  assert.deepEqual(p.problems, []);
  await p.context().close();
});

test('lists are narrowed down by channel, team and label, and only when asked to', async () => {
  const id = await writes(house, 'fay', 'I want to speak to a person about parking');
  await house.call(priya, 'POST', `conversations/${id}/labels`, { add: ['parking'] });
  for (const [name, view] of Object.entries({ 'light-1280': {}, 'dark-390': { colorScheme: 'dark', viewport: { width: 390, height: 800 } } })) {
    const p = await desk(browser, house, 'Priya Shah', view);
    const rows = p.locator('.list .row');
    await rows.filter({ hasText: 'fay' }).waitFor();
    const all = await rows.count();
    await p.getByText('Filter', { exact: true }).click();
    await p.getByLabel('Label', { exact: true }).selectOption('parking');
    assert.equal(await rows.count(), all, 'nothing acts on a change');
    await picture(p, `desk-filter-${name}`);
    assert.deepEqual(await accessibility(p), [], name);
    await p.getByRole('button', { name: 'Apply' }).click();
    await p.getByText('1 found').waitFor();
    assert.deepEqual(await rows.filter({ hasText: 'fay' }).count(), 1);
    await p.getByText('Filter: parking').click();
    await p.getByRole('button', { name: 'Clear' }).click();
    await until(async () => await rows.count() === all);
    await p.context().close();
  }
});

test('what a colleague takes is set on the team’s page, and a wrong number is said', async () => {
  const p = await open(browser, `${house.url}/desk/team`);
  await signIn(p, 'Mo Bell');
  const ben = p.locator('.colleagues > li').filter({ hasText: 'Ben Ward' });
  await ben.locator('summary').first().click();
  await ben.getByText('What they take').click();
  await ben.getByLabel(/^Open conversations at most/).fill('0');
  await ben.getByRole('button', { name: 'Save' }).click();
  await ben.getByRole('alert').filter({ hasText: "'capacity' is a number from 1 to 200" }).waitFor();
  await ben.getByLabel(/^Open conversations at most/).fill('2');
  await ben.getByLabel(/^Languages/).fill('ES, en');
  await ben.getByLabel('front desk').check();
  await picture(p, 'desk-takes-light-1280');
  assert.deepEqual(await accessibility(p), []);
  await ben.getByRole('button', { name: 'Save' }).click();
  await ben.getByText('of 2').waitFor();
  const { agents } = await house.call(mo, 'GET', 'agents');
  const { capacity, languages, teams } = agents.find((a) => a.name === 'Ben Ward');
  assert.deepEqual({ capacity, languages, teams }, { capacity: 2, languages: ['en', 'es'], teams: ['front desk'] });
  await p.context().close();
});

test('where the desk gives out the work, an agent is given whoever waits and reads why', async () => {
  const giving = await House.open({ NOHOLD_ASSIGNMENT: 'push' });
  giving.agent('Priya Shah');
  const p = await desk(browser, giving, 'Priya Shah');
  const id = await writes(giving, 'gus', 'I want to speak to a person');
  await p.getByRole('tab', { name: 'Mine (1)' }).click();
  await p.locator('.list .row').filter({ hasText: 'gus' }).click();
  await p.getByText('given by the desk: had the least to do').waitFor();
  assert.equal(new URL(p.url()).pathname, `/desk/c/${id}`);
  await picture(p, 'desk-given-light-1280');
  await p.context().close();
  await giving.close();
});
