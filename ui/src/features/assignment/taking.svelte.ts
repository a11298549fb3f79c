// Taking a step of an assignment: at once, or after it was asked what belongs to the step.

import type { AssignmentView } from '../../lib/backend';
import { act } from '../../lib/session.svelte';
import { askedBy, NOTHING_SAID, type Said } from './steps';

export function stepTaking(onTaken: () => void) {
  let current = $state<string | null>(null);
  /** The step of the chosen row that waits for an answer. */
  let asking = $state<string | null>(null);
  let busy = $state(false);

  async function take(row: AssignmentView, step: string, said: Said = NOTHING_SAID) {
    if (busy) return;
    busy = true;
    const done = await act('assignment.move', { id: row.id, step, ...said });
    busy = false;
    if (!done.ok) return;
    asking = null;
    onTaken();
  }

  return {
    get current() {
      return current;
    },
    get asking() {
      return asking;
    },
    get busy() {
      return busy;
    },
    choose(id: string | null) {
      if (current !== id) asking = null;
      current = id;
    },
    begin(row: AssignmentView, step: string) {
      current = row.id;
      if (askedBy(step)) asking = step;
      else void take(row, step);
    },
    take,
    stop() {
      asking = null;
      onTaken();
    },
  };
}
