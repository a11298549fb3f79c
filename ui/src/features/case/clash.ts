// Two people corrected the same case. What the other changed, and how one's own typing is laid over
// it: a field that only the other touched takes his value, all the rest stays as typed. Where the other
// touched nothing that the form shows, there is nothing to ask.

import type { CaseDetail } from '../../lib/backend';
import { formOf, type CaseForm } from '../intake/form';

type Field = keyof CaseForm;

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The fields that differ between what was opened and what is stored now. */
export function changedFields(before: CaseForm, now: CaseForm): Field[] {
  return (Object.keys(before) as Field[]).filter((field) => !same(before[field], now[field]));
}

/** One's own typing over the latest data. */
export function overlay(before: CaseForm, now: CaseForm, mine: CaseForm): CaseForm {
  const touched = changedFields(before, mine).map((field) => [field, mine[field]] as const);
  return { ...now, ...Object.fromEntries(touched) };
}

/** How often saving goes on by itself: whoever is overtaken again and again is asked after all. */
const GOES_ON_MOST = 3;

export type Answer = 'saved' | 'clash' | 'refused';

/**
 * Saves upon the version that was opened. When others moved the case meanwhile (it was referred, taken
 * further by the clock) and left all that the form shows as it was, it is saved upon the latest instead.
 * Answers how it ended; of a clash, with the case as it is now.
 */
export async function saveUpon(
  opened: CaseDetail,
  save: (version: number) => Promise<Answer>,
  read: () => Promise<CaseDetail>,
): Promise<{ answer: Answer; latest: CaseDetail | null }> {
  let { version } = opened;
  for (let went = 0; ; went += 1) {
    const answer = await save(version);
    if (answer !== 'clash') return { answer, latest: null };
    const latest = await read();
    const asks = changedFields(formOf(opened), formOf(latest)).length > 0;
    if (asks || went === GOES_ON_MOST) return { answer, latest };
    version = latest.version;
  }
}
