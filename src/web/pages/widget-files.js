// Files that go along with a message: chosen, pasted or dropped, and left out again.

import { el } from './widget-dom.js';
import { WORDS } from './widget-words.js';

const MOST_BYTES = 5 * 1024 * 1024;
const MOST_FILES = 4;
const ACCEPTED =
  'image/jpeg,image/png,image/gif,image/webp,image/heic,image/heif,application/pdf,.docx,.xlsx,.odt,text/plain,audio/*,video/mp4,video/webm';

const encoded = async (file) => {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = '';
  for (let i = 0; i < bytes.length; i += 32768) binary += String.fromCharCode(...bytes.subarray(i, i + 32768));
  return btoa(binary);
};

export class Files {
  #files = [];
  #say;

  /** `say` tells the person what cannot be taken; `done` is called when files were chosen. */
  constructor(say, done) {
    this.#say = say;
    this.picker = el('input', {
      type: 'file',
      multiple: true,
      hidden: true,
      accept: ACCEPTED,
      onchange: async () => {
        await this.#add([...this.picker.files]);
        this.picker.value = '';
        done();
      },
    });
    this.attach = el('button', {
      className: 'icon',
      type: 'button',
      ariaLabel: WORDS.attach,
      title: WORDS.attach,
      textContent: '+',
      onclick: () => this.picker.click(),
    });
    this.chips = el('ul', { className: 'chips', hidden: true });
  }

  /** What is pasted into a field, or dropped on a panel, comes along too. */
  from(field, panel) {
    field.addEventListener('paste', (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      this.#add(files);
    });
    panel.addEventListener('dragover', (event) => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
    });
    panel.addEventListener('drop', (event) => {
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      this.#add(files);
    });
  }

  get size() {
    return this.#files.length;
  }

  /** They go out. */
  take() {
    const files = this.#files;
    this.#files = [];
    this.#draw();
    return files;
  }

  async #add(files) {
    for (const file of files) {
      if (this.#files.length >= MOST_FILES) {
        this.#say(WORDS.tooMany);
        break;
      }
      if (file.size > MOST_BYTES) {
        this.#say(WORDS.tooLarge);
        continue;
      }
      const media_type = file.type || 'application/octet-stream';
      this.#files.push({ name: file.name, media_type, content: await encoded(file) });
    }
    this.#draw();
  }

  #draw() {
    this.chips.replaceChildren(
      ...this.#files.map((file, index) =>
        el(
          'li',
          {},
          el('span', { dir: 'auto', textContent: file.name }),
          el('button', {
            type: 'button',
            className: 'icon',
            ariaLabel: WORDS.remove(file.name),
            textContent: '✕',
            onclick: () => {
              this.#files.splice(index, 1);
              this.#draw();
              this.attach.focus();
            },
          }),
        ),
      ),
    );
    this.chips.hidden = this.#files.length === 0;
  }
}
