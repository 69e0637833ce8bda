// What somebody can do with a message of their own: change it, or take it back.

import { el } from './widget-dom.js';
import { WORDS } from './widget-words.js';

/** Longest text of a message. */
const LONGEST = 16384;
/** So much of a message names it to somebody who does not see it. */
const NAMED_BY = 40;

const button = (textContent, onclick, className = 'choice') =>
  el('button', { type: 'button', className, textContent, onclick });

/** The tools are closed; what came meanwhile is shown. The focus stays with the message. */
const close = (node, tools) => {
  delete node.dataset.busy;
  if (node.later) {
    tools.does.show(node.later);
    return;
  }
  tools.replaceWith(ownTools(node, tools.does));
  node.querySelector('.own button')?.focus();
};

const failed = (tools) => {
  tools.querySelector('.state')?.remove();
  tools.append(el('p', { className: 'state', role: 'alert', textContent: WORDS.notChanged }));
};

const edit = (node, tools) => {
  const { message } = node;
  const field = el('textarea', {
    className: 'change',
    rows: 3,
    dir: 'auto',
    maxLength: LONGEST,
    ariaLabel: WORDS.edit,
    value: message.text,
  });
  const save = async () => {
    const text = field.value.trim();
    if (!text) return;
    if (text === message.text) {
      close(node, tools);
      return;
    }
    try {
      await tools.does.edit(message.id, text);
      close(node, tools);
    } catch {
      failed(tools);
    }
  };
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    // Only the field is closed, not the chat.
    event.stopPropagation();
    close(node, tools);
  });
  tools.replaceChildren(
    field,
    el('div', { className: 'again' }, button(WORDS.saveChange, save), button(WORDS.cancel, () => close(node, tools))),
  );
  field.focus();
};

const remove = (node, tools) => {
  const keep = button(WORDS.keepIt, () => close(node, tools));
  const away = button(WORDS.delete, async () => {
    try {
      await tools.does.remove(node.message.id);
      close(node, tools);
    } catch {
      failed(tools);
    }
  });
  tools.replaceChildren(
    el('p', { className: 'sure', textContent: WORDS.sureDelete }),
    el('div', { className: 'again' }, away, keep),
  );
  keep.focus();
};

/** The tools of a message of one's own; none for one that is not on record yet, or was taken back. */
export const ownTools = (node, does) => {
  const { message } = node;
  const tools = el('div', { className: 'own' });
  tools.does = does;
  if (message.from !== 'contact' || message.erased || !message.id || message.id.startsWith('sent ')) return tools;
  const text = message.text.slice(0, NAMED_BY) || message.attachments?.[0]?.name || '';
  const more = el('button', {
    type: 'button',
    className: 'icon tiny',
    ariaLabel: WORDS.change(text),
    ariaExpanded: 'false',
    textContent: '⋯',
  });
  more.addEventListener('click', () => {
    node.dataset.busy = 'true';
    const first = message.text
      ? button(WORDS.edit, () => edit(node, tools))
      : button(WORDS.cancel, () => close(node, tools));
    tools.replaceChildren(
      el(
        'div',
        { className: 'again' },
        first,
        button(WORDS.delete, () => remove(node, tools)),
        message.text ? button(WORDS.cancel, () => close(node, tools)) : null,
      ),
    );
    first.focus();
  });
  tools.append(more);
  return tools;
};
