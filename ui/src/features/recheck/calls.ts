// What can be heard on the telephone, by whom one rings, in the order of the number keys.

import { call } from '../../lib/backend';
import { look } from '../../lib/look.svelte';

export const KINDS = ['case', 'volunteer', 'service_point'] as const;

const ANSWERS: Readonly<Record<string, readonly string[]>> = {
  case: ['still_needed', 'met', 'partly', 'no_longer_wanted', 'worse', 'no_answer'],
  volunteer: ['still_available', 'away', 'no_answer'],
  service_point: ['open', 'full', 'closed', 'no_answer'],
};

/** Answers that close needs: of several it must be said which. */
export const CLOSES: ReadonlySet<string> = new Set(['met', 'no_longer_wanted']);

/** Answers that are about some of the needs. */
export const ABOUT_NEEDS: ReadonlySet<string> = new Set([...CLOSES, 'partly']);

/** What goes with an answer. */
export interface Heard {
  note: string;
  need_ids: string[];
  /** Of a volunteer who is away. */
  back_on: string | null;
}

export function answersFor(kind: string): readonly string[] {
  return ANSWERS[kind] ?? ['no_answer'];
}

/** Names of kinds of volunteer and of service point, by code. */
export async function readNames(): Promise<ReadonlyMap<string, string>> {
  const read = await Promise.all(
    ['volunteer', 'service_point'].map((list) => call('kind.list', { list })),
  );
  return new Map(
    read.flatMap(({ kinds }) =>
      kinds.map((kind) => [kind.code, look.language === 'en' && kind.en ? kind.en : kind.th] as const),
    ),
  );
}
