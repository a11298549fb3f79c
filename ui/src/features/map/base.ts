// The ground every map of the program stands on: the outline of the countries (no roads: those need
// a map pack), lines of latitude and longitude, and an OpenLayers map without what an office does
// not need (rotation, the library's own buttons). It knows no cases.

import Collection from 'ol/Collection';
import GeoJSON from 'ol/format/GeoJSON';
import { defaults as defaultInteractions } from 'ol/interaction/defaults';
import MouseWheelZoom from 'ol/interaction/MouseWheelZoom';
import Graticule from 'ol/layer/Graticule';
import VectorLayer from 'ol/layer/Vector';
import OlMap from 'ol/Map';
import { fromLonLat } from 'ol/proj';
import VectorSource from 'ol/source/Vector';
import Fill from 'ol/style/Fill';
import Stroke from 'ol/style/Stroke';
import Style from 'ol/style/Style';
import Text from 'ol/style/Text';
import View from 'ol/View';
import { t } from '../../lib/words';
import { font, type MapTokens } from './tokens';

export const OFFICE_ZOOM = 12;
const NEAREST_ZOOM = 19;
const FARTHEST_ZOOM = 5;
/** Where a map stands when the office is not known yet: the middle of Thailand. */
const MIDDLE = { lat: 13.5, lon: 101 };

export interface Centre {
  lat: number;
  lon: number;
}

export interface BaseMap {
  map: OlMap;
  /** Draws again in these colours. */
  wear: (tokens: MapTokens) => void;
  dispose: () => void;
}

export interface BaseOptions {
  centre: Centre | null;
  zoom: number;
  graticule?: boolean;
  /** The wheel scrolls the page until this element has the focus: a map in a form. */
  wheelNeedsFocus?: boolean;
  /** A double click means something else here. */
  doubleClickZoom?: boolean;
}

export function makeBaseMap(
  target: HTMLElement,
  tokens: MapTokens,
  options: BaseOptions,
): BaseMap {
  const land = new VectorLayer({
    source: new VectorSource(),
    background: tokens.sunken,
    zIndex: 0,
  });
  void readOutline().then((features) => land.getSource()?.addFeatures(features));
  const centre = options.centre ?? MIDDLE;
  const map = new OlMap({
    target,
    controls: new Collection([]),
    layers: [land],
    interactions: defaultInteractions({
      altShiftDragRotate: false,
      pinchRotate: false,
      // Keys are the screen's: arrows go from pin to pin, or nudge the one pin.
      keyboard: false,
      mouseWheelZoom: false,
      doubleClickZoom: options.doubleClickZoom ?? true,
    }).extend([
      new MouseWheelZoom({
        condition: () => !options.wheelNeedsFocus || target.contains(document.activeElement),
      }),
    ]),
    view: new View({
      center: fromLonLat([centre.lon, centre.lat]),
      zoom: options.centre ? options.zoom : FARTHEST_ZOOM,
      minZoom: FARTHEST_ZOOM,
      maxZoom: NEAREST_ZOOM,
      enableRotation: false,
    }),
  });

  let lines: Graticule | null = null;

  function wear(now: MapTokens) {
    land.setBackground(now.sunken);
    land.setStyle((feature) => landStyle(feature.get('thailand') === true, now));
    // A graticule takes its style only when it is made.
    if (!options.graticule) return;
    if (lines) map.removeLayer(lines);
    lines = graticule(now);
    map.addLayer(lines);
  }

  wear(tokens);
  const observer = new ResizeObserver(() => map.updateSize());
  observer.observe(target);
  // Thai drawn before the typeface is there would stay in the system's face.
  void document.fonts.load(font(tokens, 1, 500), 'กA').then(() => map.render());

  return {
    map,
    wear,
    dispose: () => {
      observer.disconnect();
      map.setTarget(undefined);
      map.dispose();
    },
  };
}

async function readOutline() {
  // As text: the type of this file would be as large as the file.
  const { default: text } = await import('../../../../assets/map/outline.json?raw');
  return new GeoJSON().readFeatures(text, { featureProjection: 'EPSG:3857' });
}

/** Only Thailand has a line: neighbours cut by the box would show an edge that is no border. */
function landStyle(thailand: boolean, tokens: MapTokens): Style {
  return thailand
    ? new Style({
        zIndex: 1,
        fill: new Fill({ color: tokens.paper }),
        stroke: new Stroke({ color: tokens.lineStrong, width: 1.5 }),
      })
    : new Style({ fill: new Fill({ color: tokens.ground }) });
}

function graticule(tokens: MapTokens): Graticule {
  const label = () =>
    new Text({
      font: font(tokens, 0.72, 400),
      fill: new Fill({ color: tokens.ink2 }),
      stroke: new Stroke({ color: tokens.paper, width: 3 }),
    });
  const lonLabel = label();
  lonLabel.setTextBaseline('bottom');
  const latLabel = label();
  latLabel.setTextAlign('end');
  return new Graticule({
    zIndex: 1,
    strokeStyle: new Stroke({ color: tokens.line, width: 1 }),
    showLabels: true,
    wrapX: false,
    targetSize: 150,
    intervals: [5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005],
    lonLabelStyle: lonLabel,
    latLabelStyle: latLabel,
    lonLabelPosition: 0.008,
    latLabelPosition: 0.995,
    lonLabelFormatter: (lon) => t('map.degrees_east', { degrees: degrees(lon) }),
    latLabelFormatter: (lat) => t('map.degrees_north', { degrees: degrees(lat) }),
  });
}

function degrees(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}

/** A place as people write it to one another: 16.10253, 103.88241 (about a metre). */
export function placeText(lat: number, lon: number): string {
  return `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
}
