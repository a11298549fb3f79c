// What waits for the headman, oldest first, and where he is in it. A thing he has decided leaves the
// list and the next one stands in its place; taken back, it returns.

import { untrack } from 'svelte';
import { call, type InboxItem } from '../../lib/backend';
import { session, showError } from '../../lib/session.svelte';

const PAGE = 100;
const AHEAD = 5;

export function itemKey(item: InboxItem): string {
  return item.assignment?.id ?? item.case.id;
}

export function inbox() {
  let items = $state.raw<readonly InboxItem[]>([]);
  let total = $state<number | null>(null);
  let next: string | null = null;
  let at = $state(0);
  /** Decided since the screen was opened. */
  let decided = $state(0);
  let loading = false;
  let turn = 0;

  async function read(after: string | null) {
    const mine = ++turn;
    loading = true;
    try {
      const limit = after === null ? Math.max(PAGE, items.length) : PAGE;
      const page = await call('review.inbox', { after, limit });
      if (mine !== turn) return;
      const all = after === null ? page.items : [...items, ...page.items];
      // What he may not judge himself waits for somebody else: it comes last.
      items = session.isHeadman
        ? [...all.filter((one) => one.denied === null), ...all.filter((one) => one.denied !== null)]
        : all;
      next = page.next;
      // One more than before: a word was taken back.
      if (total !== null && page.total > total) decided = Math.max(0, decided - (page.total - total));
      total = page.total;
      at = Math.max(0, Math.min(at, items.length - 1));
    } catch (thrown) {
      if (mine === turn) showError(thrown);
    }
    if (mine === turn) loading = false;
  }

  $effect(() => {
    void session.changed;
    untrack(() => void read(null));
  });

  return {
    get items() {
      return items;
    },
    get total() {
      return total;
    },
    get decided() {
      return decided;
    },
    get at() {
      return at;
    },
    get item(): InboxItem | null {
      return items[at] ?? null;
    },
    /** To the next, or the one before; round again at the end. */
    step(by: number) {
      if (items.length === 0) return;
      if (at + by >= items.length && next !== null) {
        if (!loading) void read(next);
        return;
      }
      at = (at + by + items.length) % items.length;
      if (at >= items.length - AHEAD) this.more();
    },
    more() {
      if (!loading && next !== null) void read(next);
    },
    /** Something was decided: counts it. The list is read anew by itself. */
    count() {
      decided += 1;
      if (total !== null) total -= 1;
    },
  };
}
