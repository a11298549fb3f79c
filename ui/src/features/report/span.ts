// What a report is of: a span of whole days in Thailand, as ISO dates of the store, and an incident.

import { isoToMs, msToIso } from '../../lib/dates';
import { t } from '../../lib/words';

export interface Span {
  from: string;
  to: string;
}

const DAY_MS = 86_400_000;

/** The day so many days after (or, when negative, before) a day. */
export function dayAfter(iso: string, days: number): string {
  const ms = isoToMs(iso);
  return ms === null ? iso : msToIso(ms + days * DAY_MS);
}

/** How many days a span holds, both ends counted; 0 when it ends before it begins. */
export function daysOf(span: Span): number {
  const [from, to] = [isoToMs(span.from), isoToMs(span.to)];
  if (from === null || to === null || to < from) return 0;
  return Math.round((to - from) / DAY_MS) + 1;
}

/** The last `days` days up to and with `today`. */
export function lastDays(today: string, days: number): Span {
  return { from: dayAfter(today, 1 - days), to: today };
}

/** The whole incident, up to today or to its end. Null when nobody said when it began. */
export function wholeIncident(
  today: string,
  incident: { started_on: string | null; ended_on: string | null } | null,
): Span | null {
  if (!incident?.started_on || incident.started_on > today) return null;
  const end = incident.ended_on && incident.ended_on < today ? incident.ended_on : today;
  return { from: incident.started_on, to: end };
}

/** The incident whose cases a report counts, in words. */
export function incidentName(report: { incident: { name: string } | null }): string {
  return report.incident?.name ?? t('report.every_incident');
}
