// Tells the screens that the data changed under them: a sync, an import, another window.

import type { Status } from './commands';
import { send } from './transport';

const PULSE_MS = 3000;

/**
 * Asks for the status every three seconds while the page is visible and calls back with it.
 * `changed` is true when the data version moved since the pulse before. Returns a stop function.
 */
export function onPulse(callback: (status: Status, changed: boolean) => void): () => void {
  let version: Status['data_version'] | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;

  async function beat() {
    if (!document.hidden) {
      try {
        const status = (await send('status.get', {})) as Status;
        if (stopped) return;
        callback(status, version !== null && version !== status.data_version);
        version = status.data_version;
      } catch {
        // A missed pulse is not news; the next call a person makes will say what is wrong.
      }
    }
    if (!stopped) timer = setTimeout(beat, PULSE_MS);
  }

  const onVisible = () => {
    if (document.hidden) return;
    clearTimeout(timer);
    void beat();
  };
  document.addEventListener('visibilitychange', onVisible);
  timer = setTimeout(beat, PULSE_MS);
  return () => {
    stopped = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', onVisible);
  };
}
