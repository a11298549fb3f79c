// What the register says of a volunteer in words: whether he can be asked, what he has, when.

import type { VolunteerRow } from '../../lib/backend';
import { longDate, shortIsoDate, isoToMs } from '../../lib/dates';
import { t, wordFor } from '../../lib/words';
import { weekLines } from './spans';

/** Why he cannot be asked now: "งานเต็มมือ", "ลาถึง 23 พ.ย. 2569". */
export function whyNotFree(code: string | null, awayUntil: string | null): string {
  if (code === 'away' && awayUntil) return t('volunteer.away_until', { date: shortIsoDate(awayUntil) });
  return code ? wordFor(`volunteer.why_not.${code}`, code) : t('volunteer.not_free');
}

/** "รถกระบะ 4 ที่นั่ง". */
export function vehicleOf(row: Pick<VolunteerRow, 'vehicle' | 'vehicle_seats'>): string {
  if (!row.vehicle) return '';
  return row.vehicle_seats ? t('volunteer.vehicle_seats', { vehicle: row.vehicle, seats: row.vehicle_seats }) : row.vehicle;
}

/** "จ.-ศ. 08.30-16.30". */
export function hoursWords(spans: readonly string[]): string[] {
  if (spans.length === 0) return [t('volunteer.any_time')];
  return weekLines(spans).map(({ from, until, hours }) => {
    const days = from === until ? dayName(from) : `${dayName(from)}-${dayName(until)}`;
    return `${days} ${t('date.time', { time: hours })}`;
  });
}

export function dayName(day: number): string {
  return wordFor(`volunteer.day.${day}`, String(day));
}

/** `2026-05-01 first_aid` as its day and code. */
export function trainingParts(entry: string): { day: string | null; code: string } {
  const match = /^(\d{4}-\d{2}-\d{2})\s+(.*)$/.exec(entry);
  return match ? { day: match[1] ?? null, code: match[2] ?? '' } : { day: null, code: entry };
}

/** A day of the store in full, B.E. */
export function dayWords(iso: string): string {
  const ms = isoToMs(iso);
  return ms === null ? iso : longDate(ms);
}
