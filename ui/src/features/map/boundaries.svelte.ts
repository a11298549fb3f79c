// The boundary layers of the office: which there are, which of them are shown on this screen, and
// their shapes with the Thai names drawn in them.

import GeoJSON from 'ol/format/GeoJSON';
import VectorLayer from 'ol/layer/Vector';
import type OlMap from 'ol/Map';
import VectorSource from 'ol/source/Vector';
import Stroke from 'ol/style/Stroke';
import Style from 'ol/style/Style';
import Fill from 'ol/style/Fill';
import Text from 'ol/style/Text';
import { call, type MapLayer } from '../../lib/backend';
import { font, type MapTokens } from './tokens';

const KEPT_AS = 'jitasa.map.hidden';
const NAMES_FROM_ZOOM = 10;
/** Names a boundary file may carry its Thai name under, the most particular first. */
const NAME_FIELDS = /^(name_th|th|t_name_t|tam_namt|tambon_t|adm3_th|amphoe_t|adm2_th|adm1_th|name)$/i;
const THAI = /[\u0e01-\u0e39]/;

export function boundaries() {
  let layers = $state.raw<readonly MapLayer[]>([]);
  let hidden = $state.raw<readonly string[]>(remembered());
  const drawn = new Map<string, VectorLayer<VectorSource>>();
  let map: OlMap | null = null;
  let tokens: MapTokens | null = null;

  async function read(): Promise<void> {
    take((await call('map.layers', {})).layers);
  }

  function take(now: readonly MapLayer[]): void {
    layers = now;
    draw();
  }

  function draw(): void {
    if (!map || !tokens) return;
    const wanted = layers.filter((one) => !hidden.includes(one.id)).map((one) => one.id);
    for (const [id, layer] of drawn) {
      if (wanted.includes(id)) continue;
      map.removeLayer(layer);
      drawn.delete(id);
    }
    for (const id of wanted) {
      if (!drawn.has(id)) void add(id);
    }
  }

  async function add(id: string): Promise<void> {
    const layer = new VectorLayer({ source: new VectorSource(), zIndex: 3, declutter: 'bounds' });
    drawn.set(id, layer);
    map?.addLayer(layer);
    if (tokens) layer.setStyle(styleOf(tokens));
    const { geojson } = await call('map.layer_get', { id });
    const features = new GeoJSON().readFeatures(geojson, { featureProjection: 'EPSG:3857' });
    for (const feature of features) feature.set('label', thaiName(feature.getProperties()), true);
    layer.getSource()?.addFeatures(features);
  }

  return {
    get layers() {
      return layers;
    },
    isShown: (id: string) => !hidden.includes(id),
    read,
    take,
    toggle(id: string) {
      hidden = hidden.includes(id) ? hidden.filter((one) => one !== id) : [...hidden, id];
      localStorage.setItem(KEPT_AS, JSON.stringify(hidden));
      draw();
    },
    /** Draws on this map; null when the screen goes away. */
    on(surface: OlMap | null) {
      map = surface;
      drawn.clear();
      draw();
    },
    wear(now: MapTokens) {
      tokens = now;
      for (const layer of drawn.values()) layer.setStyle(styleOf(now));
      draw();
    },
  };
}

function styleOf(tokens: MapTokens) {
  const edge = new Style({ stroke: new Stroke({ color: tokens.lineStrong, width: 1.25 }) });
  const name = new Text({
    font: font(tokens, 0.95, 600),
    fill: new Fill({ color: tokens.ink2 }),
    stroke: new Stroke({ color: tokens.paper, width: 4 }),
  });
  const named = new Style({ stroke: new Stroke({ color: tokens.lineStrong, width: 1.25 }), text: name });
  return (feature: { get: (name: string) => unknown }, resolution: number): Style => {
    const label = feature.get('label');
    if (typeof label !== 'string' || resolution > 156543 / 2 ** NAMES_FROM_ZOOM) return edge;
    name.setText(label);
    return named;
  };
}

/** A name to draw: from a field known to hold one, or else any text in Thai. */
function thaiName(properties: Record<string, unknown>): string | null {
  const texts = Object.entries(properties).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
  );
  const order = NAME_FIELDS.source.replace(/[()^$]/g, '').split('|');
  const known = texts
    .filter(([field]) => NAME_FIELDS.test(field))
    .sort(([a], [b]) => order.indexOf(a.toLowerCase()) - order.indexOf(b.toLowerCase()));
  return (known[0] ?? texts.find(([, text]) => THAI.test(text)))?.[1] ?? null;
}

function remembered(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT_AS) ?? '[]');
    return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string') : [];
  } catch {
    return [];
  }
}
