// Who could serve the chosen need, read anew whenever the need or the data changes; and, when a name is
// typed, those people instead, suited or not.

import { untrack } from 'svelte';
import { call, type Suggestion, type Suggestions } from '../../lib/backend';
import { session, showError } from '../../lib/session.svelte';

/** As many as have a number key. */
const MOST = 9;
const MOST_FOUND = 20;
const WAIT_MS = 200;

export function suggestionsFor(need: () => string | null, at: () => number | null) {
  let answer = $state.raw<Suggestions | null>(null);
  let picked = $state<string | null>(null);
  let text = $state('');
  let found = $state.raw<readonly Suggestion[] | null>(null);

  $effect(() => {
    void need();
    untrack(() => {
      answer = null;
      picked = null;
      text = '';
      found = null;
    });
  });

  $effect(() => {
    void session.changed;
    const need_id = need();
    if (need_id === null) return;
    let late = false;
    call('assignment.suggest', { need_id, limit: MOST, text: null, at: at() })
      .then((now) => {
        if (late) return;
        answer = now;
        if (!now.suggestions.some((one) => one.volunteer_id === picked)) picked = null;
      })
      .catch((thrown: unknown) => {
        if (!late) showError(thrown);
      });
    return () => (late = true);
  });

  $effect(() => {
    void session.changed;
    const words = text.trim();
    const moment = at();
    const need_id = untrack(need);
    if (need_id === null || words === '') {
      found = null;
      return;
    }
    let late = false;
    const timer = setTimeout(() => {
      call('assignment.suggest', { need_id, limit: MOST_FOUND, text: words, at: moment })
        .then((now) => {
          if (late) return;
          found = now.suggestions;
          picked = found.find((one) => one.why_not === null)?.volunteer_id ?? null;
        })
        .catch((thrown: unknown) => {
          if (!late) showError(thrown);
        });
    }, WAIT_MS);
    return () => {
      late = true;
      clearTimeout(timer);
    };
  });

  const shown = $derived(found ?? answer?.suggestions ?? null);

  return {
    get answer() {
      return answer;
    },
    /** What the number keys choose from. Null while reading. */
    get shown() {
      return shown;
    },
    get searching() {
      return text.trim() !== '';
    },
    get text() {
      return text;
    },
    set text(to: string) {
      text = to;
    },
    get picked() {
      return shown?.find((one) => one.volunteer_id === picked) ?? null;
    },
    pick(one: Suggestion | undefined) {
      if (one) picked = one.volunteer_id;
    },
    pickAt(index: number) {
      this.pick(shown?.[index]);
    },
  };
}
