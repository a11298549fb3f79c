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

/** Steps that are open to every one of these rows: what can be done to all at once. */
export function inCommon(rows: readonly { moves: readonly string[] }[]): string[] {
  const [first, ...others] = rows;
  if (!first) return [];
  // Each has a successor of his own.
  const steps = inOrder(first.moves).filter((step) => askedBy(step) !== 'successor');
  return steps.filter((step) => others.every((row) => row.moves.includes(step)));
}

/** Before somebody went there is nothing to ask the receiver. */
const WENT = new Set(['on_site', 'done', 'partly_done', 'failed', 'confirmed', 'returned']);

/** Whether the person in need can be asked if help came. */
export function receiverIsAsked(state: string): boolean {
  return WENT.has(state);
}

/** What is said with a step. */
export interface Said {
  reason: string | null;
  outcome: string | null;
  channel: string | null;
  minutes_given: number | null;
}

export const NOTHING_SAID: Said = { reason: null, outcome: null, channel: null, minutes_given: null };

export type Asked = 'outcome' | 'reason' | 'channel' | 'successor' | null;

/** What must be said with a step: how it ended, why it is not done, how he was told, who takes over, or nothing. */
export function askedBy(step: string): Asked {
  if (step === 'finish' || step === 'finish_partly') return 'outcome';
  if (step === 'offer') return 'channel';
  if (step === 'reassign') return 'successor';
  if (['decline', 'fail', 'revoke', 'reject'].includes(step)) return 'reason';
  return null;
}

/** Whether a step is asked how long it took: who went there for nothing gave his time too. */
export function takesTime(step: string): boolean {
  return step === 'finish' || step === 'finish_partly' || step === 'fail';
}

/** Reasons that are given every day, by their key in the catalogue. */
export const REASONS: Readonly<Record<string, readonly string[]>> = {
  decline: ['busy', 'away', 'no_vehicle', 'ill', 'too_far'],
  fail: ['not_home', 'no_goods', 'road_cut', 'refused_help'],
  revoke: ['mistake', 'others_helped', 'no_answer'],
  reassign: ['no_answer', 'too_far', 'no_vehicle'],
  reject: ['no_answer', 'busy', 'overworked', 'unsafe', 'at_odds'],
};

/** Times that are usual for a visit, in minutes. */
export const USUAL_MIN = [30, 60, 120, 240] as const;
