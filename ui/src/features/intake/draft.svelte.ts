// Keeps what is being typed: 400 ms after the last keystroke, when the window is hidden, and when
// the screen is left. What was kept is given back until it is saved or thrown away.

import { call } from '../../lib/backend';
import { formOfJson, isBlank, type CaseForm } from './form';

const KEY = 'case.new';
const WAIT_MS = 400;

export interface KeptForm {
  form: CaseForm;
  saved_at: number;
}

/** The form kept from before, or null. */
export async function keptForm(): Promise<KeptForm | null> {
  const { draft } = await call('draft.get', { key: KEY });
  const form = draft ? formOfJson(draft.body) : null;
  return draft && form && !isBlank(form) ? { form, saved_at: draft.saved_at } : null;
}

/** Throws away what was kept. */
export async function forgetForm(): Promise<void> {
  await call('draft.discard', { key: KEY }).catch(() => undefined);
}

/**
 * Keeps the form while the component lives and `ready()` is true. Returns a stop for the moment of
 * saving: what is saved as a case must not come back as a draft.
 */
export function keepForm(form: () => CaseForm, ready: () => boolean): { settle: () => void } {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let latest = '';
  let kept = '';

  function write() {
    clearTimeout(waiting);
    waiting = undefined;
    if (latest === kept) return;
    kept = latest;
    // A draft that cannot be kept must not stop the typing; the frame says when the program is gone.
    const written = latest === '' ? forgetForm() : call('draft.save', { key: KEY, body: latest });
    void written.catch(() => undefined);
  }

  $effect(() => {
    if (!ready()) return;
    const now = form();
    latest = isBlank(now) ? '' : JSON.stringify(now);
    if (latest === kept) return;
    clearTimeout(waiting);
    waiting = setTimeout(write, WAIT_MS);
  });

  $effect(() => {
    const hidden = () => {
      if (document.visibilityState === 'hidden') write();
    };
    document.addEventListener('visibilitychange', hidden);
    window.addEventListener('pagehide', write);
    return () => {
      document.removeEventListener('visibilitychange', hidden);
      window.removeEventListener('pagehide', write);
      if (waiting !== undefined) write();
    };
  });

  return {
    settle() {
      clearTimeout(waiting);
      waiting = undefined;
      kept = latest;
    },
  };
}
