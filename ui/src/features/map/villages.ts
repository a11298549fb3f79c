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
import type { VillageView } from '../../lib/backend';
import { t } from '../../lib/words';
import { font, type MapTokens } from './tokens';

/** Farther out than this the names would only cover one another. */
const NAMES_FROM_ZOOM = 11;

export function villageName(village: VillageView): string {
  const name = village.name.startsWith('บ้าน') ? village.name : `บ้าน${village.name}`;
  return `${t('common.moo_short', { moo: village.moo })} ${name}`;
}

export function villageLayer(): VectorLayer<VectorSource> {
  return new VectorLayer({
    source: new VectorSource(),
    // A pin lies over a village's name and not under it.
    zIndex: 5,
    declutter: 'villages',
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

/** `below_rem`: how far under its point a name stands; farther where circles lie on the points. */
export function wearVillages(
  layer: VectorLayer<VectorSource>,
  tokens: MapTokens,
  below_rem = 0.75,
): void {
  const dot = new CircleStyle({
    radius: 0.16 * tokens.rem_px,
    fill: new Fill({ color: tokens.ink2 }),
    stroke: new Stroke({ color: tokens.paper, width: 1.5 }),
    declutterMode: 'none',
  });
  const text = {
    font: font(tokens, 0.8, 500),
    offsetY: below_rem * tokens.rem_px,
    fill: new Fill({ color: tokens.ink2 }),
    stroke: new Stroke({ color: tokens.paper, width: 3.5 }),
  };
  layer.setStyle((feature, resolution) => {
    const named = resolution < 156543 / 2 ** NAMES_FROM_ZOOM;
    return new Style({
      image: dot,
      ...(named ? { text: new Text({ ...text, text: String(feature.get('name')) }) } : {}),
    });
  });
}
