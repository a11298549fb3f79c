// One rule set, or put back to what the program ships.

import type { BackendError } from '../../../lib/backend';
import { act } from '../../../lib/session.svelte';

/** True when it was kept. `null` puts it back. */
export async function keepRule(
  code: string,
  value: string | null,
  onError?: (error: BackendError) => void,
): Promise<boolean> {
  const done = await act(
    'rule.save',
    { code, value },
    { done: 'settings.rule_saved', ...(onError ? { onError } : {}) },
  );
  return done.ok;
}
