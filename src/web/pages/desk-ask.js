// Dialogs: to whom a conversation is handed over, and asking once more where somebody may be in danger. Nothing
// happens before a button is pressed.

import { call } from './desk-api.js';
import { el } from './desk-dom.js';
import { called, t } from './desk-words.js';

/** Shows a dialog and waits until it is closed; gives back what `value` says, or null where it was left. */
export const shown = (title, build) =>
  new Promise((done) => {
    let answer = null;
    const close = (value) => {
      answer = value;
      dialog.close();
    };
    const dialog = el('dialog', {
      className: 'ask',
      'aria-labelledby': 'ask-title',
      onclose: () => {
        dialog.remove();
        done(answer);
      },
    });
    dialog.append(el('h2', { id: 'ask-title', textContent: title }), build(close));
    document.body.append(dialog);
    dialog.showModal();
  });

/** Whether something grave is really meant; `yes` is what the button says that does it. */
export const sureOf = (title, texts, yes) =>
  shown(title, (close) =>
    el(
      'div',
      { className: 'ask-body' },
      ...[texts].flat().map((text) => el('p', { textContent: text })),
      el(
        'div',
        { className: 'buttons' },
        el('button', { type: 'button', autofocus: true, textContent: t('cancel'), onclick: () => close(false) }),
        el('button', { type: 'button', className: 'danger-button', textContent: yes, onclick: () => close(true) }),
      ),
    ),
  );

/** Whether it is really meant, of somebody who may be in danger. `act` is resolve, release or transfer. */
export const sure = (conversation, act) => {
  const ask = t('dangerAsk', {
    name: called(conversation.contact.name),
    text: conversation.signals.red_flag_title,
  });
  return sureOf(t('dangerTitle'), act === 'resolve' ? [ask, t('dangerDone')] : ask, t(`sure_${act}`));
};

const many = (number, [none, one, more]) => (number === 0 ? t(none) : number === 1 ? t(one) : t(more, { number }));

const option = (value, name, hint) =>
  el(
    'label',
    { className: 'option' },
    el('input', { type: 'radio', name: 'to', value }),
    ' ',
    el('span', { className: 'option-name', dir: 'auto', textContent: name }),
    ' ',
    el('span', { className: 'soft', textContent: hint }),
  );

const colleagueHint = (agent) => {
  const where = agent.away ? t('isAway') : agent.present ? t('there') : t('notThere');
  return `${where} · ${many(agent.conversations, ['holdsNone', 'holdsOne', 'holdsMany'])}`;
};

/** To whom, and what they should know: `{agent}` or `{team}`, with `reason`; null where it was left. */
export const handOver = async (conversation) => {
  const [{ agents }, { teams, waiting }] = await Promise.all([call('GET', 'agents'), call('GET', 'teams')]);
  const colleagues = agents.filter((a) => !a.disabled && a.name !== conversation.holder);
  colleagues.sort((a, b) => b.present - a.present || a.conversations - b.conversations || a.name.localeCompare(b.name));
  return shown(t('handOverTo', { name: called(conversation.contact.name) }), (close) => {
    const error = el('p', { className: 'error', role: 'alert' });
    const reason = el('textarea', { id: 'hand-over-reason', rows: 3, maxLength: 2000, dir: 'auto' });
    const form = el(
      'form',
      {
        className: 'ask-body',
        onsubmit: (event) => {
          event.preventDefault();
          const chosen = form.querySelector('input[name="to"]:checked');
          if (!chosen) {
            error.textContent = t('chooseFirst');
            form.querySelector('input')?.focus();
            return;
          }
          // A team's name may have a colon in it.
          const [, kind, name] = chosen.value.match(/^(\w+):(.+)$/s);
          close({ [kind]: name, reason: reason.value.trim() || undefined });
        },
      },
      el(
        'div',
        { className: 'options' },
        el(
          'fieldset',
          {},
          el('legend', { textContent: t('toColleague') }),
          ...(colleagues.length
            ? colleagues.map((a) => option(`agent:${a.name}`, a.name, colleagueHint(a)))
            : [el('p', { className: 'soft', textContent: t('nobodyElse') })]),
        ),
        el(
          'fieldset',
          {},
          el('legend', { textContent: t('toTeam') }),
          ...teams.map((team) =>
            option(`team:${team}`, team, many(waiting[team] ?? 0, ['waitsNone', 'waitsOne', 'waitsMany'])),
          ),
        ),
      ),
      el('label', { htmlFor: 'hand-over-reason', textContent: t('reason') }),
      reason,
      error,
      el(
        'div',
        { className: 'buttons' },
        el('button', { type: 'submit', className: 'primary', textContent: t('handOver') }),
        el('button', { type: 'button', textContent: t('cancel'), onclick: () => close(null) }),
      ),
    );
    return form;
  });
};
