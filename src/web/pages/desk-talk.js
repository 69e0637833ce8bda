// What was said, in order. An entry that did not change stays the same node, so reading, selecting and scrolling
// are not disturbed.

import { clock } from './desk-dates.js';
import { attachment } from './desk-pictures.js';
import { el, patch } from './desk-dom.js';
import { t } from './desk-words.js';

const DELIVERY = { waiting: 'onItsWay', failed: 'notArrived' };

const who = (m) => {
  if (m.from === 'contact' || m.from === 'bot') return t(`from_${m.from}`);
  const name = m.agent ?? t('from_bot');
  if (m.from !== 'note') return name;
  return `${name} · ${t(m.whisper ? 'whisperHidden' : 'noteHidden')}`;
};

const entry = (m) => {
  const files = (m.attachments ?? []).map((f) => attachment(f));
  const borrowed = (m.borrowed ?? []).map((line) =>
    el('blockquote', { className: 'borrowed', dir: 'auto', textContent: line }),
  );
  const text = m.erased ? t('takenBack') : m.text;
  const head = [
    who(m),
    clock(m.at),
    m.edited && t('changed'),
    m.removed && t('removedInChannel'),
    DELIVERY[m.delivery] && t(DELIVERY[m.delivery]),
  ];
  const node = el(
    'article',
    {
      className: `entry ${m.from}${m.delivery === 'failed' ? ' failed' : ''}${m.whisper ? ' whisper' : ''}`,
      tabIndex: -1,
    },
    el('p', { className: 'who', textContent: head.filter(Boolean).join(' · ') }),
    ...borrowed,
    text || files.length + borrowed.length === 0
      ? el('div', { className: `text${m.erased ? ' erased' : ''}`, dir: 'auto', textContent: text })
      : null,
    ...files,
  );
  node.dataset.id = m.id;
  return node;
};

export class Talk {
  constructor() {
    this.node = el('div', { className: 'talk', role: 'log', ariaLabel: t('whatWasSaid'), tabIndex: 0 });
  }

  fill(messages) {
    const log = this.node;
    const near = log.scrollHeight - log.scrollTop - log.clientHeight < 120 || log.children.length === 0;
    patch(
      log,
      messages,
      (m) => m.id,
      (m) => JSON.stringify(m),
      entry,
    );
    return near;
  }

  toEnd() {
    this.node.scrollTop = this.node.scrollHeight;
  }

  /** Shows one message, and goes there. */
  show(message) {
    const found = this.node.querySelector(`[data-id="${CSS.escape(message)}"]`);
    found?.scrollIntoView({ block: 'center' });
    found?.focus();
  }
}
