// The present moment for things that age on the screen. It moves twice a minute, so that a hundred
// "3 ชม. ก่อน" cost one timer.

const TICK_MS = 30_000;

let present = $state(Date.now());

setInterval(() => {
  present = Date.now();
}, TICK_MS);

/** Now, in milliseconds UTC; whatever reads it is drawn again as time passes. */
export function nowMs(): number {
  return present;
}
