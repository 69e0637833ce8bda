// What the web chat itself says: in the first of the reader's languages that we have, else in English.

import { LOOKS, TEXTS } from './widget-texts.js';

/** The language of the chat's own words. */
export const LANGUAGE =
  (navigator.languages ?? [navigator.language]).map((l) => l.slice(0, 2)).find((l) => l in TEXTS) ?? 'en';

const NAME = '{{ name }}';

/**
 * The chat's own words; those that mention a person or a file are functions of its name.
 * @type {any}
 */
export const WORDS = Object.fromEntries(
  Object.entries(TEXTS[LANGUAGE]).map(([key, text]) => [
    key,
    text.includes(NAME) ? (name) => text.replace(NAME, () => name) : text,
  ]),
);

if (LOOKS.greeting) WORDS.empty = LOOKS.greeting;
