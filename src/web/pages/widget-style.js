// The chat's looks: light and dark, phones from 320 pixels on, either direction of writing; and the owner's colours.

import { LOOKS } from './widget-texts.js';

const shared = `
:host {
  --surface: #ffffff; --raised: #eef3f2; --text: #16211f; --soft: #4b5b58; --line: #c5d2cf; --accent: #0b5c56; --on-accent: #ffffff; --theirs: #e3eeec; --warn: #7a3b00; --warn-surface: #fff2e0; --bad: #9c1c1c; --bad-surface: #fde8e8;
  font: 1rem/1.5 system-ui, sans-serif; color: var(--text); display: block;
}
@media (prefers-color-scheme: dark) {
  :host { --surface: #141f1d; --raised: #1c2a28; --text: #e7efed; --soft: #a9bab6; --line: #3a4d49; --accent: #6fd0c4; --on-accent: #06211e; --theirs: #20322f; --warn: #ffd9a8; --warn-surface: #3a2a12; --bad: #ff9d9d; --bad-surface: #3d1818; }
}
* { box-sizing: border-box; margin: 0; }
[hidden] { display: none !important; }
button { font: inherit; color: inherit; cursor: pointer; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.panel { position: fixed; inset-block-end: 1rem; inset-inline-end: 1rem; inline-size: min(24rem, calc(100vw - 2rem)); block-size: min(38rem, calc(100dvh - 2rem)); background: var(--surface); border: 1px solid var(--line); border-radius: 1rem; display: flex; flex-direction: column; overflow: hidden; box-shadow: 0 0.75rem 2.5rem rgb(0 0 0 / 25%); z-index: 2147483000; }
.panel.page { position: static; inline-size: 100%; block-size: 100%; border-radius: 0; box-shadow: none; border: 0; }
@media (min-width: 48rem) { .panel.page { border: 1px solid var(--line); border-radius: 1rem; } }
@media (max-width: 30rem) { .panel:not(.page) { inset: 0; inline-size: 100%; block-size: 100dvh; border-radius: 0; border: 0; } }
header { display: flex; justify-content: space-between; align-items: start; gap: 0.5rem; padding: 0.75rem 1rem; background: var(--raised); border-block-end: 1px solid var(--line); }
.title { font-weight: 650; }
.hint { font-size: 0.875rem; color: var(--soft); }
.banner { padding: 0.5rem 1rem; background: var(--warn-surface); color: var(--warn); font-size: 0.9rem; }
.log { flex: 1; overflow-y: auto; padding: 1rem; display: flex; flex-direction: column; gap: 0.75rem; overscroll-behavior: contain; }
.empty { margin: auto; max-inline-size: 26rem; text-align: center; color: var(--soft); }
.message { max-inline-size: min(85%, 34rem); align-self: flex-start; }
.message.contact { align-self: flex-end; }
.who { font-size: 0.8rem; color: var(--soft); margin-block-end: 0.15rem; display: flex; flex-wrap: wrap; gap: 0 0.5rem; }
.contact .who { justify-content: flex-end; }
.picture img { display: block; max-inline-size: 100%; max-block-size: 16rem; border-radius: 1rem; border: 1px solid var(--line); }
.contact .picture img { margin-inline-start: auto; }
.own { text-align: end; }
.icon.tiny { min-inline-size: 2.75rem; min-block-size: 1.75rem; font-size: 1rem; color: var(--soft); border-radius: 1rem; }
.change { inline-size: min(100%, 30rem); border-radius: 0.75rem; margin-block-start: 0.35rem; }
.sure { margin-block-start: 0.35rem; }
.head-buttons { display: flex; }
.menu, .rating { display: flex; flex-wrap: wrap; gap: 0.5rem; padding: 0.75rem 1rem; background: var(--raised); border-block-end: 1px solid var(--line); align-items: center; overflow-y: auto; }
.menu p, .rating > p { inline-size: 100%; }
.menu .keep { font-weight: 650; }
.rating { border-block: 1px solid var(--line); max-block-size: 60%; }
.rating-answers { display: flex; flex-wrap: wrap; gap: 0.4rem; inline-size: 100%; }
.rating-answers [aria-pressed=true] { background: var(--accent); color: var(--on-accent); }
.rating-words { display: flex; gap: 0.5rem; inline-size: 100%; align-items: end; }
.rating .state:empty { display: none; }
.plain { background: transparent; border: 0; text-decoration: underline; min-block-size: 2.75rem; padding-inline: 0.5rem; }
.badge { display: inline-block; margin-inline-start: 0.5rem; min-inline-size: 1.5rem; padding-inline: 0.4rem; border-radius: 1rem; background: var(--on-accent); color: var(--accent); font-weight: 700; }
.unseen { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.text, .file { padding: 0.6rem 0.85rem; border-radius: 1rem; background: var(--theirs); white-space: pre-wrap; overflow-wrap: anywhere; }
.agent .text { border-inline-start: 4px solid var(--accent); }
button.file { display: block; border: 1px solid var(--soft, currentColor); color: inherit; font: inherit; text-align: start; cursor: pointer; text-decoration: underline; }
.contact .text, .contact .file { background: var(--accent); color: var(--on-accent); }
.tel { color: inherit; font-weight: 700; text-decoration: underline; text-underline-offset: 0.15em; padding-block: 0.2em; }
.emergency .text { border-inline-start: 4px solid var(--bad); }
.urgent { position: relative; display: flex; flex-wrap: wrap; gap: 0.4rem 0.75rem; align-items: center; padding: 0.5rem 3.25rem 0.6rem 1rem; background: var(--bad-surface); color: var(--bad); border-block-end: 2px solid var(--bad); }
.urgent-title { font-weight: 650; }
.urgent-numbers { display: flex; flex-wrap: wrap; gap: 0.5rem; }
.urgent .icon { position: absolute; inset-block-start: 0.25rem; inset-inline-end: 0.25rem; }
.urgent-number { background: var(--bad); color: var(--surface); border-radius: 2rem; padding: 0.55rem 1.1rem; min-block-size: 2.75rem; font-weight: 700; text-decoration: none; white-space: nowrap; }
.urgent-number:focus-visible { outline-color: var(--text); }
.again { display: flex; flex-wrap: wrap; gap: 0.5rem; justify-content: flex-end; margin-block-start: 0.35rem; }
.file + .file, .text + .file { margin-block-start: 0.25rem; }
.erased .text { font-style: italic; opacity: 0.8; }
.state { font-size: 0.8rem; color: var(--soft); text-align: end; margin-block-start: 0.15rem; }
.failed .state { color: var(--bad); }
.typing { padding: 0 1rem 0.35rem; font-size: 0.9rem; color: var(--soft); }
.choices { display: flex; flex-wrap: wrap; gap: 0.5rem; padding: 0.25rem 1rem 0.75rem; max-block-size: 40%; overflow-y: auto; }
.choice { border: 1.5px solid var(--accent); color: var(--accent); background: transparent; border-radius: 2rem; padding: 0.45rem 0.9rem; min-block-size: 2.75rem; }
.choice:hover { background: var(--accent); color: var(--on-accent); }
.chips { list-style: none; padding: 0 1rem 0.5rem; display: flex; flex-wrap: wrap; gap: 0.5rem; }
.chips li { background: var(--raised); border-radius: 0.5rem; padding-inline-start: 0.6rem; display: flex; align-items: center; max-inline-size: 100%; overflow-wrap: anywhere; }
form { display: flex; align-items: end; gap: 0.5rem; padding: 0.6rem; border-block-start: 1px solid var(--line); background: var(--raised); padding-block-end: max(0.6rem, env(safe-area-inset-bottom)); }
textarea { flex: 1; min-inline-size: 0; resize: none; font: inherit; color: var(--text); background: var(--surface); border: 1px solid var(--soft); border-radius: 1.2rem; padding: 0.6rem 0.9rem; max-block-size: 10rem; }
textarea::placeholder { color: var(--soft); opacity: 1; }
.send { background: var(--accent); color: var(--on-accent); border: 0; border-radius: 1.4rem; padding: 0.6rem 1.1rem; min-block-size: 2.75rem; font-weight: 600; }
.icon { background: transparent; border: 0; min-inline-size: 2.75rem; min-block-size: 2.75rem; border-radius: 50%; font-size: 1.35rem; line-height: 1; }
.icon:hover { background: var(--line); }
.launcher { position: fixed; inset-block-end: 1rem; inset-inline-end: 1rem; background: var(--accent); color: var(--on-accent); border: 0; border-radius: 2rem; padding: 0.9rem 1.4rem; font-weight: 600; box-shadow: 0 0.5rem 1.5rem rgb(0 0 0 / 25%); z-index: 2147483000; }
@media (prefers-reduced-motion: no-preference) {
  .message { animation: come 0.18s ease-out; }
  @keyframes come { from { opacity: 0; transform: translateY(0.3rem); } }
}
@media (forced-colors: active) { .text, .choice, .send, .urgent-number { border: 1px solid; } }
`;

/** What can be read on that colour: white, or nearly black. */
const on = (colour) => {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const c = parseInt(colour.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 ? '#06211e' : '#ffffff';
};

const own = (colour) => (colour ? `:host { --accent: ${colour}; --on-accent: ${on(colour)}; }` : '');

export const style = `${shared}
@media (prefers-color-scheme: light) { ${own(LOOKS.accent)} }
@media (prefers-color-scheme: dark) { ${own(LOOKS.accentDark)} }`;
