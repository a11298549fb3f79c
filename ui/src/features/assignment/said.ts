// Reasons as they are kept and as they are read, and who goes. What is chosen every day is kept by its code, so that it
// reads the same in either language and can be counted; what was typed is kept as it was typed. A code may
// have words of its own after it: `ill: ไข้สูง`.

import { t, wordFor } from '../../lib/words';

const BETWEEN = ': ';

function wordOf(code: string): string {
  return wordFor(`assignment.reason.${code}`, '');
}

/** A kept reason in words. */
export function whyWords(kept: string): string {
  const [code = '', ...more] = kept.split(BETWEEN);
  const word = wordOf(code);
  return word === '' ? kept : [word, ...more].join(' ');
}

/** What is kept of a text that may be the word of one of these codes. */
export function keptWhy(text: string, codes: readonly string[]): string {
  return codes.find((code) => wordOf(code) === text) ?? text;
}

/** What is kept of a code with words of its own. */
export function keptWith(code: string, words: string): string {
  return words === '' ? code : `${code}${BETWEEN}${words}`;
}

/** ทีมกู้ภัย รวม 3 คน */
export function teamWords(row: { team: string | null; companions: readonly string[] }): string | null {
  if (row.team === null) return null;
  const team = t('assignment.with_team', { team: row.team });
  return row.companions.length === 0 ? team : t('assignment.team_of', { team, count: row.companions.length + 1 });
}

/** Names of those who go along, as far as the register knows them. */
export function alongWords(row: { companions: readonly string[] }): string | null {
  const names = row.companions.filter((name) => name !== '');
  return names.length === 0 ? null : t('assignment.along', { names: names.join(', ') });
}
