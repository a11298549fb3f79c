// What the program says lies in the box of the map. Asked when the map has come to rest, the filter
// changes or the data moves; an answer that was overtaken is dropped. Nothing is clustered here.

import { call, type CaseFilter, type MapView } from '../../lib/backend';
import { session, showError } from '../../lib/session.svelte';

const REST_MS = 120;

export interface MapBox {
  west: number;
  south: number;
  east: number;
  north: number;
  zoom: number;
}

export interface MapQuestion {
  box: MapBox | null;
  filter: CaseFilter;
  points: boolean;
  volunteers: boolean;
}

export function mapAnswer(question: () => MapQuestion) {
  let view = $state.raw<MapView | null>(null);
  let loading = $state(false);
  let turn = 0;

  async function ask(box: MapBox, rest: Omit<MapQuestion, 'box'>) {
    const mine = ++turn;
    loading = true;
    try {
      const answer = await call('map.view', { ...box, ...rest });
      if (mine === turn) view = answer;
    } catch (thrown) {
      if (mine === turn) showError(thrown);
    }
    if (mine === turn) loading = false;
  }

  $effect(() => {
    void session.changed;
    const { box, ...rest } = question();
    if (!box) return;
    const timer = setTimeout(() => void ask(box, rest), REST_MS);
    return () => clearTimeout(timer);
  });

  return {
    get view() {
      return view;
    },
    get loading() {
      return loading;
    },
  };
}
