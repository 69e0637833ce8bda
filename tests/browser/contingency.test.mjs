// The ladder of contingencies at the desk: what holds, since when, why and what it does; called in; looked at
// afterwards.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { House, launch } from './house.mjs';
import { desk, look, views } from './desk.mjs';

const LADDER = `rungs:
  - rung: surge
    about: {en: Many more write than can be taken over, es: Escriben muchas más personas}
    when: waiting >= 2
    until: waiting == 0
    steps:
      - notice: contingency.busy
      - offer_call_backs: contingency.call_back
      - apart: contingency.apart
      - call_in: supervisor
      - review: What brought so many at once
`;

let house;
let browser;
before(async () => {
  const flows = join(mkdtempSync(join(tmpdir(), 'nohold-ladder-')), 'flows');
  mkdirSync(flows);
  writeFileSync(join(flows, 'contingency.yaml'), LADDER);
  house = await House.open({ NOHOLD_FLOWS: flows });
  browser = await launch();
});
after(async () => { await browser?.close(); await house?.close(); });

const asks = (id) => house.call('test-token', 'POST', 'inboxes/http/messages', {
  id, sender: { id }, text: 'I want to speak to a person',
});

test('a rung is shown, told to whom it calls in, undone by itself, and looked at afterwards', async () => {
  const mo = house.agent('Mo Bell', 'supervisor');
  const watching = await desk(browser, house, 'Mo Bell');
  await asks('ana');
  await asks('ben');
  await watching.getByText('You are called in: Many more write than can be taken over').waitFor();
  for (const [view, options] of Object.entries(views)) {
    const p = await desk(browser, house, 'Mo Bell', options);
    const rung = p.getByText('Many more write than can be taken over · since', { exact: false });
    await rung.waitFor();
    await look(p, `contingency-${view}`);
    await rung.focus();
    await p.keyboard.press('Enter');
    await p.getByText('Danger and bereavement come first, and are never told to wait.').waitFor();
    await p.getByText('2 in the queue', { exact: false }).waitFor();
    await look(p, `contingency-open-${view}`);
    assert.deepEqual(p.problems, []);
    await p.context().close();
  }
  const { conversations } = await house.call(mo, 'GET', 'queue');
  for (const { id } of conversations) await house.call(mo, 'POST', `conversations/${id}/claim`, {});
  const done = watching.getByRole('button', { name: 'Looked at: Many more write than can be taken over' });
  await done.waitFor();
  await watching.getByText('You are called in', { exact: false }).waitFor({ state: 'hidden' });
  await look(watching, 'contingency-afterwards');
  await done.click();
  await done.waitFor({ state: 'detached' });
  assert.deepEqual(watching.problems, []);
  await watching.context().close();
});
