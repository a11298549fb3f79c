// The assignments that were read so far, of one view of the work: those of one visit stand together.

import { untrack } from 'svelte';
import { call, type AssignmentView } from '../../lib/backend';
import { session, showError } from '../../lib/session.svelte';

const PAGE = 100;

/** What a view shows; none means the program's own "under way". */
export const VIEWS = {
  under_way: [],
  waiting: ['proposed', 'offered'],
  going: ['accepted', 'en_route', 'on_site'],
  held_up: [],
  to_review: ['done', 'partly_done'],
  came_back: ['declined', 'expired', 'failed', 'returned'],
  ended: ['confirmed', 'revoked', 'reassigned'],
} as const satisfies Record<string, readonly string[]>;

export type WorkView = keyof typeof VIEWS;
export const WORK_VIEWS = Object.keys(VIEWS) as WorkView[];

/** Rows of a visit after its first row, the rest as they came. */
export function byVisit(rows: readonly AssignmentView[]): AssignmentView[] {
  const ordered: AssignmentView[] = [];
  const taken = new Set<string>();
  for (const row of rows) {
    if (taken.has(row.id)) continue;
    const together = row.visit_id ? rows.filter((one) => one.visit_id === row.visit_id) : [row];
    for (const one of together) {
      taken.add(one.id);
      ordered.push(one);
    }
  }
  return ordered;
}

export function workRows(view: () => WorkView) {
  let rows = $state.raw<readonly AssignmentView[] | null>(null);
  let total = $state(0);
  let next = $state.raw<string | null>(null);
  let turn = 0;
  let shown: WorkView | null = null;

  async function read(after: string | null) {
    const mine = ++turn;
    const states = [...VIEWS[untrack(view)]];
    try {
      const limit = after === null ? Math.max(PAGE, rows?.length ?? 0) : PAGE;
      const page = await call('assignment.list', { states, volunteer_id: null, held_up: untrack(view) === 'held_up', after, limit });
      if (mine !== turn) return;
      rows = byVisit(after === null ? page.rows : [...(rows ?? []), ...page.rows]);
      total = page.total;
      next = page.next;
    } catch (thrown) {
      if (mine === turn) showError(thrown);
    }
  }

  $effect(() => {
    void session.changed;
    const now = view();
    untrack(() => {
      if (now !== shown) rows = null;
      shown = now;
      void read(null);
    });
  });

  return {
    get rows() {
      return rows;
    },
    get total() {
      return total;
    },
    get hasMore() {
      return next !== null;
    },
    more() {
      if (next !== null) void read(next);
    },
  };
}
