// The pages of the list that were read so far. Reads anew when the filter or the data changes, and
// drops an answer that was overtaken by a later question.

import { untrack } from 'svelte';
import { call, type CaseRow } from '../../lib/backend';
import { session, showError } from '../../lib/session.svelte';
import type { CaseQuery } from './filter';

const PAGE = 100;
const MOST = 500;

export function casePages(query: () => CaseQuery) {
  let rows = $state.raw<CaseRow[]>([]);
  let total = $state<number | null>(null);
  let next: string | null = null;
  let loading = $state(false);
  let turn = 0;
  let asked = '';

  async function first(limit: number) {
    const mine = ++turn;
    loading = true;
    try {
      const page = await call('case.list', { ...query(), after: null, limit });
      if (mine !== turn) return;
      rows = page.rows;
      next = page.next;
      total = page.total;
    } catch (thrown) {
      if (mine === turn) showError(thrown);
    }
    if (mine === turn) loading = false;
  }

  /** The end of what was read is near. */
  async function more() {
    if (loading || next === null) return;
    const mine = ++turn;
    loading = true;
    try {
      const page = await call('case.list', { ...query(), after: next, limit: PAGE });
      if (mine !== turn) return;
      rows = [...rows, ...page.rows];
      next = page.next;
      total = page.total;
    } catch (thrown) {
      if (mine === turn) showError(thrown);
    }
    if (mine === turn) loading = false;
  }

  $effect(() => {
    void session.changed;
    const question = JSON.stringify(query());
    untrack(() => {
      // The same list again after a change: as far down as the person had scrolled.
      const again = question === asked;
      asked = question;
      void first(again ? Math.min(MOST, Math.max(PAGE, rows.length)) : PAGE);
    });
  });

  return {
    get rows() {
      return rows;
    },
    get total() {
      return total;
    },
    get loading() {
      return loading;
    },
    more: () => void more(),
  };
}
