// Files that an agent adds to a reply.

import { el } from './desk-dom.js';

const MOST_FILES = 4;
const MOST_BYTES = 5 << 20;

export class Files {
  #files = [];

  constructor(say) {
    this.picker = el('input', { type: 'file', multiple: true, hidden: true, accept: 'image/jpeg,image/png,image/gif,image/webp,application/pdf,.docx,.xlsx,.odt,text/plain,audio/*,video/mp4', onchange: () => this.#pick(say) });
    this.button = el('button', { type: 'button', textContent: 'Add a file', onclick: () => this.picker.click() });
    this.list = el('ul', { className: 'chips', ariaLabel: 'Files to send', hidden: true });
  }

  get taken() { return this.#files; }

  clear() {
    this.#files = [];
    this.#draw();
  }

  async #pick(say) {
    say('');
    for (const file of this.picker.files) {
      if (this.#files.length >= MOST_FILES) { say(`At most ${MOST_FILES} files with one reply.`); break; }
      if (file.size > MOST_BYTES) { say(`${file.name} is larger than 5 MB.`); continue; }
      const bytes = new Uint8Array(await file.arrayBuffer());
      let binary = '';
      for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
      this.#files.push({ name: file.name, media_type: file.type || 'application/octet-stream', content: btoa(binary) });
    }
    this.picker.value = '';
    this.#draw();
  }

  #draw() {
    this.list.hidden = this.#files.length === 0;
    this.list.replaceChildren(...this.#files.map((file, index) => el('li', {}, el('span', { dir: 'auto', textContent: file.name }), el('button', {
      type: 'button', className: 'quiet', ariaLabel: `Remove ${file.name}`, textContent: '✕', onclick: () => { this.#files.splice(index, 1); this.#draw(); this.button.focus(); },
    }))));
  }
}
