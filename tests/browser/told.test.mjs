// What complainants are told, at one complaint of the desk: the acknowledgement, a question, what was changed, letters;
// and who in the directory somebody may be.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { House, accessibility, launch, picture } from './house.mjs';
import { desk, until, views, writes } from './desk.mjs';

let house;
let browser;
let mo;
before(async () => {
  house = await House.open();
  browser = await launch();
  mo = house.agent('Mo Bell', 'supervisor');
});
after(async () => { await browser?.close(); await house?.close(); });


const complains = async (name, words) => {
  const id = await writes(house, name, words);
  const { complaint } = await house.call(mo, 'GET', `conversations/${id}`);
  const record = () => house.call(mo, 'GET', `complaints/${complaint.reference}`);
  const open = async (view = {}) => {
    const p = await desk(browser, house, 'Mo Bell', view);
    await p.goto(`${house.url}/desk/complaints/${complaint.reference}`);
    await p.getByRole('heading', { name: 'Letters' }).waitFor();
    await p.locator('.case .facts').first().waitFor();
    return p;
  };
  return { record, open };
};

test('the acknowledgement is drafted, looked at and sent, by keyboard too', async () => {
  const { record, open } = await complains('ann', 'Your porter shouted at my mother on Maple ward yesterday');
  const p = await open();
  await p.getByRole('button', { name: 'Draft the acknowledgement' }).focus();
  await p.keyboard.press('Enter');
  const words = p.getByRole('textbox', { name: 'The acknowledgement, as it will be sent' });
  await until(async () => (await words.inputValue()).includes('Mo Bell'));
  assert.equal(await p.evaluate(() => document.activeElement.id), 'told-acknowledgement');
  assert.equal((await record()).status, 'open', 'nothing is sent before somebody has looked');
  assert.deepEqual(await accessibility(p), []);
  await words.press('Tab');
  await p.keyboard.press('Enter');
  await p.getByText('Sent by their channel. The complaint is acknowledged.').waitFor();
  const { status, acknowledgement } = await record();
  assert.deepEqual([status, acknowledgement.by, acknowledgement.inbox], ['acknowledged', 'Mo Bell', 'http']);
  await p.getByText('Acknowledged in writing by Mo Bell').waitFor();
  assert.equal(await p.getByRole('button', { name: 'Draft the acknowledgement' }).isVisible(), false);
  await p.getByRole('textbox', { name: 'A question for them' }).fill('Which shift was it?');
  await p.getByRole('button', { name: 'Save: A question for them' }).click();
  await until(async () => (await record()).question?.text === 'Which shift was it?');
  await p.getByText('Your question is not answered yet.').waitFor();
  await p.getByRole('textbox', { name: 'What was changed because of it' }).fill('Porters now work in pairs');
  await p.getByRole('button', { name: 'Save: What was changed because of it' }).click();
  await until(async () => (await record()).learning === 'Porters now work in pairs');
  assert.deepEqual(await accessibility(p), []);
  assert.deepEqual(p.problems, []);
  await p.context().close();
});

test('a letter is checked point by point, kept, and given out as PDF', async () => {
  const { open } = await complains('ben', 'Your porter shouted at my father on Oak ward yesterday');
  const p = await open();
  await p.getByText('No letter is kept with this complaint yet.').waitFor();
  await p.getByRole('button', { name: 'Check' }).click();
  await p.getByText('There is no letter yet: draft one, or write it.').waitFor();
  assert.equal(await p.evaluate(() => document.activeElement.id), 'letter-text');
  // A mere change of the kind does nothing.
  await p.getByRole('combobox', { name: 'Kind of letter' }).selectOption('response');
  assert.equal(await p.getByRole('textbox', { name: 'Its words' }).inputValue(), '');
  await p.getByRole('button', { name: 'Draft', exact: true }).click();
  const words = p.getByRole('textbox', { name: 'Its words' });
  await until(async () => (await words.inputValue()).includes('[what we found'));
  await p.getByText(/^To see to: \d+$/).waitFor();
  await words.fill('I am sorry you feel that way.');
  await p.getByRole('button', { name: 'Keep', exact: true }).click();
  await p.getByRole('list', { name: 'What the letter lacks, or has too much' }).waitFor();
  assert.ok((await p.getByRole('list', { name: 'What the letter lacks, or has too much' }).getByRole('listitem').count()) > 3);
  assert.deepEqual(await accessibility(p), []);
  await p.getByRole('button', { name: 'Keep it anyway' }).click();
  await p.getByText('Kept with the complaint.').waitFor();
  const link = p.getByRole('link', { name: /^as PDF: response/ });
  const [download] = await Promise.all([p.waitForEvent('download'), link.click()]);
  assert.match(download.suggestedFilename(), /^NH-.*-response\.pdf$/);
  await p.getByText(/^response, .*Mo Bell$/).click();
  await p.getByText('I am sorry you feel that way.').waitFor();
  assert.deepEqual(p.problems, []);
  await p.context().close();
});

test('the directory tells staff who it may be', async () => {
  const file = join(house.folder, 'customers.csv');
  writeFileSync(file, 'id,name,born,postcode\n17,Ann Oduya,1950-02-03,SW1A 1AA\n');
  house.run(['customers', 'import', file]);
  const { open } = await complains('cy', "Your nurse shouted at me yesterday on Elm ward. I'm a patient, my name is Ann Oduya");
  const p = await open();
  await p.getByLabel('Day of birth', { exact: true }).fill('1950-02-03');
  await p.getByRole('button', { name: 'Look up' }).click();
  await p.getByRole('row', { name: /^80 Ann Oduya 1950-02-03 SW1A 1AA 17 name, day of birth$/ }).waitFor();
  await p.getByLabel('Name', { exact: true }).fill('Zoe Quill');
  await p.getByRole('button', { name: 'Look up' }).click();
  await p.getByText('Nobody in the directory fits Zoe Quill.').waitFor();
  assert.deepEqual(await accessibility(p), []);
  assert.deepEqual(p.problems, []);
  await p.context().close();
});

test('what they are told is readable in light and dark, wide and narrow', async () => {
  const { open } = await complains('dee', 'Your porter shouted at my aunt on Ash ward yesterday');
  for (const [name, view] of Object.entries(views)) {
    const p = await open(view);
    await p.getByRole('button', { name: 'Draft the acknowledgement' }).click();
    await p.getByRole('button', { name: 'Send it' }).waitFor();
    await p.getByRole('combobox', { name: 'Kind of letter' }).selectOption('response');
    await p.getByRole('button', { name: 'Draft', exact: true }).click();
    await p.getByText(/^To see to: \d+$/).waitFor();
    await picture(p, `desk-told-${name}`);
    assert.deepEqual(await accessibility(p), [], name);
    assert.equal(await p.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false, name);
    await p.context().close();
  }
});
