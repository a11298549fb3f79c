// Reasons and waiting times of มอบหมาย in words. The program answers in codes and numbers.

import type { CostPart } from '../../lib/backend';
import { t, wordFor } from '../../lib/words';
import { equipmentNames } from '../volunteer/kinds.svelte';

const MINUTE_MS = 60_000;
const HOUR_MIN = 60;
const DAY_MIN = 24 * HOUR_MIN;

/** A span of time: "2 วัน 3 ชม.", "3 ชม. 20 นาที", "25 นาที". */
export function spanWords(minutes_all: number): string {
  const all = Math.max(0, Math.floor(minutes_all));
  const days = Math.floor(all / DAY_MIN);
  const hours = Math.floor((all % DAY_MIN) / HOUR_MIN);
  const minutes = all % HOUR_MIN;
  if (days > 0) return hours > 0 ? t('assignment.waited_days', { days, hours }) : t('assignment.span_days', { days });
  if (hours > 0) {
    return minutes > 0 ? t('assignment.waited_hours', { hours, minutes }) : t('assignment.span_hours', { hours });
  }
  return t('assignment.waited_minutes', { minutes });
}

/** How long somebody has waited. */
export function waited(since_ms: number, now_ms: number): string {
  return spanWords((now_ms - since_ms) / MINUTE_MS);
}

/** How much of the time to answer is left. */
export function timeLeft(until_ms: number, now_ms: number): { words: string; late: boolean; soon: boolean } {
  // The screen's clock is up to half a minute behind.
  const minutes = Math.round((until_ms - now_ms) / MINUTE_MS);
  if (minutes <= 0) return { words: t('assignment.expired_now'), late: true, soon: true };
  // Far from the end minutes say nothing.
  const said = minutes >= 3 * HOUR_MIN ? Math.round(minutes / HOUR_MIN) * HOUR_MIN : minutes;
  return { words: t('assignment.expires_in', { time: spanWords(said) }), late: false, soon: minutes <= 15 };
}

/** "0.8 กม.": nearer than 100 m is said to be 0.1. */
export function distanceWords(distance_m: number): string {
  return t('common.km', { km: (Math.max(100, distance_m) / 1000).toFixed(1) });
}

/** What is known of somebody who could serve; a suggestion or a line of the plan. */
export interface Reasoned {
  why: readonly string[];
  distance_m: number | null;
  open_tasks: number;
  max_open_tasks: number;
  vehicle?: string | null;
  vehicle_seats?: number | null;
  brings?: readonly string[];
  carries?: readonly string[];
}

/** Being near, having nothing to do and having a vehicle are said by what follows the other reasons. */
const SAID_BY_FIGURES = new Set(['near', 'free_now', 'has_vehicle']);

/** What speaks against him and does not forbid it: said last. */
const AGAINST = ['too_few_seats', 'no_stretcher'] as const;

/** What already follows from a stronger reason is not said again. */
const FOLLOWS: Readonly<Record<string, readonly string[]>> = {
  goes_there: ['knows_household', 'has_skill'],
  own_house: ['own_patch', 'same_village', 'has_skill'],
  own_patch: ['same_village', 'has_skill'],
  knows_household: ['has_skill'],
  same_village: ['has_skill'],
};

/** บ้านในความรับผิดชอบ · 0.8 กม. · มีรถกระบะ 4 ที่นั่ง · งาน 1/3. */
export function reasonWords(one: Reasoned): string[] {
  const implied = new Set(one.why.flatMap((code) => FOLLOWS[code] ?? []));
  const said = one.why
    .filter((code) => !SAID_BY_FIGURES.has(code) && !implied.has(code) && !AGAINST.some((one) => one === code))
    .filter((code) => code !== 'has_equipment' || !one.brings?.length && !one.carries?.length)
    .map((code) => wordFor(`assignment.why.${code}`, code));
  if (one.distance_m !== null) said.push(distanceWords(one.distance_m));
  if (one.vehicle) said.push(vehicleWords(one.vehicle, one.vehicle_seats ?? null));
  else if (one.why.includes('has_vehicle')) said.push(t('assignment.why.vehicle'));
  const carries = one.carries ?? [];
  said.push(...carries.map((code) => wordFor(`assignment.why.carries.${code}`, code)));
  // What the vehicle carries was said with it.
  const brings = (one.brings ?? []).filter((code) => !carries.includes(code));
  if (brings.length > 0) said.push(t('assignment.why.brings', { what: equipmentNames(brings) }));
  said.push(t('assignment.load', { open: one.open_tasks, most: one.max_open_tasks }));
  for (const code of AGAINST.filter((one_code) => one.why.includes(one_code))) {
    said.push(code === 'too_few_seats' && !one.vehicle ? t('assignment.why.no_vehicle') : t(`assignment.why.${code}`));
  }
  return said;
}

export function vehicleWords(vehicle: string, seats: number | null): string {
  return seats
    ? t('assignment.why.has_vehicle_seats', { vehicle, seats })
    : t('assignment.why.has_vehicle', { vehicle });
}

/** He is only suggested nearer to his home; a person may send him farther. */
export const FARTHER = 'out_of_area';

/** Why somebody is not suited, in words. */
export function whyNotWords(code: string): string {
  return wordFor(`assignment.why_not.${code}`, code);
}

/** A part of the order of suggestions: "ระยะทาง 0.8 กม.", "บ้านในความรับผิดชอบ −3.0 กม.". */
export function costWords(part: CostPart): string {
  const sign = part.metres < 0 ? '−' : '+';
  const km = (Math.abs(part.metres) / 1000).toFixed(1);
  return `${wordFor(`assignment.part.${part.code}`, part.code)} ${sign}${km}`;
}
