// What can be put into a text by a button: a sign for a feeling.

import { el } from './desk-dom.js';
import { insert } from './desk-typing.js';
import { t } from './desk-words.js';

const SIGNS = ['🙂', '😊', '🙏', '👍', '❤️', '💐', '🤝', '👋', '😔', '😟', '🫂', '🌷', '☀️', '✅', '📞', '📅', '⏰', '🏥'];

/** A button that shows the signs; each goes where the cursor stands. */
export const signsFor = (box) => {
  const panel = el('div', { className: 'signs', role: 'group', ariaLabel: t('emoji'), hidden: true });
  const button = el('button', { type: 'button', textContent: t('emoji'), ariaExpanded: 'false' });
  const show = (open) => {
    panel.hidden = !open;
    button.ariaExpanded = String(open);
  };
  const put = (sign) => {
    show(false);
    insert(box, sign, box.selectionStart, box.selectionEnd);
  };
  panel.append(...SIGNS.map((sign) => el('button', { type: 'button', textContent: sign, onclick: () => put(sign) })));
  panel.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    show(false);
    button.focus();
  });
  button.addEventListener('click', () => {
    show(panel.hidden);
    if (!panel.hidden) panel.firstElementChild.focus();
  });
  return { button, panel };
};
