// Putting a conversation off: until a time, or until the person writes. Whoever writes is back at once.

import { shown } from './desk-ask.js';
import { clock } from './desk-dates.js';
import { el } from './desk-dom.js';
import { t } from './desk-words.js';

/** The hour at which a working day begins. */
const MORNING = 9;

const inHours = (hours) => new Date(Date.now() + hours * 3_600_000);

/** In the morning of the day so many days from now. */
const morning = (days) => {
  const at = new Date();
  at.setDate(at.getDate() + days);
  at.setHours(MORNING, 0, 0, 0);
  return at;
};

const daysToMonday = () => (8 - new Date().getDay()) % 7 || 7;

/** A moment as a field for date and time has it. */
const local = (at) => new Date(at - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

const choice = (value, title, hint) =>
  el(
    'label',
    { className: 'option' },
    el('input', { type: 'radio', name: 'until', value }),
    ' ',
    el('span', { className: 'option-name', textContent: title }),
    ' ',
    el('span', { className: 'soft', textContent: hint }),
  );

/** Until when: `{until}`, where none is until they write; null where it was left. */
export const untilWhen = (name) =>
  shown(t('snoozeOf', { name }), (close) => {
    const times = { hour: inHours(1), tomorrow: morning(1), monday: morning(daysToMonday()) };
    const at = el('input', { type: 'datetime-local', id: 'snooze-at', min: local(new Date()), value: local(morning(1)) });
    const error = el('p', { className: 'error', role: 'alert' });
    const submit = (event) => {
      event.preventDefault();
      const chosen = form.querySelector('input[name="until"]:checked')?.value;
      const time = chosen === 'at' ? new Date(at.value) : times[chosen];
      if (!chosen || (time && !(time > new Date()))) {
        error.textContent = t(chosen ? 'timeToCome' : 'chooseTime');
        (chosen ? at : form.querySelector('input')).focus();
        return;
      }
      close({ until: time?.toISOString() ?? null });
    };
    const form = el(
      'form',
      { className: 'ask-body', noValidate: true, onsubmit: submit },
      el(
        'fieldset',
        { className: 'choices' },
        el('legend', { textContent: t('untilWhen') }),
        choice('answer', t('untilAnswer'), ''),
        ...Object.entries(times).map(([key, time]) => choice(key, t(`snooze_${key}`), clock(time.toISOString()))),
        choice('at', t('atATime'), ''),
        el('label', { htmlFor: 'snooze-at', className: 'visually-hidden', textContent: t('atATime') }),
        at,
      ),
      el('p', { className: 'soft', textContent: t('snoozeHint') }),
      error,
      el(
        'div',
        { className: 'buttons' },
        el('button', { type: 'submit', className: 'primary', textContent: t('snooze') }),
        el('button', { type: 'button', textContent: t('cancel'), onclick: () => close(null) }),
      ),
    );
    return form;
  });

/** For how long something is put off, in words. */
export const snoozedText = (snoozed) =>
  snoozed.until ? t('snoozedUntil', { when: clock(snoozed.until) }) : t('snoozedAnswer');
