// Dates as an office reads and writes them: always Buddhist Era, always Thailand's time.
// The computer's own zone and the browser's calendar data are left out on purpose: an office PC with
// a wrong zone must still print the right day, and Thailand has had one zone, UTC+7, since 1920.

import { look } from './look.svelte';
import { t } from './words';

const ZONE_MS = 7 * 3_600_000;
const DAY_MS = 86_400_000;
const ERA_YEARS = 543;

const MONTHS_TH = ['มกราคม', 'กุมภาพันธ์', 'มีนาคม', 'เมษายน', 'พฤษภาคม', 'มิถุนายน', 'กรกฎาคม', 'สิงหาคม', 'กันยายน', 'ตุลาคม', 'พฤศจิกายน', 'ธันวาคม'];
const MONTHS_TH_SHORT = ['ม.ค.', 'ก.พ.', 'มี.ค.', 'เม.ย.', 'พ.ค.', 'มิ.ย.', 'ก.ค.', 'ส.ค.', 'ก.ย.', 'ต.ค.', 'พ.ย.', 'ธ.ค.'];
const MONTHS_EN = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const DAYS_TH = ['อาทิตย์', 'จันทร์', 'อังคาร', 'พุธ', 'พฤหัสบดี', 'ศุกร์', 'เสาร์'];
const DAYS_EN = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

interface Parts {
  year: number;
  month: number;
  day: number;
  weekday: number;
  hour: number;
  minute: number;
}

function partsOf(ms: number): Parts {
  const there = new Date(ms + ZONE_MS);
  return {
    year: there.getUTCFullYear(),
    month: there.getUTCMonth(),
    day: there.getUTCDate(),
    weekday: there.getUTCDay(),
    hour: there.getUTCHours(),
    minute: there.getUTCMinutes(),
  };
}

function dayNumber(ms: number): number {
  return Math.floor((ms + ZONE_MS) / DAY_MS);
}

