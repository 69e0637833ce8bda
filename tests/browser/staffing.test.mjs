// Staffing: the sentence, the grid, and one person fewer; nothing acts on a mere change of a control.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { House, launch } from './house.mjs';
import { desk, look, turnTo, views } from './desk.mjs';

let house;
let browser;
before(async () => {
  house = await House.open();
  browser = await launch();
  house.agent('Mo Bell', 'supervisor');
});
after(async () => { await browser?.close(); await house?.close(); });

const staffing = (p) => turnTo(p, 'Staffing');

/// What the program would say of a small hospital.
const band = (people, low, high, occupancy) => ({ people, low, high, occupancy });
const cell = (weekday, hour) => ({ weekday, hour, arrivals: 6, needed: 3, now: band(3, 0.895, 0.916, 0.4), fewer: band(2, 0.606, 0.732, 0.9) });
const said = (people) => ({
  weeks: 13, people, roster: 5, handling_seconds: 720, handling_measured: true, patience_seconds: 600, concurrency: 1, target_seconds: 120, target_share: 0.8, shrinkage: 0.3, busy_from: 0.85, few_people: 3,
  cells: [cell(1, 10), cell(2, 10), cell(5, 11)], busiest: cell(1, 10),
  casework: { open: 2, overdue: 1, new_a_day: 0.5, answered_a_day: 0.1, people: 0.4, will_miss: ['NH-AAAA-AAAA-A'], will_miss_count: 1 },
});
const answered = async (p) => {
  await p.route('**/api/v1/staffing?*', (route) => route.fulfill({ json: said(Number(new URL(route.request().url()).searchParams.get('people') ?? 3)) }));
};

test('with no data there is no forecast, and casework is there', async () => {
  const p = await desk(browser, house, 'Mo Bell');
  await staffing(p);
  await p.getByText('A forecast needs at least four', { exact: false }).waitFor();
  await p.getByText('At this pace none will miss its date.').waitFor();
  await p.getByLabel('People at the desk at a time').fill('0');
  await p.getByRole('button', { name: 'Work it out' }).click();
  await p.getByRole('alert').getByText("'people' is a number").waitFor();
  assert.deepEqual(p.problems, []);
  await p.context().close();
});

test('the sentence names one absence, and the grid shows it on request', async () => {
  for (const [view, options] of Object.entries(views)) {
    const p = await desk(browser, house, 'Mo Bell', options);
    await answered(p);
    await staffing(p);
    await p.getByText('With one person fewer it is 61 % to 73 %.').waitFor();
    const grid = p.getByRole('table', { name: /Share answered in time/ });
    await grid.getByRole('cell', { name: '90–92 %' }).first().waitFor();
    await look(p, `staffing-${view}`);
    await p.getByRole('button', { name: 'one person fewer' }).click();
    await grid.getByRole('cell', { name: '61–73 %' }).first().waitFor();
    await look(p, `staffing-fewer-${view}`);
    assert.deepEqual(p.problems, []);
    await p.context().close();
  }
});
