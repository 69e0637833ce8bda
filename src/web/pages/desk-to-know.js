// What to know of a conversation before the first word: the summary, and what was noticed.

import { named, t, worded } from './desk-words.js';

/** The lines of the summary; those that rest on the person's own words lead to them. */
export const summaryOf = (d) => {
  const messages = new Map(d.summary_links.map((link) => [link.line, link.message]));
  return d.summary.split('\n').map((text, at) => ({ at, text, message: messages.get(at) }));
};

/** What was noticed, as short tags. */
export const signalsOf = (d) => {
  const s = d.signals;
  const feeling =
    s.emotion === 'neutral'
      ? t('calm')
      : t('feeling', { text: named(s.emotion), number: Math.round(s.intensity * 100) });
  return [
    s.red_flag && { key: 'danger', text: s.red_flag_title, danger: true },
    d.reason && d.reason !== s.red_flag && { key: 'reason', text: d.reason_title },
    { key: 'feeling', text: feeling },
    worded(s.decided_by) && { key: 'rule', text: named(s.decided_by), title: t('decidedBy') },
    s.relation !== 'unknown' && { key: 'relation', text: named(s.relation) },
    { key: 'language', text: s.language },
  ].filter(Boolean);
};
