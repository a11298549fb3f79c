// Giving needs to a volunteer: one, or several in one visit. Says what was saved, with undo, and which
// could not be.

import { call, type Acted, type BackendError, type Pair, type PairRefused } from '../../lib/backend';
import { codeWords } from '../../lib/errors';
import { act, actionName, refresh, showError, undo } from '../../lib/session.svelte';
import { toast } from '../../lib/toasts.svelte';
import { t } from '../../lib/words';

export interface Manner {
  /** Told already, in this way; null: only a name put down for now. */
  channel: string | null;
  pinned: boolean;
  team_id: string | null;
  one_visit: boolean;
}

/** What came of it: the ids of what was made, and the pairs that were refused, each with its code. */
export interface Given {
  ids: readonly string[];
  refused: readonly PairRefused[];
}

/** Gives these pairs in one act. What was refused is said in the notice, unless the page `tells` it itself. */
export async function giveAll(pairs: Pair[], manner: Manner, tells = false): Promise<Given> {
  const offered = manner.channel !== null;
  const [only] = pairs;
  // Only pairs can take the place of somebody.
  if (pairs.length === 1 && only && !only.replaces) {
    const { need_id, volunteer_id } = only;
    const { channel, pinned, team_id } = manner;
    const request = { need_id, volunteer_id, offered, channel, pinned, team_id };
    const done = await act('assignment.propose', request, tells ? { onError: () => undefined } : {});
    if (!done.ok) return { ids: [], refused: [{ need_id, volunteer_id, code: done.error.code }] };
    return { ids: done.response.id ? [done.response.id] : [], refused: [] };
  }
  try {
    const made = await call('assignment.propose_all', { pairs, offered, ...manner });
    say(made.acted, made.ids.length, tells ? [] : made.refused);
    await refresh().catch(() => undefined);
    return made;
  } catch (thrown) {
    showError(thrown as BackendError);
    return { ids: [], refused: [] };
  }
}

function say(acted: Acted | null, made: number, refused: readonly PairRefused[]): void {
  const codes = [...new Set(refused.map((one) => one.code))];
  const why = codes.map((code) => {
    const count = refused.filter((one) => one.code === code).length;
    return t('assignment.refused_line', { count, why: codeWords(`error.${code}`, code) });
  });
  if (!acted && refused.length === 0) return;
  toast({
    tone: made > 0 ? 'good' : 'error',
    text: acted
      ? `${t('common.saved')} · ${actionName(acted.action)} ${t('common.count_items', { count: made })}`
      : t('common.error'),
    ...(why.length > 0 ? { more: why.join(' ') } : {}),
    ...(acted ? { button: { label: t('button.undo'), press: () => void undo(acted.act_id) } } : {}),
  });
}
