// Writing into a text field for somebody, so that the browser's own undo (Ctrl+Z) takes it back.

/** Puts a text in the place of the characters from `start` to `end`. */
export const insert = (box, text, start, end) => {
  box.focus();
  box.setSelectionRange(start, end);
  const command = text === '' ? 'delete' : 'insertText';
  // Old, but the only way that every browser keeps in its history of undo.
  if (document.execCommand?.(command, false, text)) return;
  box.setRangeText(text, start, end, 'end');
  box.dispatchEvent(new Event('input', { bubbles: true }));
};

/** Makes the text of a field another one by changing only the part that differs. */
export const turnInto = (box, text) => {
  const old = box.value;
  let start = 0;
  while (start < old.length && start < text.length && old[start] === text[start]) start += 1;
  let end = 0;
  while (
    end < old.length - start &&
    end < text.length - start &&
    old[old.length - 1 - end] === text[text.length - 1 - end]
  )
    end += 1;
  insert(box, text.slice(start, text.length - end), start, old.length - end);
};

/** The characters of a text that lie between two of its bytes in UTF-8. */
export const charactersOf = (text, start, end) => {
  const bytes = new TextEncoder().encode(text);
  const length = (to) => new TextDecoder().decode(bytes.slice(0, to)).length;
  return [length(start), length(end)];
};
