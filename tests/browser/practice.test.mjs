// Practice: a scenario is chosen, talked through, written again, and the run is still there after a reload.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { House, launch } from './house.mjs';
import { desk, look, turnTo, views } from './desk.mjs';

let house;
let browser;
before(async () => {
  house = await House.open();
  browser = await launch();
  house.agent('Priya Shah');
});
after(async () => { await browser?.close(); await house?.close(); });

const practice = (p) => turnTo(p, 'Practice');
const scenario = (p) => p.getByRole('listitem').filter({ has: p.getByRole('heading', { name: 'The neighbour who waited two hours and is no customer' }) });
const REPLY = 'Two hours on the stairs with Mrs Bell and nobody coming: that must have been frightening. What was it like for you, sitting there with her?';

test('a drill is begun, talked through with feedback, and goes on after a reload', async () => {
  const p = await desk(browser, house, 'Priya Shah');
  await practice(p);
  await scenario(p).getByRole('button', { name: 'Begin' }).click();
  await p.getByRole('log', { name: 'Practice conversation' }).getByText('Two hours', { exact: false }).or(p.getByText('for two hours on Tuesday', { exact: false })).first().waitFor();
  await p.getByText('this person is made up').waitFor();
  await p.getByRole('textbox', { name: 'Reply' }).fill('We take all complaints very seriously.');
  await p.getByRole('button', { name: 'Send reply' }).click();
  await p.getByText('Change this: takes up what was said').waitFor();
  await p.getByText('What went through my head').click();
  await p.getByText('She could have sent that to anybody', { exact: false }).waitFor();
  await p.getByText('Write it again').click();
  await p.getByRole('textbox', { name: 'The same reply, better' }).fill(REPLY);
  await p.getByRole('button', { name: 'Judge it' }).click();
  await p.getByText('This worked: feeling named').waitFor();
  await p.getByRole('textbox', { name: 'Reply', exact: true }).fill(REPLY);
  await p.getByRole('button', { name: 'Send reply' }).click();
  await p.getByText('She was shaking', { exact: false }).waitFor();
  await p.reload();
  await p.getByText('She was shaking', { exact: false }).waitFor();
  await p.getByRole('link', { name: '← All scenarios' }).click();
  await scenario(p).getByRole('button', { name: 'Go on' }).waitFor();
  assert.deepEqual(p.problems, []);
  await p.context().close();
});

test('both pages can be used by everybody, light and dark, wide and narrow', async () => {
  for (const [view, options] of Object.entries(views)) {
    const p = await desk(browser, house, 'Priya Shah', options);
    await practice(p);
    await scenario(p).getByRole('button', { name: 'Go on' }).waitFor();
    await look(p, `practice-${view}`);
    await scenario(p).getByRole('button', { name: 'Go on' }).click();
    await p.getByText('She was shaking', { exact: false }).waitFor();
    await look(p, `drill-${view}`);
    assert.deepEqual(p.problems, []);
    await p.context().close();
  }
});
