// What the province did not apply, as the screen goes through it: a list that is read page by page, where one
// stands in it, and which are marked to be decided together.

import { untrack } from 'svelte';
import { call, type SyncTrouble } from '../../lib/backend';
import { session, showError } from '../../lib/session.svelte';

const PAGE = 100;

export function matters(decided: () => boolean) {
  let rows = $state.raw<readonly SyncTrouble[]>([]);
  let counts = $state.raw<{ open: number; decided: number } | null>(null);
  let at = $state(0);
  let marked = $state.raw<ReadonlySet<string>>(new Set());
  let turn = 0;

  async function read(more = false) {
    const mine = ++turn;
    const wanted = decided();
    try {
      const page = await call('sync.troubles', {
        decided: wanted,
        after: more ? (rows.at(-1)?.change_id ?? null) : null,
        // What was read stays read.
        limit: more ? PAGE : Math.min(500, Math.max(PAGE, rows.length)),
      });
      if (mine !== turn) return;
      const current = rows[at]?.change_id;
      rows = more ? [...rows, ...page.rows] : page.rows;
      counts = { open: page.conflicts + page.held, decided: page.decided };
      const again = rows.findIndex((row) => row.change_id === current);
      at = again >= 0 ? again : Math.max(0, Math.min(at, rows.length - 1));
      const there = new Set(rows.map((row) => row.change_id));
      marked = new Set([...marked].filter((id) => there.has(id)));
    } catch (thrown) {
      if (mine === turn) showError(thrown);
    }
  }

  $effect(() => {
    void session.changed;
    void decided();
    untrack(() => void read());
  });

  return {
    get rows() {
      return rows;
    },
    /** Null until the first answer. */
    get total() {
      return counts && (decided() ? counts.decided : counts.open);
    },
    get at() {
      return at;
    },
    get row() {
      return rows[at] ?? null;
    },
    get marked() {
      return rows.filter((row) => marked.has(row.change_id));
    },
    isMarked: (id: string) => marked.has(id),
    to(index: number) {
      at = Math.max(0, Math.min(rows.length - 1, index));
    },
    mark(id: string) {
      const next = new Set(marked);
      if (!next.delete(id)) next.add(id);
      marked = next;
    },
    /** All that were read of the same kind about the same fields. */
    markAlike(like: SyncTrouble) {
      const same = (row: SyncTrouble) =>
        row.kind === like.kind &&
        row.entity === like.entity &&
        (row.kind === 'conflict' ? row.fields.join() === like.fields.join() : row.reason === like.reason);
      marked = new Set(rows.filter(same).map((row) => row.change_id));
    },
    unmark() {
      marked = new Set();
    },
    more: () => void read(true),
    read: () => void read(),
  };
}

export type Matters = ReturnType<typeof matters>;
