// The hours of a week as the program keeps them (`1 08:00-16:30`; Monday is 1) and as half hours that
// can be painted. A span over midnight becomes the end of one day and the beginning of the next.

export const DAYS = 7;
export const HALVES = 48;
const HALF_MIN = 30;

/** `week[day][half]`: whether he can be asked then. */
export type Week = boolean[][];

export function emptyWeek(): Week {
  return Array.from({ length: DAYS }, () => new Array<boolean>(HALVES).fill(false));
}

function halfOf(time: string, up: boolean): number {
  const [hours = 0, minutes = 0] = time.split(/[:.]/).map(Number);
  const halves = (hours * 60 + minutes) / HALF_MIN;
  return up ? Math.ceil(halves) : Math.floor(halves);
}

export function weekOf(spans: readonly string[]): Week {
  const week = emptyWeek();
  for (const span of spans) {
    const match = /^(\d)\s+(\d{1,2}[:.]\d{2})-(\d{1,2}[:.]\d{2})$/.exec(span.trim());
    if (!match) continue;
    const day = Number(match[1]) - 1;
    const from = halfOf(match[2] ?? '', false);
    const until = halfOf(match[3] ?? '', true);
    if (from < until) paint(week, day, from, until);
    else {
      paint(week, day, from, HALVES);
      paint(week, (day + 1) % DAYS, 0, until);
    }
  }
  return week;
}

function paint(week: Week, day: number, from: number, until: number) {
  for (let half = from; half < until; half += 1) {
    const row = week[day];
    if (row && half < HALVES) row[half] = true;
  }
}

function time(half: number, sign: string): string {
  const minutes = half * HALF_MIN;
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}${sign}${String(minutes % 60).padStart(2, '0')}`;
}

/** The runs of a day: first half hour and the one after the last. */
function runs(row: readonly boolean[]): [number, number][] {
  const found: [number, number][] = [];
  let from = -1;
  for (let half = 0; half <= HALVES; half += 1) {
    const on = half < HALVES && row[half] === true;
    if (on && from < 0) from = half;
    if (!on && from >= 0) {
      found.push([from, half]);
      from = -1;
    }
  }
  return found;
}

export function spansOf(week: Week): string[] {
  return week.flatMap((row, day) => runs(row).map(([from, until]) => `${day + 1} ${time(from, ':')}-${time(until, ':')}`));
}

/** The hours of one day as people write them: 08.00-16.30. */
export function dayWords(row: readonly boolean[]): string {
  return runs(row)
    .map(([from, until]) => `${time(from, '.')}-${time(until, '.')}`)
    .join(', ');
}

export function timeWords(half: number): string {
  return time(half, '.');
}

/** Days that have the same hours, said together: [first day, last day, hours]. */
export function weekLines(spans: readonly string[]): { from: number; until: number; hours: string }[] {
  const lines: { from: number; until: number; hours: string }[] = [];
  weekOf(spans).forEach((row, day) => {
    const hours = dayWords(row);
    const last = lines[lines.length - 1];
    if (hours === '') return;
    if (last && last.hours === hours && last.until === day) last.until = day + 1;
    else lines.push({ from: day + 1, until: day + 1, hours });
  });
  return lines;
}
