// A neighbour whose browser speaks Spanish: the chat's own words, the talk, and what an agent reads of it.

import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { House, accessibility, launch, picture } from './house.mjs';

let house;
let browser;
before(async () => { house = await House.open(); browser = await launch(); });
after(async () => { await browser?.close(); await house?.close(); });

for (const view of [
  { name: 'light-1280', colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { name: 'dark-390', colorScheme: 'dark', viewport: { width: 390, height: 800 } },
]) {
  test(`a whole complaint in Spanish, ${view.name}`, async () => {
    const context = await browser.newContext({ ...view, locale: 'es-ES', reducedMotion: 'reduce' });
    const p = await context.newPage();
    await p.goto(house.url);
    await p.getByText('No hace falta ser paciente.').waitFor();
    assert.deepEqual(await accessibility(p), []);
    const says = async (text, answer) => {
      await p.getByLabel('Escriba un mensaje').fill(text);
      await p.keyboard.press('Enter');
      await p.locator('nohold-chat .message.bot .text').filter({ hasText: answer }).last().waitFor({ timeout: 10_000 });
    };
    await says('La enfermera de mi vecina me gritó ayer por la tarde en el portal', 'su referencia es NH-');
    await says('se llama Denise', '¿Qué nombre pongo?');
    await p.getByRole('button', { name: 'Sin dar mi nombre' }).click();
    await p.locator('nohold-chat .message.bot .text').filter({ hasText: '¿Qué quisiera que pasara ahora?' }).waitFor({ timeout: 10_000 });
    await says('que me pida disculpas', 'queda registrado');
    await p.getByRole('button', { name: 'Me quedo aquí' }).waitFor();
    assert.deepEqual(await accessibility(p), []);
    assert.equal(await p.locator('nohold-chat').getAttribute('lang'), 'es');
    await picture(p, `chat-spanish-${view.name}`);
    await context.close();
  });
}
