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
import { NAMES } from './villages';

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
    declutter: NAMES,
    // Pins stay under the hand while the map moves.
    updateWhileAnimating: true,
    updateWhileInteracting: true,
  });
}

/** Styles in these colours. `selected` and the name under a circle are asked at every drawing. */
export function spotStyles(
  tokens: MapTokens,
  selected: () => string | null,
  nameOf: (cluster: MapCluster, resolution: number, rem_px: number) => string,
) {
  const kept = new Map<string, Style>();

  function keep(key: string, make: () => Style): Style {
    const found = kept.get(key) ?? make();
    kept.set(key, found);
    return found;
  }

  /** A circle is in the way of names; a pin is not, and none of them ever gives way. */
  function icon(
    size_px: number,
    draw: (pen: CanvasRenderingContext2D) => void,
    declutterMode: 'none' | 'obstacle' = 'none',
  ): Icon {
    const { canvas, pen } = blank(size_px);
    if (pen) draw(pen);
    return new Icon({ img: canvas, scale: 1 / SHARP, declutterMode });
  }

  function words(text: string, below_px: number): Text {
    return new Text({
      text,
      font: font(tokens, 0.8, 500),
      offsetY: below_px,
      fill: new Fill({ color: tokens.ink }),
      stroke: new Stroke({ color: tokens.paper, width: 3.5 }),
    });
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
      const r = clusterRadius(cluster.count, tokens);
      const draw = (pen: CanvasRenderingContext2D) =>
        drawCluster(pen, cluster, count(cluster.count), tokens);
      return new Style({
        zIndex: 30,
        image: icon((r + tokens.rem_px * 0.22) * 2, draw, 'obstacle'),
      });
    });
  }

  /** Under the circles: higher ones take their room first, so a name never lies across a circle. */
  function nameStyle(cluster: MapCluster, name: string): Style {
    const r = clusterRadius(cluster.count, tokens);
    return keep(`name/${Math.round(r)}/${name}`, () => {
      return new Style({ zIndex: 29, text: words(name, r + 0.9 * tokens.rem_px) });
    });
  }

  function markStyle(mark: MapMark, named: boolean): Style {
    return keep(named ? `${mark.kind}/${mark.label}` : mark.kind, () => {
      const image = icon(PIN_REM * tokens.rem_px, (pen) => drawMark(pen, mark.kind, tokens));
      if (!named) return new Style({ zIndex: 5, image });
      return new Style({
        zIndex: 5,
        image,
        text: words(mark.label, 0.9 * tokens.rem_px),
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
      const { cluster } = spot;
      const name = nameOf(cluster, resolution, tokens.rem_px);
      return [
        clusterStyle(cluster),
        ...(name ? [nameStyle(cluster, name)] : []),
        ...(chosen ? [halo(clusterRadius(cluster.count, tokens) + 3)] : []),
      ];
    }
    // Homes of volunteers have no names on the map: the names are in the register.
    const named = spot.mark.kind === 'service_point' && resolution < 60;
    const style = markStyle(spot.mark, named);
    return chosen ? [style, halo(tokens.rem_px * 0.7)] : [style];
  };
}
