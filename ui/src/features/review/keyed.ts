// The text of the key-back box. It is the one thing that is kept, read and applied; keying down a
// printed list only writes the same codes into it.

import type { TickEntry } from '../../lib/backend';
import { t, wordFor } from '../../lib/words';

/** The answers by their number keys from 1; the paper prints the same numbers at its boxes. */
export const ANSWERS = ['found', 'not_found', 'amend', 'helped', 'not_helped'] as const;

/** The number keys that a line of this kind takes, in the order of its boxes. */
export function keysOf(kind: string | null): readonly number[] {
  return kind === 'assignment' ? [4, 5, 3] : [1, 2, 3, 4];
}

/** An answer in words: of help the paper says ได้รับแล้ว, of a case ช่วยแล้ว. */
export function answerWords(kind: string | null, answer: string): string {
  if (kind === 'assignment' && answer === 'helped') return t('review.answer.came');
  return wordFor(`review.answer.${answer}`, answer);
}

/** Where an entry's piece stands in the text: from, to. Pieces come in the order of the text. */
export function spans(text: string, entries: readonly TickEntry[]): readonly (readonly [number, number])[] {
  let from = 0;
  return entries.map((entry) => {
    const at = text.indexOf(entry.text, from);
    if (at < 0) return [text.length, text.length] as const;
    from = at + entry.text.length;
    return [at, from] as const;
  });
}

/** The text without the pieces of a code, and with one new piece at its end: the code and its number key. */
export function withAnswer(
  text: string,
  entries: readonly TickEntry[],
  code: string,
  answer: number | null,
): string {
  const where = spans(text, entries);
  let rest = text;
  for (let index = entries.length - 1; index >= 0; index -= 1) {
    const [from, to] = where[index] ?? [0, 0];
    if (entries[index]?.code === code) rest = rest.slice(0, from) + rest.slice(to);
  }
  const pieces = rest
    .split(/[\n,;]+/)
    .map((piece) => piece.trim())
    .filter(Boolean);
  if (answer !== null) pieces.push(`${code}${answer}`);
  return pieces.length === 0 ? '' : `${pieces.join(', ')}, `;
}

/**
 * The entry that is still being typed: the last one, with nothing after it, that lacks signs of its code or
 * its answer. It is not called wrong before it is done; a code whose check does not hold is, at once.
 */
export function unfinished(text: string, entries: readonly TickEntry[]): TickEntry | null {
  const last = entries.at(-1);
  if (!last?.problem || /[\s,;]$/.test(text)) return null;
  const signs = last.text.replace(/[\s.\-–]/g, '').length;
  return signs < 4 || last.problem === 'tick_answer_missing' ? last : null;
}
