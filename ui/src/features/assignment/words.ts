// Reasons, waiting times and messages of มอบหมาย in words. The program answers in codes and numbers.

import type { AssignmentView, Suggestion } from '../../lib/backend';
import { t, wordFor } from '../../lib/words';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long somebody has waited: "2 วัน 3 ชม.". */
export function waited(since_ms: number, now_ms: number): string {
  const ms = Math.max(0, now_ms - since_ms);
  const days = Math.floor(ms / DAY_MS);
  const hours = Math.floor((ms % DAY_MS) / HOUR_MS);
  const minutes = Math.floor((ms % HOUR_MS) / MINUTE_MS);
  if (days > 0) return t('assignment.waited_days', { days, hours });
  if (hours > 0) return t('assignment.waited_hours', { hours, minutes });
  return t('assignment.waited_minutes', { minutes });
}

/** "0.8 กม.": nearer than 100 m is said to be 0.1. */
export function distanceWords(distance_m: number): string {
  return t('common.km', { km: (Math.max(100, distance_m) / 1000).toFixed(1) });
}

/** Being near, being free and having a vehicle are said by what follows the other reasons. */
const SAID_BY_FIGURES = new Set(['near', 'free_now', 'has_vehicle']);

/** บ้านในความรับผิดชอบ, 0.8 กม., มีรถกระบะ, งานในมือ 1/3. */
export function reasonWords(one: Suggestion): string[] {
  const said = one.why
    .filter((code) => !SAID_BY_FIGURES.has(code))
    // Who looks after a village nearly always lives in it.
    .filter((code) => code !== 'same_village' || !one.why.includes('own_patch'))
    .map((code) => wordFor(`assignment.why.${code}`, code));
  if (one.distance_m !== null) said.push(distanceWords(one.distance_m));
  if (one.vehicle) said.push(t('assignment.why.has_vehicle', { vehicle: one.vehicle }));
  said.push(t('assignment.load', { open: one.open_tasks, most: one.max_open_tasks }));
  return said;
}

/** What is sent to a volunteer. Neither the name of the person in need nor any number of his. */
export function offerMessage(
  offer: Pick<AssignmentView, 'case_number' | 'village' | 'volunteer'>,
  need: string,
  office: string,
): string {
  return t('assignment.message', {
    volunteer: offer.volunteer,
    number: offer.case_number,
    need,
    village: offer.village,
    office,
  });
}
