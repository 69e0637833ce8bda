// Building pages from text: nothing that anyone wrote becomes HTML.

export const el = (tag, props = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null) continue;
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else if (key in node && !['role', 'list'].includes(key)) node[key] = value;
    else node.setAttribute(key, value);
  }
  node.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
  return node;
};

/**
 * Makes the children of a node those of the items, by key: what did not change stays the same node, so focus,
 * selection and scrolling survive, and a live region says only what is new.
 * `sign` tells whether an item looks different from before; `make` builds its node.
 */
export const patch = (parent, items, key, sign, make) => {
  const before = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  let place = parent.firstElementChild;
  for (const item of items) {
    const name = String(key(item));
    const looks = sign(item);
    let node = before.get(name);
    if (!node || node.looks !== looks) {
      const fresh = make(item, node);
      fresh.dataset.key = name;
      fresh.looks = looks;
      if (node) {
        const focused = node.contains(document.activeElement) ? document.activeElement.className : null;
        if (place === node) place = fresh;
        node.replaceWith(fresh);
        if (focused !== null)
          (fresh.querySelector(focused ? `.${CSS.escape(focused.split(' ')[0])}` : 'button') ?? fresh).focus();
      }
      node = fresh;
    }
    before.delete(name);
    if (node === place) place = node.nextElementSibling;
    else parent.insertBefore(node, place);
  }
  for (const node of before.values()) node.remove();
};

/** A file's bytes in base64. */
export const base64 = async (file) => {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
};
