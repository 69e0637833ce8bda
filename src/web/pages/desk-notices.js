// How the desk makes itself heard while somebody looks elsewhere: a sound, and a notification of the browser. Each
// can be silenced; what somebody wrote is in neither.

import { el } from './desk-dom.js';
import { t } from './desk-words.js';

/** Tones of each sound: pitch in hertz and when it begins, in seconds. */
const SOUNDS = {
  message: [[660, 0]],
  danger: [
    [880, 0],
    [660, 0.25],
    [880, 0.5],
  ],
};

export class Notices {
  #kept;
  #audio = null;

  constructor(kept) {
    this.#kept = kept;
    const sound = el('input', {
      type: 'checkbox',
      id: 'sound',
      checked: kept.setting('sound', true),
      onchange: () => kept.keepSetting('sound', sound.checked),
    });
    this.name = el('span', { textContent: t('sound') });
    this.sound = el('label', { className: 'switch', htmlFor: 'sound' }, sound, ' ', this.name);
    this.ask = el('button', {
      type: 'button',
      className: 'quiet',
      textContent: t('notifications'),
      onclick: () => this.#permit(),
    });
    this.#offer();
    this.#allowed();
  }

  #offer() {
    this.ask.hidden = !('Notification' in globalThis) || Notification.permission !== 'default';
  }

  async #permit() {
    await Notification.requestPermission().catch(() => {});
    this.#offer();
  }

  /** Browsers play nothing on a page that nobody has touched yet: until then the setting says so. */
  #allowed() {
    if (!('AudioContext' in globalThis)) return;
    this.#audio = new AudioContext();
    const show = () => {
      const plays = this.#audio.state === 'running';
      const text = t(plays ? 'sound' : 'soundWaits');
      if (this.name.textContent !== text) this.name.textContent = text;
      this.sound.title = plays ? '' : t('soundWhy');
    };
    const wake = () => {
      if (this.#audio.state !== 'running') this.#audio.resume().catch(() => {});
    };
    this.#audio.addEventListener('statechange', show);
    for (const touch of ['pointerdown', 'keydown']) document.addEventListener(touch, wake, { passive: true });
    show();
  }

  /** A sound: `message` or `danger`. */
  ring(kind) {
    if (!this.#kept.setting('sound', true)) return;
    try {
      for (const [pitch, begins] of SOUNDS[kind]) this.#tone(pitch, this.#audio.currentTime + begins);
    } catch {
      /* a browser without sound still shows everything */
    }
  }

  #tone(pitch, at) {
    const tone = new OscillatorNode(this.#audio, { frequency: pitch });
    const volume = new GainNode(this.#audio, { gain: 0 });
    volume.gain.setTargetAtTime(0.2, at, 0.01);
    volume.gain.setTargetAtTime(0, at + 0.15, 0.03);
    tone.connect(volume).connect(this.#audio.destination);
    tone.start(at);
    tone.stop(at + 0.4);
  }

  /** A notification of the browser, where it is allowed and the page is out of sight. */
  notify(text, about, open) {
    if (!document.hidden || !('Notification' in globalThis) || Notification.permission !== 'granted') return;
    try {
      const shown = new Notification(text, { tag: about });
      shown.onclick = () => {
        globalThis.focus();
        open();
        shown.close();
      };
    } catch {
      /* on some phones a page alone may not show any */
    }
  }
}
