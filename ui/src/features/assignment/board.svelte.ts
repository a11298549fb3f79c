// The needs without hands that were read so far, the one that is chosen, and those marked to go with
// it in one visit. When the chosen one gets hands it leaves the list, and the next one in its place is
// chosen.

import { untrack } from 'svelte';
import { call, type BoardRow } from '../../lib/backend';
import { session, showError } from '../../lib/session.svelte';

const PAGE = 50;
const MOST = 500;

export interface BoardFilter {
  areas: string[];
  need_kinds: string[];
}

/** `wanted`: the need the address asks for; it is read on until it is found. */
export function needBoard(filter: () => BoardFilter, wanted: () => string | null) {
  let rows = $state.raw<BoardRow[]>([]);
  let total = $state<number | null>(null);
  let chosen = $state<string | null>(null);
  /** Needs that are to be served in the same visit as the chosen one. */
  let marked = $state.raw<readonly string[]>([]);
  let next: string | null = null;
  let loading = false;
  let turn = 0;
  let asked = '';
  /** The wish of the address that has not been met yet. */
  let sought: string | null = null;

  async function read(after: string | null, limit: number) {
    const mine = ++turn;
    loading = true;
    try {
      const page = await call('assignment.board', { ...filter(), after, limit });
      if (mine !== turn) return;
      const place = rows.findIndex((row) => row.need_id === chosen);
      rows = after === null ? page.rows : [...rows, ...page.rows];
      next = page.next;
      total = page.total;
      marked = marked.filter((id) => rows.some((row) => row.need_id === id));
      if (sought !== null && seek()) return;
      if (!rows.some((row) => row.need_id === chosen)) {
        chosen = rows[Math.min(Math.max(0, place), rows.length - 1)]?.need_id ?? null;
      }
    } catch (thrown) {
      if (mine === turn) showError(thrown);
    }
    if (mine === turn) loading = false;
  }

  /** Chooses the need that is sought, or reads on. True while there is more to read. */
  function seek(): boolean {
    if (rows.some((row) => row.need_id === sought)) chosen = sought;
    else if (next !== null && rows.length < MOST) {
      void read(next, PAGE);
      return true;
    }
    sought = null;
    return false;
  }

  $effect(() => {
    sought = wanted();
    untrack(() => {
      if (sought !== null && rows.length > 0) seek();
    });
  });

  $effect(() => {
    void session.changed;
    const question = JSON.stringify(filter());
    untrack(() => {
      const again = question === asked;
      asked = question;
      void read(null, again ? Math.min(MOST, Math.max(PAGE, rows.length)) : PAGE);
    });
  });

  return {
    get rows() {
      return rows;
    },
    get total() {
      return total;
    },
    get chosen() {
      return rows.find((row) => row.need_id === chosen) ?? null;
    },
    get marked() {
      return marked;
    },
    /** The chosen need, and with it the marked ones. */
    get visit() {
      return rows.filter((row) => row.need_id === chosen || marked.includes(row.need_id));
    },
    /** Other needs of the same case: one way there serves them too. */
    get beside() {
      const now = rows.find((row) => row.need_id === chosen);
      return rows.filter((row) => row.case.id === now?.case.id && row.need_id !== chosen);
    },
    mark(need_id: string) {
      marked = marked.includes(need_id) ? marked.filter((id) => id !== need_id) : [...marked, need_id];
    },
    unmark() {
      marked = [];
    },
    choose(row: BoardRow | undefined) {
      if (row) chosen = row.need_id;
    },
    step(by: number) {
      const at = rows.findIndex((row) => row.need_id === chosen);
      const row = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
      if (row) chosen = row.need_id;
      if (at + by >= rows.length - 5) this.more();
    },
    more() {
      if (!loading && next !== null) void read(next, PAGE);
    },
  };
}
