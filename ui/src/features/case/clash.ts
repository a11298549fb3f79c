// Two people corrected the same case. What the other changed, and how one's own typing is laid over
// it: a field that only the other touched takes his value, all the rest stays as typed.

import type { CaseForm } from '../intake/form';

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
