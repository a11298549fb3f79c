// The one pin of a small map: a drop that stands on its place, and the area it may be off by.

import Fill from 'ol/style/Fill';
import Icon from 'ol/style/Icon';
import Stroke from 'ol/style/Stroke';
import Style from 'ol/style/Style';
import { translucent, type MapTokens } from './tokens';

const WIDTH = 24;
const HEIGHT = 32;

export function onePinStyle(tokens: MapTokens): Style {
  return new Style({
    image: new Icon({
      img: drawDrop(tokens),
      anchor: [0.5, 1],
      // Drawn at twice the size, for sharp edges on any screen.
      scale: 0.5 * (tokens.rem_px / 18),
    }),
  });
}

function drawDrop(tokens: MapTokens): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH * 2;
  canvas.height = HEIGHT * 2;
  const draw = canvas.getContext('2d');
  if (!draw) return canvas;
  draw.scale(2, 2);
  draw.beginPath();
  draw.moveTo(12, 31);
  draw.bezierCurveTo(9, 24, 2, 19, 2, 12);
  draw.arc(12, 12, 10, Math.PI, 0);
  draw.bezierCurveTo(22, 19, 15, 24, 12, 31);
  draw.closePath();
  draw.fillStyle = tokens.accent;
  draw.fill();
  draw.lineWidth = 2;
  draw.strokeStyle = tokens.paper;
  draw.stroke();
  draw.beginPath();
  draw.arc(12, 12, 4, 0, 2 * Math.PI);
  draw.fillStyle = tokens.paper;
  draw.fill();
  return canvas;
}

export function areaStyle(tokens: MapTokens): Style {
  return new Style({
    fill: new Fill({ color: translucent(tokens.accent, 0.14) }),
    stroke: new Stroke({ color: tokens.accent, width: 1.5, lineDash: [5, 4] }),
  });
}
