// Lets the clock bring about what falls due: offers nobody answered expire, cases nobody took are taken
// further. Once when the window opens and then once a minute, from the window that is looked at; two
// windows at once do no harm. Nobody asked for it, so a failure is not news: the next minute tries again.

import { call } from '../backend';
import { refresh } from '../session.svelte';

const EVERY_MS = 60_000;

/** Begins; returns a function that stops it. */
export function passTime(): () => void {
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = Number.NEGATIVE_INFINITY;

  async function pass() {
    clearTimeout(timer);
    if (!document.hidden) {
      last = performance.now();
      try {
        const passed = await call('time.pass', {});
        const moved = passed.expired + passed.escalated_supervisor + passed.escalated_district;
        if (moved > 0 && !stopped) await refresh();
      } catch {
        // Tried again in a minute.
      }
    }
    if (!stopped) timer = setTimeout(() => void pass(), EVERY_MS);
  }

  /** Brought to the front after a while: at once, not at the end of the minute. */
  function seen() {
    if (!document.hidden && performance.now() - last >= EVERY_MS) void pass();
  }

  document.addEventListener('visibilitychange', seen);
  void pass();
  return () => {
    stopped = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', seen);
  };
}
