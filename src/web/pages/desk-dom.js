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

/** Puts nodes in this order between `place` and `end`; one that stands where it should is not touched. */
const arrange = (parent, nodes, place, end) => {
  for (const node of nodes) {
    if (node === place) place = node.nextElementSibling;
    else parent.insertBefore(node, place ?? end);
  }
};

/**
 * Makes the children of a node those of the items, by key: what did not change stays the same node, so focus,
 * selection and scrolling survive, and a live region says only what is new. The child that has the focus is never
 * moved: the others are moved around it.
 * `sign` tells whether an item looks different from before; `make` builds its node.
 */
export const patch = (parent, items, key, sign, make) => {
  const before = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  const nodes = items.map((item) => {
    const name = String(key(item));
    const looks = sign(item);
    const old = before.get(name);
    before.delete(name);
    if (old?.looks === looks) return old;
    const fresh = make(item, old);
    fresh.dataset.key = name;
    fresh.looks = looks;
    if (old) {
      const focused = old.contains(document.activeElement) ? document.activeElement.className : null;
      old.replaceWith(fresh);
      if (focused !== null)
        (fresh.querySelector(focused ? `.${CSS.escape(focused.split(' ')[0])}` : 'button') ?? fresh).focus();
    }
    return fresh;
  });
  for (const gone of before.values()) gone.remove();
  const still = nodes.findIndex((node) => node.isConnected && node.contains(document.activeElement));
  if (still === -1) {
    arrange(parent, nodes, parent.firstElementChild, null);
    return;
  }
  // Whatever stands before it and belongs behind it is moved when the part behind it is arranged.
  const fixed = nodes[still];
  arrange(parent, nodes.slice(0, still), parent.firstElementChild, fixed);
  arrange(parent, nodes.slice(still + 1), fixed.nextElementSibling, null);
};

/** A file's bytes in base64. */
export const base64 = async (file) => {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
};
