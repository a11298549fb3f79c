// The office's kinds of volunteer, in its own words. Read when a screen that shows volunteers opens.

import { call, type KindView } from '../../lib/backend';
import { look } from '../../lib/look.svelte';

let kinds = $state.raw<readonly KindView[]>([]);

export const volunteerKinds = {
  get all() {
    return kinds;
  },
};

export async function readVolunteerKinds(): Promise<void> {
  const answer = await call('kind.list', { list: 'volunteer' });
  kinds = [...answer.kinds].sort((a, b) => a.position - b.position);
}

/** The office's name of a kind of volunteer; the code when the list has lost it. */
export function volunteerKindName(code: string): string {
  const kind = kinds.find((one) => one.code === code);
  if (!kind) return code;
  return look.language === 'en' && kind.en ? kind.en : kind.th;
}

export function volunteerKindNames(codes: readonly string[]): string {
  return codes.map(volunteerKindName).join(', ');
}
