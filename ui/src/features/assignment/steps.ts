// Which steps of an assignment lead on, and what a step asks for before it is taken.

/** Steps that lead the work on: always shown. The others only on the row that is chosen. */
const FORWARD = new Set(['offer', 'accept', 'decline', 'depart', 'arrive', 'finish']);

export function isForward(step: string): boolean {
  return FORWARD.has(step);
}

/** The steps of a row in the order they are drawn: the ones that lead on first. */
export function inOrder(moves: readonly string[]): string[] {
  return [...moves.filter(isForward), ...moves.filter((one) => !isForward(one))];
}

export type Asked = 'outcome' | 'reason' | null;

/** What must be said with a step: how it ended, why it is not done, or nothing. */
export function askedBy(step: string): Asked {
  if (step === 'finish' || step === 'finish_partly') return 'outcome';
  if (['decline', 'fail', 'revoke', 'reassign'].includes(step)) return 'reason';
  return null;
}

/** Reasons that are given every day, by their key in the catalogue. */
export const REASONS: Readonly<Record<string, readonly string[]>> = {
  decline: ['busy', 'away', 'no_vehicle', 'ill', 'too_far'],
  fail: ['not_home', 'no_goods', 'road_cut', 'refused_help'],
  revoke: ['mistake', 'others_helped', 'no_answer'],
  reassign: ['no_answer', 'too_far', 'no_vehicle'],
};
