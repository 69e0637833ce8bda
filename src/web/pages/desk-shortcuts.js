// Single keys of the desk: each does what a button or a row does.

import { t } from './desk-words.js';

/** `p` are the desk's parts; `back` leads to the lists. */
export const shortcuts = (p, back) => {
  const press = (title) => () => p.conversation.press(title);
  const go = (where) => () => p.conversation.go(where);
  const tabs = ['mine', 'queue', 'all', 'resolved'];
  return [
    { key: 'j', title: t('keyNext'), act: () => p.lists.step(1) },
    { key: 'k', title: t('keyBefore'), act: () => p.lists.step(-1) },
    { key: '/', title: t('search'), act: () => p.lists.search.focus() },
    ...tabs.map((tab, at) => ({ key: `${at + 1}`, title: p.lists.titleOf(tab), act: () => p.lists.show(tab) })),
    { key: 't', title: t('takeIt'), act: press('takeIt') },
    { key: 'r', title: t('reply'), act: go('reply') },
    { key: 'n', title: t('note'), act: go('note') },
    { key: 'l', title: t('addLabel'), act: go('label') },
    { key: 'e', title: t('keyEdit'), act: go('record') },
    { key: 's', title: t('snooze'), act: press('snooze') },
    { key: 'h', title: t('handOver'), act: press('handOver') },
    { key: 'd', title: t('done'), act: press('done') },
    { key: 'u', title: t('keyBack'), act: back },
  ];
};
