// The talk as somebody can keep it: as a text file, and on paper.

import { el } from './widget-dom.js';
import { LANGUAGE, WORDS } from './widget-words.js';

const day = (at) => new Date(at).toLocaleString(LANGUAGE, { dateStyle: 'medium', timeStyle: 'short' });

/** What stands above the talk: whose it is, when it was kept, and by which reference it is known. */
const head = ({ organisation, complaint }) =>
  [
    organisation ? WORDS.transcriptOf(organisation) : WORDS.transcript,
    day(Date.now()),
    complaint ? WORDS.reference(complaint) : null,
  ].filter(Boolean);

const entries = ({ messages, name }) =>
  messages
    .filter((m) => m.position !== undefined)
    .map((m) => ({
      who: m.at ? `${name(m)}, ${day(m.at)}` : name(m),
      text: m.erased ? WORDS.erased : m.text,
      files: (m.erased ? [] : (m.attachments ?? [])).map((f) => WORDS.file(f.name)),
    }));

/** The talk as plain text. */
export const asText = (talk) =>
  [
    head(talk).join('\n'),
    ...entries(talk).map(({ who, text, files }) => [who, text, ...files].filter(Boolean).join('\n')),
  ].join('\n\n') + '\n';

/** Puts it on the device. */
export const save = (talk) => {
  // A mark at the beginning tells old editors which letters these are.
  const url = URL.createObjectURL(new Blob(['\ufeff', asText(talk)], { type: 'text/plain;charset=utf-8' }));
  const day = new Date().toLocaleDateString('en-CA');
  el('a', { href: url, download: `${[WORDS.transcriptFile, talk.complaint, day].filter(Boolean).join('-')}.txt` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
};

const PAPER = `
  body { font: 11pt/1.45 Georgia, serif; margin: 1.5cm; color: #000; background: #fff; }
  h1 { font-size: 15pt; margin: 0 0 0.3em; }
  h2 { font-size: 10pt; margin: 1.1em 0 0.15em; break-after: avoid; }
  p { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
`;

/** Prints it: in a page of its own, since the chat may stand in somebody else's. */
export const print = (talk) => {
  const frame = el('iframe', { title: WORDS.transcript, ariaHidden: 'true', tabIndex: -1 });
  Object.assign(frame.style, { position: 'fixed', inset: '0 auto auto 0', inlineSize: '0', blockSize: '0', border: '0' });
  document.body.append(frame);
  const paper = frame.contentDocument;
  const sheet = new frame.contentWindow.CSSStyleSheet();
  sheet.replaceSync(PAPER);
  paper.adoptedStyleSheets = [sheet];
  paper.documentElement.lang = LANGUAGE;
  const [title, ...rest] = head(talk);
  paper.title = title;
  const put = (tag, textContent) => {
    const node = paper.createElement(tag);
    node.textContent = textContent;
    node.dir = 'auto';
    paper.body.append(node);
  };
  put('h1', title);
  for (const line of rest) put('p', line);
  for (const { who, text, files } of entries(talk)) {
    put('h2', who);
    for (const line of [text, ...files].filter(Boolean)) put('p', line);
  }
  frame.contentWindow.addEventListener('afterprint', () => setTimeout(() => frame.remove(), 0));
  frame.contentWindow.print();
};
