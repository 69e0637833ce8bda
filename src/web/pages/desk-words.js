// What the desk itself says: in the first of the reader's languages that we have, else in English. The texts stand
// in flows/<language>/desk.yaml.

import { PROVIDER, TEXTS } from './desk-texts.js';

/** The identity provider by which one may sign in besides, where there is one. */
export { PROVIDER };

/** The language of the desk's own words. */
export const LANGUAGE =
  (navigator.languages ?? [navigator.language]).map((l) => l.slice(0, 2)).find((l) => l in TEXTS) ?? 'en';

const OURS = TEXTS[LANGUAGE];

/** The text of that key, with the values in their places. */
export const t = (key, values = {}) =>
  (OURS[key] ?? key).replace(/\{\{ (\w+) \}\}/g, (_, name) => String(values[name] ?? ''));

/** What a name of the API (a status, a feeling, a category) is called here. */
export const named = (name) => OURS[`is_${name}`] ?? String(name).replaceAll('_', ' ');

/** What a channel is called. */
export const channel = (inbox) => (inbox ? (OURS[`channel_${inbox}`] ?? inbox) : inbox);

/** Whether there is a word for such a name in the desk's own language. */
export const worded = (name) => Boolean(name) && (LANGUAGE === 'en' || `is_${name}` in OURS);

/** The same for people: who writes, as far as known. */
export const called = (name) => name ?? t('somebody');

/** The same with what they are to us, where no name is known. */
export const calledWith = (name, relation) =>
  name || !relation || relation === 'unknown' ? called(name) : `${called(name)}, ${named(relation)}`;
