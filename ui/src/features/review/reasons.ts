// Why a headman does not confirm, and the verdict each reason means. Of help he can only say that
// it came or that it did not.

export interface Reason {
  code: string;
  verdict: 'returned' | 'not_found' | 'rejected';
  /** It says nothing by itself: words are wanted. */
  needsWords?: boolean;
}

const OF_CASE: readonly Reason[] = [
  { code: 'not_villager', verdict: 'returned' },
  { code: 'wrong_data', verdict: 'returned' },
  { code: 'not_found', verdict: 'not_found' },
  { code: 'untrue', verdict: 'rejected' },
  { code: 'other', verdict: 'returned', needsWords: true },
];

const OF_HELP: readonly Reason[] = [
  { code: 'not_come', verdict: 'returned' },
  { code: 'not_enough', verdict: 'returned' },
  { code: 'not_asked_for', verdict: 'returned' },
  { code: 'other', verdict: 'returned', needsWords: true },
];

export function reasonsFor(kind: string): readonly Reason[] {
  return kind === 'assignment' ? OF_HELP : OF_CASE;
}
