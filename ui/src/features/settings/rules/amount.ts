// Times as people say them. A rule counts in one unit; a person thinks in minutes, hours or days,
// whichever is whole.

import type { RuleView } from '../../../lib/backend';
import { count, t } from '../../../lib/words';

export type Unit = 'minutes' | 'hours' | 'days' | 'count' | 'points';

const MINUTES: Readonly<Record<string, number>> = { minutes: 1, hours: 60, days: 1440 };

export const isTime = (kind: string): boolean => kind in MINUTES;

/** The units a time of this rule may be typed in: its own and the larger ones. */
export function unitsOf(kind: string): Unit[] {
  if (kind === 'minutes') return ['minutes', 'hours', 'days'];
  if (kind === 'hours') return ['hours', 'days'];
  return [kind as Unit];
}

/** A value of a rule in the largest unit in which it is whole. */
export function spoken(kind: string, value: string): { amount: string; unit: Unit } {
  const whole = Number(value);
  if (!isTime(kind) || !Number.isFinite(whole)) return { amount: value, unit: kind as Unit };
  const minutes = whole * (MINUTES[kind] ?? 1);
  const unit = [...unitsOf(kind)].reverse().find((one) => minutes % (MINUTES[one] ?? 1) === 0) ?? (kind as Unit);
  return { amount: String(minutes / (MINUTES[unit] ?? 1)), unit };
}

/** Back to the rule's own unit; null when it is no whole number. */
export function valueOf(kind: string, amount: string, unit: Unit): number | null {
  if (!/^\d{1,6}$/.test(amount.trim())) return null;
  const factor = isTime(kind) ? (MINUTES[unit] ?? 1) / (MINUTES[kind] ?? 1) : 1;
  const value = Number(amount) * factor;
  return Number.isInteger(value) ? value : null;
}

/** "30 นาที", "2 วัน". */
export function spokenWords(kind: string, value: string): string {
  const { amount, unit } = spoken(kind, value);
  return `${count(Number(amount))} ${t(`settings.unit.${unit}`)}`;
}

export function isChanged(rule: RuleView): boolean {
  return rule.value !== rule.shipped;
}
