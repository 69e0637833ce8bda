// Days and times, in words.

import { LANGUAGE, t } from './desk-words.js';

// Days and times are written as the browser is set, where it is set to the language of the desk.
const LOCALE = (navigator.languages ?? [navigator.language]).find((l) => l.slice(0, 2) === LANGUAGE) ?? LANGUAGE;
const time = new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit' });
const near = new Intl.DateTimeFormat(LOCALE, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const full = new Intl.DateTimeFormat(LOCALE, {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});

const midnight = (at) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();

/** Days of the calendar from one moment to another: tomorrow is 1, however few hours away. */
const daysBetween = (from, to) => Math.round((midnight(to) - midnight(from)) / 86_400_000);

/** A moment that is near: the time of today, else with its day. */
export const clock = (iso) => {
  const at = new Date(iso);
  return (daysBetween(at, new Date()) === 0 ? time : near).format(at);
};

/** A moment with weekday, day, month, year and time. */
export const fullDate = (iso) => full.format(new Date(iso));

/** For how long somebody has waited. */
export const waited = (iso) => {
  const minutes = Math.max(0, Math.round((Date.now() - new Date(iso).getTime()) / 60_000));
  if (minutes < 1) return t('lessThanAMinute');
  if (minutes < 60) return t('minutes', { number: minutes });
  return t('hours', { number: Math.floor(minutes / 60), text: minutes % 60 });
};

/** How much time is left until then, in words, and whether it is over. */
export const left = (iso, now = new Date()) => {
  const due = new Date(iso);
  const days = daysBetween(now, due);
  if (due < now) {
    const over = -days;
    if (over === 0) return { late: true, text: t('overdueToday') };
    return { late: true, text: t('overdueDays', { text: over === 1 ? t('oneDay') : t('manyDays', { number: over }) }) };
  }
  if (days === 0) return { late: false, text: t('dueToday') };
  return { late: false, text: days === 1 ? t('dueTomorrow') : t('daysLeft', { number: days }) };
};
