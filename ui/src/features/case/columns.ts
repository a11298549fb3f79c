// The columns of the list of cases, by code, in the order they stand. Which of them a person sees is
// kept with his settings; the name is always there: it says which row is which.

import { changeLook } from '../../lib/session.svelte';
import { look } from '../../lib/look.svelte';
import { t, type WordKey } from '../../lib/words';

const WORDS = {
  urgency: 'case.field.urgency',
  score: 'case.field.score',
  number: 'case.field.number',
  name: 'case.field.name',
  phone: 'case.field.phone',
  place: 'common.address',
  needs: 'case.field.needs',
  people: 'case.field.people',
  state: 'case.field.state',
  review: 'case.field.review',
  freshness: 'case.field.freshness',
  waiting: 'case.field.reported_at',
} as const satisfies Record<string, WordKey>;

export type CaseColumn = keyof typeof WORDS;

const ALL = Object.keys(WORDS) as CaseColumn[];
const ALWAYS: CaseColumn = 'name';
/** What there is room for on a screen of 1366 by 768 is shown until somebody chooses otherwise. */
const NOT_AT_FIRST: readonly CaseColumn[] = ['score', 'phone'];
const SHIPPED = ALL.filter((one) => !NOT_AT_FIRST.includes(one));

/** What this person sees. */
export function caseColumns(): CaseColumn[] {
  const chosen = look.case_columns;
  return chosen.length === 0 ? SHIPPED : ALL.filter((one) => one === ALWAYS || chosen.includes(one));
}

/** What he may take in or leave out. */
export function columnChoices(): { key: string; label: string }[] {
  return ALL.filter((one) => one !== ALWAYS).map((key) => ({ key, label: t(WORDS[key]) }));
}

export function toggleColumn(key: string): void {
  const now: readonly string[] = caseColumns();
  const wanted = now.includes(key) ? now.filter((one) => one !== key) : [...now, key];
  changeLook({ case_columns: ALL.filter((one) => wanted.includes(one)) });
}

export function resetColumns(): void {
  changeLook({ case_columns: [] });
}
