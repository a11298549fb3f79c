// The plan for all open needs, made anew whenever the data, the filter, a pin or a "not this one"
// changes. Pins and refusals belong to this sitting; nothing of them is kept.

import { untrack } from 'svelte';
import { call, type Pair, type Plan, type PlanLine } from '../../lib/backend';
import { errorWords } from '../../lib/errors';
import { session } from '../../lib/session.svelte';
import type { BoardFilter } from './board.svelte';

/** What tells two lines of a plan apart: a need may take several hands. */
export function lineKey(line: Pick<PlanLine, 'need_id' | 'volunteer_id'>): string {
  return `${line.need_id}/${line.volunteer_id}`;
}

/** What is sent to accept a line: one that is instead of somebody names what it takes the place of. */
export function pairOf(line: PlanLine): Pair {
  const { need_id, volunteer_id, assignment_id } = line;
  const replaces = line.change === 'instead' ? assignment_id : null;
  return replaces ? { need_id, volunteer_id, replaces } : { need_id, volunteer_id };
}

/** A pair with the words to show it by, for taking it back. */
export interface Kept extends Pair {
  label: string;
}

/** `at`: when they are to come; null is now. */
export function wholePlan(filter: () => BoardFilter, at: () => number | null) {
  let plan = $state.raw<Plan | null>(null);
  let pins = $state.raw<readonly Kept[]>([]);
  let without = $state.raw<readonly Kept[]>([]);
  let busy = $state(false);
  let took_ms = $state(0);
  let failed = $state<string | null>(null);
  let again = $state(0);
  let turn = 0;

  const bare = (kept: readonly Kept[]): Pair[] =>
    kept.map(({ need_id, volunteer_id }) => ({ need_id, volunteer_id }));

  $effect(() => {
    void [session.changed, again];
    const { areas, need_kinds } = filter();
    const request = { areas, need_kinds, pins: bare(pins), without: bare(without), at: at() };
    untrack(() => {
      const mine = ++turn;
      const began = performance.now();
      busy = true;
      call('assignment.plan', request)
        .then((answer) => {
          if (mine !== turn) return;
          plan = answer;
          failed = null;
          took_ms = performance.now() - began;
        })
        .catch((thrown: unknown) => {
          if (mine === turn) failed = errorWords(thrown);
        })
        .finally(() => {
          if (mine === turn) busy = false;
        });
    });
  });

  function kept(line: PlanLine): Kept {
    const { need_id, volunteer_id } = line;
    return { need_id, volunteer_id, label: `${line.name} · ${line.volunteer}` };
  }

  return {
    get plan() {
      return plan;
    },
    /** Why there is no plan for what is asked now. */
    get failed() {
      return failed;
    },
    /** Tries again. */
    retry() {
      again += 1;
    },
    get busy() {
      return busy;
    },
    get took_ms() {
      return took_ms;
    },
    get without() {
      return without;
    },
    isPinned(line: PlanLine) {
      return line.pinned || pins.some((one) => lineKey(one) === lineKey(line));
    },
    /** Pins a line for the plans to come, or lets it go again. */
    pin(line: PlanLine) {
      const key = lineKey(line);
      pins = pins.some((one) => lineKey(one) === key)
        ? pins.filter((one) => lineKey(one) !== key)
        : [...pins, kept(line)];
    },
    /** Not this one: the plan is made without it. */
    leaveOut(line: PlanLine) {
      const key = lineKey(line);
      pins = pins.filter((one) => lineKey(one) !== key);
      without = [...without, kept(line)];
    },
    takeBack(pair: Pair) {
      without = without.filter((one) => lineKey(one) !== lineKey(pair));
    },
  };
}
