// Files that an agent adds to a reply.

import { base64, el } from './desk-dom.js';
import { t } from './desk-words.js';

const MOST_FILES = 4;
const MOST_MEGABYTES = 5;

export class Files {
  #files = [];
  #changed;

  /** `say` shows a message; `changed` is told what is to be sent, whenever that changes. */
  constructor(say, changed) {
    this.#changed = changed;
    this.picker = el('input', {
      type: 'file',
      multiple: true,
      hidden: true,
      accept: 'image/jpeg,image/png,image/gif,image/webp,application/pdf,.docx,.xlsx,.odt,text/plain,audio/*,video/mp4',
      onchange: async () => {
        await this.#add([...this.picker.files], say);
        this.picker.value = '';
      },
    });
    this.button = el('button', { type: 'button', textContent: t('addFile'), onclick: () => this.picker.click() });
    this.list = el('ul', { className: 'chips', ariaLabel: t('filesToSend'), hidden: true });
  }

  /** What is pasted into a field, or dropped on it, comes along too. */
  from(field, say) {
    const take = (event, files) => {
      if (!files?.length || field.disabled) return;
      event.preventDefault();
      this.#add([...files], say);
    };
    field.addEventListener('paste', (event) => take(event, event.clipboardData?.files));
    field.addEventListener('drop', (event) => take(event, event.dataTransfer?.files));
    field.addEventListener('dragover', (event) => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
    });
  }

  get taken() {
    return this.#files;
  }

  /** What was kept from before. */
  restore(files) {
    this.#files = [...files];
    this.#draw();
  }

  clear() {
    this.#set([]);
  }

  #set(files) {
    this.#files = files;
    this.#draw();
    this.#changed(files);
  }

  async #add(chosen, say) {
    say('');
    const files = [...this.#files];
    for (const file of chosen) {
      if (files.length >= MOST_FILES) {
        say(t('tooManyFiles', { number: MOST_FILES }));
        break;
      }
      if (file.size > MOST_MEGABYTES << 20) {
        say(t('fileTooLarge', { name: file.name, number: MOST_MEGABYTES }));
        continue;
      }
      files.push({ name: file.name, media_type: file.type || 'application/octet-stream', content: await base64(file) });
    }
    this.#set(files);
  }

  #draw() {
    this.list.hidden = this.#files.length === 0;
    this.list.replaceChildren(
      ...this.#files.map((file, index) =>
        el(
          'li',
          {},
          el('span', { dir: 'auto', textContent: file.name }),
          el('button', {
            type: 'button',
            className: 'quiet',
            ariaLabel: t('remove', { name: file.name }),
            textContent: '✕',
            onclick: () => {
              this.#set(this.#files.filter((_, at) => at !== index));
              this.button.focus();
            },
          }),
        ),
      ),
    );
  }
}
