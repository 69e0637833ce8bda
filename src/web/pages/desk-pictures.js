// Files that came with a message: pictures are shown in the talk, everything else is a link.

import { el } from './desk-dom.js';
import { t } from './desk-words.js';

/** Kinds of pictures that every browser shows. */
const PICTURES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];

const address = (file) => `/api/v1/attachments/${file.id}`;

const link = (file) =>
  el('a', {
    className: 'file',
    href: address(file),
    download: file.name,
    textContent: t('kilobytes', { name: file.name, number: Math.ceil(file.size / 1024) }),
  });

/** The program gives files as downloads only, so a picture is fetched and shown from memory. */
const fetched = async (file) => {
  const response = await fetch(address(file));
  if (!response.ok) throw new Error(String(response.status));
  return new Blob([await response.blob()], { type: file.media_type });
};

export const attachment = (file) => {
  if (!PICTURES.includes(file.media_type)) return link(file);
  const frame = el('div', { className: 'picture' }, link(file));
  fetched(file).then(
    (blob) => {
      const url = URL.createObjectURL(blob);
      const image = el('img', { alt: t('pictureOf', { name: file.name }), src: url });
      image.addEventListener('load', () => {
        const log = frame.closest('.talk');
        const near = log && log.scrollHeight - log.scrollTop - log.clientHeight < 120;
        frame.prepend(image);
        if (near) log.scrollTop = log.scrollHeight;
      });
      for (const end of ['load', 'error']) image.addEventListener(end, () => URL.revokeObjectURL(url), { once: true });
    },
    () => {
      /* the link stays */
    },
  );
  return frame;
};
