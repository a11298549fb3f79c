// The pages of the register that were read so far; an answer that was overtaken is dropped.

import { untrack } from 'svelte';
import { call, type VolunteerRow } from '../../lib/backend';
import { session, showError } from '../../lib/session.svelte';
import type { VolunteerFilter } from './filter';

const PAGE = 100;
const MOST = 500;

export function volunteerPages(filter: () => VolunteerFilter) {
  let rows = $state.raw<VolunteerRow[]>([]);
  let total = $state<number | null>(null);
  let next: string | null = null;
  let loading = $state(false);
  let turn = 0;
  let asked = '';

  async function read(after: string | null, limit: number) {
    const mine = ++turn;
    loading = true;
    try {
      const page = await call('volunteer.list', { ...filter(), after, limit });
      if (mine !== turn) return;
      rows = after === null ? page.rows : [...rows, ...page.rows];
      next = page.next;
      total = page.total;
    } catch (thrown) {
      if (mine === turn) showError(thrown);
    }
    if (mine === turn) loading = false;
  }

  $effect(() => {
    void session.changed;
    const question = JSON.stringify(filter());
    untrack(() => {
      // The same list again after a change: as far down as the person had scrolled.
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
    get loading() {
      return loading;
    },
    more() {
      if (!loading && next !== null) void read(next, PAGE);
    },
  };
}
