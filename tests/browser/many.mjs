// How soon the desk is there with many open conversations: `node many.mjs 5000` fills a program of its own with
// people who wait, signs an agent in, and opens
// the desk five times. It prints, in milliseconds, when the first words and the first row of the list were there.

import { House, launch } from './house.mjs';
import { desk } from './desk.mjs';

const MANY = Number(process.argv[2] ?? 5000);
const AT_ONCE = 32;
const TIMES = 5;

const house = await House.open();
const browser = await launch();
try {
  house.agent('Priya Shah');
  let next = 0;
  const write = async () => {
    while (next < MANY) {
      next += 1;
      const id = `m${next}`;
      const answer = await house.call('test-token', 'POST', 'inboxes/http/messages', { id, sender: { id, name: `Person ${id}` }, text: 'I want to speak to a person' });
      if (answer.status !== 'queued') throw new Error(JSON.stringify(answer));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, write));
  const page = await desk(browser, house, 'Priya Shah');
  const measured = [];
  for (let n = 0; n < TIMES; n += 1) {
    await page.goto('about:blank');
    await page.goto(`${house.url}/desk`, { waitUntil: 'commit' });
    const row = await page.waitForFunction(() => document.querySelector('.list .row') && performance.now(), null, { polling: 'raf' });
    const words = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
    measured.push({ words: Math.round(words), row: Math.round(await row.jsonValue()) });
  }
  const rows = await page.locator('.list .row').count();
  console.log(JSON.stringify({ conversations: MANY, rowsDrawn: rows, tab: await page.getByRole('tab', { name: /Waiting/ }).innerText(), measured }));
} finally {
  await browser.close();
  await house.close();
}
