// One's own second factor: set up by a picture, turned on by a first code, turned off by the password and a code.

import { call } from './desk-api.js';
import { el } from './desk-dom.js';
import { t } from './desk-words.js';

const SVG = 'http://www.w3.org/2000/svg';

/** The key as a picture that a phone reads: dark on light, also where the page is dark. */
const picture = ({ qr_size: size, qr_path: path }) => {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${size} ${size}`);
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', t('secondFactorPicture'));
  svg.setAttribute('class', 'qr');
  const dark = document.createElementNS(SVG, 'path');
  dark.setAttribute('d', path);
  svg.append(dark);
  return svg;
};

export class SecondFactor {
  #tell;

  constructor(tell) {
    this.#tell = tell;
    this.said = el('p', { className: 'soft', role: 'status' });
    this.error = el('p', { className: 'error', role: 'alert' });
    this.part = el('div', {});
    this.node = el('section', {}, el('h3', { textContent: t('secondFactor') }), this.said, this.error, this.part);
    this.#look();
  }

  /** A form of labelled fields and one button. `act` gets the fields' values. */
  #form(fields, title, act) {
    const inputs = fields.map(({ id, label, ...rest }) => [id, label, el('input', { id, required: true, maxLength: 200, ...rest })]);
    const submit = async (event) => {
      event.preventDefault();
      this.error.textContent = '';
      try {
        await act(...inputs.map(([, , input]) => input.value));
      } catch (error) {
        if (error.status !== 401) this.error.textContent = error.message;
        inputs.at(-1)[2].select();
      }
    };
    return el(
      'form',
      { className: 'invite', noValidate: true, onsubmit: submit },
      el('input', { type: 'text', autocomplete: 'username', value: this.#tell.agent.name, hidden: true }),
      ...inputs.flatMap(([id, label, input]) => [el('label', { htmlFor: id, textContent: label }), input]),
      el('button', { type: 'submit', className: 'primary', textContent: title }),
    );
  }

  #password() {
    return { id: 'factor-password', label: t('password'), type: 'password', autocomplete: 'current-password' };
  }

  #code() {
    return { id: 'factor-code', label: t('code'), autocomplete: 'one-time-code', autocapitalize: 'none', spellcheck: false };
  }

  async #look() {
    try {
      const { on, recovery_codes_left: number } = await call('GET', 'session/second-factor');
      this.part.replaceChildren(...(on ? this.#on(number) : this.#off()));
    } catch (error) {
      if (error.status !== 401) this.error.textContent = error.message;
    }
  }

  #off() {
    const offer = async (password) => this.#offered(await call('POST', 'session/second-factor', { password }));
    return [
      el('p', { className: 'soft', textContent: t('secondFactorWhat') }),
      this.#form([this.#password()], t('secondFactorSetUp'), offer),
    ];
  }

  #offered(enrolment) {
    this.said.textContent = '';
    const form = this.#form([this.#code()], t('secondFactorConfirm'), async (code) =>
      this.#confirmed(await call('PUT', 'session/second-factor', { code })),
    );
    this.part.replaceChildren(
      el('p', { textContent: t('secondFactorScan') }),
      picture(enrolment),
      el('p', {}, `${t('secondFactorKey')}: `, el('code', { textContent: enrolment.secret.match(/.{1,4}/g).join(' ') })),
      form,
    );
    form.querySelector('#factor-code').focus();
  }

  #confirmed({ recovery_codes: codes }) {
    this.said.textContent = t('secondFactorDone');
    const list = el('ul', { className: 'codes', tabIndex: -1 }, ...codes.map((code) => el('li', {}, el('code', { textContent: code }))));
    this.part.replaceChildren(list);
    list.focus();
  }

  #on(number) {
    const off = async (password, code) => {
      await call('POST', 'session/second-factor/off', { password, code });
      this.said.textContent = t('secondFactorGone');
      await this.#look();
    };
    return [
      el('p', { textContent: t('secondFactorIsOn', { number }) }),
      this.#form([this.#password(), this.#code()], t('secondFactorTakeOff'), off),
    ];
  }
}
