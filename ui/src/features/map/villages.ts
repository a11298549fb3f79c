// The villages as points with their names: without roads they are what a clerk finds the way by.

import Feature from 'ol/Feature';
import Point from 'ol/geom/Point';
import VectorLayer from 'ol/layer/Vector';
import { fromLonLat } from 'ol/proj';
import VectorSource from 'ol/source/Vector';
import CircleStyle from 'ol/style/Circle';
import Fill from 'ol/style/Fill';
import Stroke from 'ol/style/Stroke';
import Style from 'ol/style/Style';
import Text from 'ol/style/Text';
import type { MapCluster, VillageView } from '../../lib/backend';
import { t } from '../../lib/words';
import { font, type MapTokens } from './tokens';

/** Farther out than this the names would only cover one another. */
const NAMES_FROM_ZOOM = 11;

/** A village so near to a circle has its name under the circle and not at its own point. */
const UNDER_CLUSTER_REM = 2.6;

/** A village by a cluster, and how far from its middle in metres of the map's projection. */
interface Neighbour {
  name: string;
  away: number;
}

export function villageName(village: VillageView): string {
  const name = village.name.startsWith('บ้าน') ? village.name : `บ้าน${village.name}`;
  return `${t('common.moo_short', { moo: village.moo })} ${name}`;
}

/** Names of one map that give way to one another. */
export const NAMES = 'names';

export function villageLayer(): VectorLayer<VectorSource> {
  return new VectorLayer({
    source: new VectorSource(),
    // A pin lies over a village's name and not under it.
    zIndex: 5,
    declutter: NAMES,
  });
}

export function showVillages(
  layer: VectorLayer<VectorSource>,
  villages: readonly VillageView[],
): void {
  const source = layer.getSource();
  source?.clear();
  for (const village of villages) {
    if (village.lat === null || village.lon === null) continue;
    const feature = new Feature(new Point(fromLonLat([village.lon, village.lat])));
    feature.set('name', villageName(village));
    source?.addFeature(feature);
  }
}

/**
 * Whose name belongs to which circle. `name` gives the words for a circle at a resolution: the
 * nearest village, and how many more lie under it.
 */
export function villagesByCluster(
  layer: VectorLayer<VectorSource>,
  clusters: readonly MapCluster[],
): (cluster: MapCluster, resolution: number, rem_px: number) => string {
  const middles = clusters.map((one) => ({ at: fromLonLat([one.lon, one.lat]), near: [] as Neighbour[] }));
  for (const feature of layer.getSource()?.getFeatures() ?? []) {
    const [x = 0, y = 0] = (feature.getGeometry() as Point).getCoordinates();
    let least = Number.POSITIVE_INFINITY;
    let nearest: Neighbour[] | undefined;
    for (const { at, near } of middles) {
      const away = Math.hypot((at[0] ?? 0) - x, (at[1] ?? 0) - y);
      if (away < least) [least, nearest] = [away, near];
    }
    feature.set('away', least, true);
    nearest?.push({ name: String(feature.get('name')), away: least });
  }
  for (const { near } of middles) near.sort((a, b) => a.away - b.away);
  layer.changed();

  return (cluster, resolution, rem_px) => {
    const near = middles[clusters.indexOf(cluster)]?.near ?? [];
    if (!isNamed(resolution)) return '';
    const under = near.filter((one) => one.away / resolution < UNDER_CLUSTER_REM * rem_px);
    const name = under[0]?.name ?? '';
    return under.length > 1 ? t('map.village_more', { name, count: under.length - 1 }) : name;
  };
}

/** The village nearest to a place, by name; for a list of clusters. */
export function nearestVillage(
  villages: readonly VillageView[],
  place: { lat: number; lon: number },
): string | null {
  let least = Number.POSITIVE_INFINITY;
  let found: VillageView | null = null;
  for (const one of villages) {
    if (one.lat === null || one.lon === null) continue;
    const away = Math.hypot(one.lat - place.lat, one.lon - place.lon);
    if (away < least) [least, found] = [away, one];
  }
  return found && villageName(found);
}

function isNamed(resolution: number): boolean {
  return resolution < 156543 / 2 ** NAMES_FROM_ZOOM;
}

export function wearVillages(layer: VectorLayer<VectorSource>, tokens: MapTokens): void {
  const dot = new CircleStyle({
    radius: 0.16 * tokens.rem_px,
    fill: new Fill({ color: tokens.ink2 }),
    stroke: new Stroke({ color: tokens.paper, width: 1.5 }),
    declutterMode: 'none',
  });
  const text = {
    font: font(tokens, 0.8, 500),
    offsetY: 0.75 * tokens.rem_px,
    fill: new Fill({ color: tokens.ink2 }),
    stroke: new Stroke({ color: tokens.paper, width: 3.5 }),
  };
  layer.setStyle((feature, resolution) => {
    const away = (feature.get('away') as number | undefined) ?? Number.POSITIVE_INFINITY;
    const named = isNamed(resolution) && away / resolution >= UNDER_CLUSTER_REM * tokens.rem_px;
    return new Style({
      image: dot,
      ...(named ? { text: new Text({ ...text, text: String(feature.get('name')) }) } : {}),
    });
  });
}
