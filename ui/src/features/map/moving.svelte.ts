// Putting a case's pin somewhere else, or for the first time: nothing is changed until it is saved,
// and then it can be undone like anything else.

import { act } from '../../lib/session.svelte';
import type { Centre } from './base';

interface Moving {
  id: string;
  number: string;
  /** Null: the case has had no place until now. */
  before: Centre | null;
  at: Centre | null;
}

export function pinMoving() {
  let now = $state.raw<Moving | null>(null);
  let saving = $state(false);

  return {
    get now() {
      return now;
    },
    get saving() {
      return saving;
    },
    begin(id: string, number: string, before: Centre | null) {
      now = { id, number, before, at: before };
    },
    put(at: Centre) {
      if (now) now = { ...now, at };
    },
    cancel() {
      now = null;
    },
    /** True when the pin stands where it was put. */
    async save(): Promise<boolean> {
      if (!now?.at || saving) return false;
      saving = true;
      const lat = Number(now.at.lat.toFixed(6));
      const lon = Number(now.at.lon.toFixed(6));
      // What was known about the accuracy of the old place says nothing about the new one.
      const done = await act('case.place', { id: now.id, lat, lon, accuracy_m: null, reason: null });
      saving = false;
      if (done.ok) now = null;
      return done.ok;
    },
  };
}
