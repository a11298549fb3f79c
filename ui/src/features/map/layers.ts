// The layers of cases and marks: answers of the program into features, and the styles they are
// drawn with. Styles are kept by what they show; a pan draws hundreds of pins and only a few looks.

import Feature from 'ol/Feature';
import Point from 'ol/geom/Point';
import VectorLayer from 'ol/layer/Vector';
import { fromLonLat } from 'ol/proj';
import VectorSource from 'ol/source/Vector';
import Fill from 'ol/style/Fill';
import Icon from 'ol/style/Icon';
import Stroke from 'ol/style/Stroke';
import Style from 'ol/style/Style';
import Text from 'ol/style/Text';
import type { MapCluster, MapMark, MapPin } from '../../lib/backend';
import { count } from '../../lib/words';
import { blank, clusterRadius, drawCluster, drawMark, drawPin, PIN_REM, SHARP } from './glyphs';
import { font, type MapTokens } from './tokens';

export type Spot =
  | { kind: 'pin'; pin: MapPin }
  | { kind: 'cluster'; cluster: MapCluster }
  | { kind: 'mark'; mark: MapMark };

export type SpotFeature = Feature<Point>;

/** What tells two spots apart from one answer to the next. */
export function spotKey(spot: Spot): string {
  if (spot.kind === 'pin') return `pin/${spot.pin.id}`;
  if (spot.kind === 'mark') return `${spot.mark.kind}/${spot.mark.id}`;
  return `cluster/${spot.cluster.lat}/${spot.cluster.lon}/${spot.cluster.count}`;
}

export function spotOf(feature: { get: (name: string) => unknown }): Spot | null {
  return (feature.get('spot') as Spot | undefined) ?? null;
}

export function spotFeature(spot: Spot): SpotFeature {
  const at = spot.kind === 'pin' ? spot.pin : spot.kind === 'mark' ? spot.mark : spot.cluster;
  const feature = new Feature(new Point(fromLonLat([at.lon, at.lat])));
  feature.setId(spotKey(spot));
  feature.set('spot', spot, true);
  return feature;
}

export function spotLayer(zIndex: number): VectorLayer<VectorSource<SpotFeature>> {
  return new VectorLayer({
    source: new VectorSource<SpotFeature>(),
    zIndex,
    // Pins stay under the hand while the map moves.
    updateWhileAnimating: true,
    updateWhileInteracting: true,
  });
}

/** Styles in these colours. `selected` is asked at every drawing. */
export function spotStyles(tokens: MapTokens, selected: () => string | null) {
  const kept = new Map<string, Style>();

  function keep(key: string, make: () => Style): Style {
    const found = kept.get(key) ?? make();
    kept.set(key, found);
    return found;
  }

  function icon(size_px: number, draw: (pen: CanvasRenderingContext2D) => void): Icon {
    const { canvas, pen } = blank(size_px);
    if (pen) draw(pen);
    return new Icon({ img: canvas, scale: 1 / SHARP });
  }

  function halo(r: number): Style {
    return keep(`halo/${Math.round(r)}`, () => {
      const size = r * 2 + 12;
      return new Style({
        zIndex: 99,
        image: icon(size, (pen) => {
          pen.beginPath();
          pen.arc(0, 0, r + 2, 0, 2 * Math.PI);
          pen.lineWidth = 3.5;
          pen.strokeStyle = tokens.focus;
          pen.stroke();
        }),
      });
    });
  }

  function pinStyle(pin: MapPin): Style {
    return keep(`${pin.state}/${pin.urgency}`, () => {
      const critical = pin.urgency === 'critical';
      return new Style({
        zIndex: critical ? 50 : 10,
        image: icon(PIN_REM * 1.25 * tokens.rem_px, (pen) =>
          drawPin(pen, pin.state, pin.urgency, tokens),
        ),
      });
    });
  }

  function clusterStyle(cluster: MapCluster): Style {
    const key = `${cluster.by_state.join()}/${cluster.critical}`;
    return keep(key, () => {
      const size = (clusterRadius(cluster.count, tokens) + tokens.rem_px * 0.4) * 2;
      return new Style({
        zIndex: 30,
        image: icon(size, (pen) => drawCluster(pen, cluster, count(cluster.count), tokens)),
      });
    });
  }

  function markStyle(mark: MapMark, named: boolean): Style {
    return keep(named ? `${mark.kind}/${mark.label}` : mark.kind, () => {
      const image = icon(PIN_REM * tokens.rem_px, (pen) => drawMark(pen, mark.kind, tokens));
      if (!named) return new Style({ zIndex: 5, image });
      return new Style({
        zIndex: 5,
        image,
        text: new Text({
          text: mark.label,
          font: font(tokens, 0.78, 500),
          offsetY: 0.9 * tokens.rem_px,
          fill: new Fill({ color: tokens.ink }),
          stroke: new Stroke({ color: tokens.paper, width: 3.5 }),
        }),
      });
    });
  }

  return (feature: { get: (name: string) => unknown }, resolution: number): Style[] => {
    const spot = spotOf(feature);
    if (!spot) return [];
    const chosen = selected() === spotKey(spot);
    if (spot.kind === 'pin') {
      return chosen ? [pinStyle(spot.pin), halo(tokens.rem_px * 0.8)] : [pinStyle(spot.pin)];
    }
    if (spot.kind === 'cluster') {
      const style = clusterStyle(spot.cluster);
      return chosen ? [style, halo(clusterRadius(spot.cluster.count, tokens) + 3)] : [style];
    }
    // Homes of volunteers have no names on the map: the names are in the register.
    const named = spot.mark.kind === 'service_point' && resolution < 60;
    const style = markStyle(spot.mark, named);
    return chosen ? [style, halo(tokens.rem_px * 0.7)] : [style];
  };
}
