// When hands are to come: now, or tomorrow when the office opens. A plan for tomorrow is made in the evening, when
// those who help by day cannot be asked to go any more.

import { nowMs } from '../../lib/clock.svelte';
import { isoToMs, msToIso } from '../../lib/dates';

const DAY_MS = 24 * 3_600_000;
/** Half past eight, when a Thai office opens. */
const OPENS_MS = 8.5 * 3_600_000;

/** `asked`: whether it is for tomorrow. Null is now; it moves once a day, not with the clock. */
export function momentOf(asked: () => boolean) {
  const tomorrow = $derived(msToIso(nowMs() + DAY_MS));
  const at = $derived(asked() ? (isoToMs(tomorrow) ?? 0) + OPENS_MS : null);
  return {
    get at() {
      return at;
    },
  };
}
