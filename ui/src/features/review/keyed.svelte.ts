// What was keyed and what the program understood of it: read anew a moment after the last key, kept as
// a draft so that a power cut costs nothing, applied in one act.

import { untrack } from 'svelte';
import { call, type BackendError, type TickEntry, type TickReading } from '../../lib/backend';
import { errorWords } from '../../lib/errors';
import { act, session, showError } from '../../lib/session.svelte';

/** Long enough that a fast typist is not read in the middle of a code. */
const READ_AFTER_MS = 120;
const KEEP_AFTER_MS = 800;
const DRAFT = 'tick_keys';
/** What was applied last: where that is undone, it comes back into the box. */
const APPLIED = 'tick_applied';

const NOTHING: TickReading = { entries: [], ready: 0, problems: 0 };

export function keying() {
  let text = $state('');
  let reading = $state.raw<TickReading>(NOTHING);
  /** The text that `reading` is of. */
  let readOf = $state('');
  let failed = $state('');
  let kept = $state(false);
  let back = $state(false);
  /** The day the headman signed, as `2026-11-24`; null: the day after each list was printed. */
  let signedOn = $state<string | null>(null);
  /** Codes on which the paper counts although somebody has said otherwise since. */
  let over = $state.raw<readonly string[]>([]);
  let applied = '';
  let busy = $state(false);
  let turn = 0;
  let opened = false;
  let keeper: ReturnType<typeof setTimeout> | undefined;

  async function open() {
    const found = await call('draft.get', { key: DRAFT }).catch(() => null);
    if (text === '' && found?.draft) {
      text = found.draft.body;
      kept = text !== '';
    }
    applied = (await call('draft.get', { key: APPLIED }).catch(() => null))?.draft?.body ?? '';
    opened = true;
    void bringBack();
  }

  function request(typed: string) {
    return { text: typed, signed_on: signedOn, over: [...over] };
  }

  /** What was applied stands in the box again once all of it has been undone. */
  async function bringBack() {
    if (applied === '' || text !== '' || busy) return;
    const was = applied;
    const answer = await call('tick.read', request(was)).catch(() => null);
    const undone = answer !== null && answer.entries.length > 0 && answer.entries.every((one) => one.was === null && one.problem !== 'tick_done_already');
    if (!undone || text !== '' || applied !== was) return;
    text = was;
    back = true;
    forget();
  }

  function forget() {
    applied = '';
    call('draft.discard', { key: APPLIED }).catch(showError);
  }

  function keep() {
    clearTimeout(keeper);
    if (!opened) return;
    const body = text;
    keeper = setTimeout(() => {
      const saved =
        body === ''
          ? call('draft.discard', { key: DRAFT })
          : call('draft.save', { key: DRAFT, body });
      saved.catch(showError);
    }, KEEP_AFTER_MS);
  }

  async function read() {
    const mine = ++turn;
    const asked = text;
    if (asked.trim() === '') {
      reading = NOTHING;
      readOf = asked;
      failed = '';
      return;
    }
    try {
      const answer = await call('tick.read', request(asked));
      if (mine !== turn) return;
      reading = answer;
      readOf = asked;
      failed = '';
    } catch (thrown) {
      if (mine === turn) failed = errorWords(thrown);
    }
  }

  void open();

  $effect(() => {
    void text;
    void signedOn;
    void over;
    const timer = setTimeout(() => void read(), READ_AFTER_MS);
    untrack(keep);
    return () => clearTimeout(timer);
  });

  // Somebody else may have done what a line speaks of.
  $effect(() => {
    void session.changed;
    untrack(() => {
      void read();
      void bringBack();
    });
  });

  return {
    get text() {
      return text;
    },
    set text(to: string) {
      text = to;
      kept = false;
      back = false;
    },
    get signedOn() {
      return signedOn;
    },
    set signedOn(to: string | null) {
      signedOn = to;
    },
    get back() {
      return back;
    },
    /** The paper counts on this line. */
    useOver(code: string) {
      over = [...over, code];
    },
    get entries(): readonly TickEntry[] {
      return reading.entries;
    },
    get reading() {
      return reading;
    },
    get readOf() {
      return readOf;
    },
    get failed() {
      return failed;
    },
    get kept() {
      return kept;
    },
    get busy() {
      return busy;
    },
    /** Applies all, or nothing: what has a problem is corrected first. Gives back how many lines. */
    async apply(onError: (error: BackendError) => void): Promise<number> {
      if (busy) return 0;
      busy = true;
      await read();
      const { ready, problems } = reading;
      if (problems > 0 || ready === 0 || failed !== '') {
        busy = false;
        return 0;
      }
      const typed = text;
      const done = await act('tick.apply', request(typed), { onError });
      busy = false;
      if (!done.ok) return 0;
      text = '';
      back = false;
      over = [];
      applied = typed;
      await call('draft.save', { key: APPLIED, body: typed }).catch(showError);
      return ready;
    },
  };
}
