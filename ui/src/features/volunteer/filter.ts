// The filter of the register, kept in the address as the list of cases keeps its own.

import type { Params } from '../../lib/route.svelte';

export interface VolunteerFilter {
  text: string | null;
  kinds: string[];
  areas: string[];
  availability: string | null;
  equipment: string[];
  vetting: string | null;
  free_now: boolean;
}

export const AVAILABILITIES = ['available', 'on_leave', 'left'] as const;
export const VETTINGS = ['unvetted', 'vetted', 'refused'] as const;

export const EVERYBODY: VolunteerFilter = {
  text: null,
  kinds: [],
  areas: [],
  availability: null,
  equipment: [],
  vetting: null,
  free_now: false,
};

function list(text: string | undefined): string[] {
  return text ? text.split(',').filter(Boolean) : [];
}

export function volunteerFilterOf(params: Readonly<Record<string, string>>): VolunteerFilter {
  return {
    text: params['text'] ?? null,
    kinds: list(params['kind']),
    areas: list(params['area']),
    availability: params['availability'] ?? null,
    equipment: list(params['equipment']),
    vetting: params['vetting'] ?? null,
    free_now: params['free'] === '1',
  };
}

export function volunteerParams(filter: VolunteerFilter): Params {
  return {
    text: filter.text,
    kind: filter.kinds.join(','),
    area: filter.areas.join(','),
    availability: filter.availability,
    equipment: filter.equipment.join(','),
    vetting: filter.vetting,
    free: filter.free_now ? '1' : null,
  };
}

/** True while the register shows everybody. */
export function isEverybody(filter: VolunteerFilter): boolean {
  return JSON.stringify(filter) === JSON.stringify(EVERYBODY);
}
