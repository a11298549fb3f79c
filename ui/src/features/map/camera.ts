// Moving the map: to a place, to a box, by keys. Lengths on the screen are pixels.

import type OlMap from 'ol/Map';
import { fromLonLat, toLonLat, transformExtent } from 'ol/proj';
import type { Centre } from './base';
import type { Direction } from './spots';

const NUDGE_PX = 2;
const BIG_NUDGE_PX = 20;
const PAN_PX = 120;
const GLIDE_MS = 250;
const NEAR_ZOOM = 17;
const VILLAGE_ZOOM = 15;

const STEPS: Readonly<Record<Direction, readonly [number, number]>> = {
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

function glide_ms(): number {
  return matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : GLIDE_MS;
}

export function goTo(map: OlMap, to: Centre, zoom: number): void {
  map.getView().animate({ center: fromLonLat([to.lon, to.lat]), zoom, duration: glide_ms() });
}

/** `bounds`: west, south, east, north. Cases on one spot have a box without a size: just go nearer. */
export function zoomToBounds(map: OlMap, bounds: readonly number[]): void {
  const [west = 0, south = 0, east = 0, north = 0] = bounds;
  const view = map.getView();
  const before = view.getZoom() ?? 0;
  const extent = transformExtent([west, south, east, north], 'EPSG:4326', 'EPSG:3857');
  const resolution = view.getResolutionForExtent(extent, map.getSize());
  const fitted = view.getZoomForResolution(resolution) ?? NEAR_ZOOM;
  // A box that fills the view already would otherwise not move at all.
  const zoom = Math.min(NEAR_ZOOM + 2, Math.max(before + 1, Math.min(NEAR_ZOOM, fitted - 0.5)));
  goTo(map, { lat: (south + north) / 2, lon: (west + east) / 2 }, zoom);
}

/** Shows all these places at once, at a distance at which a village is still a village. */
export function showAll(map: OlMap, places: readonly Centre[]): void {
  const lats = places.map((one) => one.lat);
  const lons = places.map((one) => one.lon);
  if (places.length < 2) return;
  const box = [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
  map.getView().fit(transformExtent(box, 'EPSG:4326', 'EPSG:3857'), {
    padding: [50, 70, 50, 50],
    maxZoom: VILLAGE_ZOOM,
  });
}

export function zoomBy(map: OlMap, steps: number): void {
  const view = map.getView();
  view.animate({ zoom: (view.getZoom() ?? 0) + steps, duration: glide_ms() });
}

export function pan(map: OlMap, key: Direction): void {
  const view = map.getView();
  const [x = 0, y = 0] = view.getCenter() ?? [];
  const step = (view.getResolution() ?? 1) * PAN_PX;
  const [right, up] = STEPS[key];
  view.animate({ center: [x + right * step, y + up * step], duration: glide_ms() });
}

/** A place a few pixels from another. */
export function nudge(map: OlMap, from: Centre, key: Direction, far: boolean): Centre {
  const [x = 0, y = 0] = fromLonLat([from.lon, from.lat]);
  const step = (map.getView().getResolution() ?? 1) * (far ? BIG_NUDGE_PX : NUDGE_PX);
  const [right, up] = STEPS[key];
  const [lon = from.lon, lat = from.lat] = toLonLat([x + right * step, y + up * step]);
  return { lat, lon };
}
