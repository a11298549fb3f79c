// The office's lists about volunteers, in its own words: kinds, equipment, trainings. Read when a
// screen that shows volunteers opens.

import { call, type KindView } from '../../lib/backend';
import { look } from '../../lib/look.svelte';

let kinds = $state.raw<readonly KindView[]>([]);
let equipment = $state.raw<readonly KindView[]>([]);
let trainings = $state.raw<readonly KindView[]>([]);

export const volunteerKinds = {
  get all() {
    return kinds;
  },
};

export const equipmentKinds = {
  get all() {
    return equipment;
  },
};

export const trainingKinds = {
  get all() {
    return trainings;
  },
};

async function readList(list: string): Promise<readonly KindView[]> {
  const answer = await call('kind.list', { list });
  return [...answer.kinds].sort((a, b) => a.position - b.position);
}

export async function readVolunteerKinds(): Promise<void> {
  [kinds, equipment, trainings] = await Promise.all([
    readList('volunteer'),
    readList('equipment'),
    readList('training'),
  ]);
}

function nameIn(list: readonly KindView[], code: string): string {
  const kind = list.find((one) => one.code === code);
  if (!kind) return code;
  return look.language === 'en' && kind.en ? kind.en : kind.th;
}

/** The office's name of a kind of volunteer; the code when the list has lost it. */
export function volunteerKindName(code: string): string {
  return nameIn(kinds, code);
}

export function volunteerKindNames(codes: readonly string[]): string {
  return codes.map(volunteerKindName).join(', ');
}

export function equipmentName(code: string): string {
  return nameIn(equipment, code);
}

export function equipmentNames(codes: readonly string[]): string {
  return codes.map(equipmentName).join(', ');
}

/** A training by its code, or in the free words it was keyed with. */
export function trainingName(code: string): string {
  return nameIn(trainings, code);
}
