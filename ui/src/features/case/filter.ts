// The filter of the list of cases, kept in the address so that a figure of วันนี้, the map and a
// copied link all mean the same lines.

import type { CaseFilter } from '../../lib/backend';
import type { Params } from '../../lib/route.svelte';

export type CaseSort = 'newest' | 'waiting' | 'number';

export interface CaseQuery {
  filter: CaseFilter;
  sort: CaseSort;
}

export const SORTS: readonly CaseSort[] = ['newest', 'waiting', 'number'];

export const EVERY_OPEN: CaseFilter = {
  states: [],
  urgencies: [],
  need_kinds: [],
  areas: [],
  review_states: [],
  only: null,
  incident_id: null,
  text: null,
  no_place: false,
  all_states: false,
};

/** The saved views: what an office asks for all day. */
export const PRESETS: readonly { name: 'waiting' | 'urgent' | 'all'; query: CaseQuery }[] = [
  {
    name: 'waiting',
    query: { filter: { ...EVERY_OPEN, states: ['reported', 'open'] }, sort: 'newest' },
  },
  { name: 'urgent', query: { filter: EVERY_OPEN, sort: 'waiting' } },
  { name: 'all', query: { filter: { ...EVERY_OPEN, all_states: true }, sort: 'newest' } },
];

function list(text: string | undefined): string[] {
  return text ? text.split(',').filter(Boolean) : [];
}

/** Reads the filter out of an address. */
export function queryOf(params: Readonly<Record<string, string>>): CaseQuery {
  return {
    filter: {
      states: list(params['state']),
      urgencies: list(params['urgency']),
      need_kinds: list(params['kind']),
      areas: list(params['area']),
      review_states: list(params['review']),
      only: params['only'] ?? null,
      incident_id: params['incident'] ?? null,
      text: params['text'] ?? null,
      no_place: params['no_place'] === '1',
      all_states: params['all'] === '1',
    },
    sort: SORTS.find((one) => one === params['sort']) ?? 'newest',
  };
}

/** Writes the filter into an address. */
export function paramsOf({ filter, sort }: CaseQuery): Params {
  return {
    state: filter.states.join(','),
    urgency: filter.urgencies.join(','),
    kind: filter.need_kinds.join(','),
    area: filter.areas.join(','),
    review: filter.review_states.join(','),
    only: filter.only,
    incident: filter.incident_id,
    text: filter.text,
    no_place: filter.no_place ? '1' : null,
    all: filter.all_states ? '1' : null,
    sort: sort === 'newest' ? null : sort,
  };
}

export function sameQuery(one: CaseQuery, other: CaseQuery): boolean {
  return JSON.stringify(paramsOf(one)) === JSON.stringify(paramsOf(other));
}