function inWords(parts: Parts, long: boolean): string {
  const year = parts.year + ERA_YEARS;
  if (look.language === 'en') {
    const name = MONTHS_EN[parts.month] ?? '';
    return `${parts.day} ${long ? name : name.slice(0, 3)} ${year}${long ? ' B.E.' : ''}`;
  }
  const month = (long ? MONTHS_TH : MONTHS_TH_SHORT)[parts.month];
  return long ? `${parts.day} ${month} พ.ศ. ${year}` : `${parts.day} ${month} ${year}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** 25 ธ.ค. 2564 */
export function shortDate(ms: number): string {
  return inWords(partsOf(ms), false);
}

/** 25 ธันวาคม พ.ศ. 2564 */
export function longDate(ms: number): string {
  return inWords(partsOf(ms), true);
}

/** วันเสาร์ที่ 25 ธันวาคม พ.ศ. 2564 */
export function fullDate(ms: number): string {
  const parts = partsOf(ms);
  return look.language === 'en'
    ? `${DAYS_EN[parts.weekday]}, ${inWords(parts, true)}`
    : `วัน${DAYS_TH[parts.weekday]}ที่ ${inWords(parts, true)}`;
}

/** 10:32 */
export function clockTime(ms: number): string {
  const parts = partsOf(ms);
  return `${two(parts.hour)}:${two(parts.minute)}`;
}

/** 25 ธ.ค. 2564 10:32 น. */
export function dateTime(ms: number): string {
  return `${shortDate(ms)} ${t('date.time', { time: clockTime(ms) })}`;
}

/** The time when it was today, the date when it was not: 10:32, เมื่อวาน 10:32, 25 ธ.ค. 2564. */
export function whenShort(ms: number, nowMs: number): string {
  const days = dayNumber(nowMs) - dayNumber(ms);
  if (days === 0) return clockTime(ms);
  if (days === 1) return `${t('date.yesterday')} ${clockTime(ms)}`;
  return shortDate(ms);
}

/** เมื่อครู่นี้, 12 นาทีก่อน, 3 ชม. ก่อน, 4 วันก่อน, then the date. */
export function ago(ms: number, nowMs: number): string {
  const minutes = Math.floor((nowMs - ms) / 60_000);
  // A stamp from the near future is another computer's clock, not a prophecy.
  if (minutes < 1) return minutes < -60 ? dateTime(ms) : t('fresh.now');
  if (minutes < 60) return t('fresh.minutes', { count: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return t('fresh.hours', { count: hours });
  const days = Math.floor(hours / 24);
  return days <= 30 ? t('fresh.days', { count: days }) : shortDate(ms);
}

/** An ISO date of the store (`2021-12-25`, Christian era) as 25 ธ.ค. 2564. */
export function shortIsoDate(iso: string): string {
  const ms = isoToMs(iso);
  return ms === null ? iso : shortDate(ms);
}

/** Midnight in Thailand of an ISO date, in milliseconds UTC. Null when there is no such day. */
export function isoToMs(iso: string): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso);
  if (!match) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const there = new Date(Date.UTC(year, month - 1, day));
  // Date.UTC rolls 31 February over into March; such a day does not exist.
  if (there.getUTCMonth() !== month - 1 || there.getUTCDate() !== day) return null;
  return there.getTime() - ZONE_MS;
}

/** The day in Thailand of a moment, as an ISO date of the store. */
export function msToIso(ms: number): string {
  const parts = partsOf(ms);
  return `${parts.year}-${two(parts.month + 1)}-${two(parts.day)}`;
}

/** Thai digits as the digits a program counts with. */
export function arabicDigits(text: string): string {
  return text.replace(/[๐-๙]/g, (digit) => String(digit.charCodeAt(0) - 0x0e50));
}

/** Day, month and Buddhist year as an ISO date; null when there is no such day. */
export function beToIso(day: number, month: number, yearBe: number): string | null {
  const iso = `${String(yearBe - ERA_YEARS).padStart(4, '0')}-${two(month)}-${two(day)}`;
  return isoToMs(iso) === null ? null : iso;
}

/** An ISO date as day, month and Buddhist year. */
export function isoToBe(iso: string): { day: number; month: number; year: number } | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso);
  if (!match) return null;
  return { day: Number(match[3]), month: Number(match[2]), year: Number(match[1]) + ERA_YEARS };
}

/** A year as people write it: 64 is 2564, 2021 is the Christian 2564. */
export function fullBeYear(year: number): number {
  if (year < 100) return 2500 + year;
  return year < 2400 ? year + ERA_YEARS : year;
}

/**
 * Reads a whole date: 25/12/2564, ๒๕-๑๒-๖๔, 25 ธ.ค. 64, วันที่ 25 ธันวาคม พ.ศ. 2564, 2021-12-25,
 * 25 Dec 2021. Null when it cannot be read as one day.
 */
export function parseDate(text: string): string | null {
  const plain = arabicDigits(text).replace(/พ\.?\s*ศ\.?|B\.?E\.?|วันที่/gi, ' ').trim();
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(plain);
  if (iso) return beToIso(Number(iso[3]), Number(iso[2]), fullBeYear(Number(iso[1])));
  const digits = /^(\d{1,2})[\s/.-]+(\d{1,2})[\s/.-]+(\d{2}|\d{4})$/.exec(plain);
  if (digits) return beToIso(Number(digits[1]), Number(digits[2]), fullBeYear(Number(digits[3])));
  const words = /^(\d{1,2})\s*([^\d\s]+)\s*(\d{2}|\d{4})$/.exec(plain);
  if (!words) return null;
  const month = monthOf(words[2] ?? '');
  return month === null
    ? null
    : beToIso(Number(words[1]), month, fullBeYear(Number(words[3])));
}

function monthOf(name: string): number | null {
  const bare = name.replace(/\./g, '').toLowerCase();
  const index = MONTHS_TH.findIndex(
    (thai, at) =>
      thai === bare ||
      MONTHS_TH_SHORT[at]?.replace(/\./g, '') === bare ||
      (bare.length >= 3 && MONTHS_EN[at]?.toLowerCase().startsWith(bare)),
  );
  return index < 0 ? null : index + 1;
}

/** The names of the months, for choosing one. */
export function monthNames(): readonly string[] {
  return look.language === 'en' ? MONTHS_EN : MONTHS_TH;
}
