// The signs of the map, drawn on a canvas: a shape for the state of a case, a badge for its
// urgency, a circle with a ring for many cases. The filter draws the same signs beside its words and
// so is the legend. Red is for danger to life alone; no sign is told apart by colour alone.

import type { MapCluster } from '../../lib/backend';
import { stateShape, urgencyShape, type Shape } from '../../lib/ui/shapes';
import { font, translucent, type MapTokens } from './tokens';

/** In the order of `MapCluster.by_state`. */
export const RING_STATES = ['reported', 'open', 'in_progress', 'met', 'closed'] as const;

/** Width and height of a pin's sign, in rem. */
export const PIN_REM = 1.7;

type Pen = CanvasRenderingContext2D;
/** Canvases are drawn at twice their size, for sharp edges on any screen. */
export const SHARP = 2;

/** A canvas of `size_px` square with its origin in the middle. */
export function blank(size_px: number): { canvas: HTMLCanvasElement; pen: Pen | null } {
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(size_px * SHARP);
  canvas.height = canvas.width;
  const pen = canvas.getContext('2d');
  pen?.scale(SHARP, SHARP);
  pen?.translate(size_px / 2, size_px / 2);
  return { canvas, pen };
}

export function drawPin(pen: Pen, state: string, urgency: string, tokens: MapTokens): void {
  const size = tokens.rem_px * 1.25;
  if (urgency === 'critical') ring(pen, size * 0.55, tokens.alarm, 2.5, tokens.paper);
  drawShape(pen, stateShape(state), size, tokens);
  const aside = size * 0.37;
  drawUrgency(pen, urgency, aside, -aside, size * 0.58, tokens);
}

/** The shape of UrgencyMark at a place; an ordinary case has none. */
function drawUrgency(
  pen: Pen,
  urgency: string,
  x: number,
  y: number,
  size: number,
  tokens: MapTokens,
): void {
  if (urgency === 'normal') return;
  pen.save();
  pen.translate(x, y);
  drawShape(pen, urgencyShape(urgency), size, tokens);
  pen.restore();
}

/** A shape of `size` pixels around the origin, with an edge of paper so that it reads on any ground. */
function drawShape(pen: Pen, shape: Shape, size: number, tokens: MapTokens): void {
  const colour = {
    ink: tokens.ink,
    'ink-2': tokens.ink2,
    accent: tokens.accent,
    good: tokens.good,
    warn: tokens.warn,
    alarm: tokens.alarm,
  }[shape.tone];
  pen.save();
  pen.scale(size / 16, size / 16);
  pen.translate(-8, -8);
  const outline = new Path2D(shape.outline);
  pen.lineWidth = 4.5;
  pen.strokeStyle = tokens.paper;
  pen.stroke(outline);
  pen.lineWidth = 1.8;
  pen.fillStyle = shape.solid ? colour : tokens.paper;
  pen.fill(outline);
  pen.strokeStyle = colour;
  if (!shape.solid) pen.stroke(outline);
  pen.fillStyle = colour;
  if (shape.part) pen.fill(new Path2D(shape.part));
  if (shape.solid) {
    pen.lineWidth = 2.2;
    pen.strokeStyle = tokens.paper;
  }
  if (shape.lines) pen.stroke(new Path2D(shape.lines));
  pen.restore();
}

/** Radius of a cluster's circle: grows with the digits of its count and not with the count. */
export function clusterRadius(count: number, tokens: MapTokens): number {
  return tokens.rem_px * (0.72 + 0.22 * Math.min(4, Math.log10(Math.max(1, count))));
}

export function drawCluster(
  pen: Pen,
  cluster: Pick<MapCluster, 'count' | 'by_state' | 'critical'>,
  words: string,
  tokens: MapTokens,
): void {
  const r = clusterRadius(cluster.count, tokens);
  circle(pen, r + 2.5);
  pen.fillStyle = tokens.paper;
  pen.fill();
  drawRing(pen, cluster, r, tokens);
  pen.fillStyle = tokens.ink;
  pen.font = font(tokens, 0.83, 600);
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillText(words, 0, tokens.rem_px * 0.05);
  if (cluster.critical > 0) {
    drawUrgency(pen, 'critical', r * 0.8, -r * 0.8, tokens.rem_px * 0.74, tokens);
  }
}

/** A thin ring in segments: how many of the cases stand where. */
function drawRing(
  pen: Pen,
  cluster: Pick<MapCluster, 'count' | 'by_state'>,
  r: number,
  tokens: MapTokens,
): void {
  // Under way is the accent of waiting, but paler: it lies on paper.
  const underWay = translucent(tokens.accent, 0.45);
  const colours = [tokens.ink, tokens.accent, underWay, tokens.good, tokens.line];
  let from = -Math.PI / 2;
  pen.lineWidth = 4;
  for (const [index, count] of cluster.by_state.entries()) {
    if (count === 0) continue;
    const to = from + (count / cluster.count) * 2 * Math.PI;
    pen.beginPath();
    pen.arc(0, 0, r, from, to);
    pen.strokeStyle = colours[index] ?? tokens.line;
    pen.stroke();
    from = to;
  }
  ring(pen, r + 2.5, tokens.lineStrong, 1);
}

/** A service point is a square with a cross, a volunteer's home a small house. */
export function drawMark(pen: Pen, kind: string, tokens: MapTokens): void {
  const r = tokens.rem_px * 0.42;
  pen.lineWidth = 1.5;
  if (kind === 'service_point') {
    polygon(pen, [[-r, -r], [r, -r], [r, r], [-r, r]]);
    fillAndLine(pen, tokens.ink2, tokens.paper);
    line(pen, [[-r * 0.55, 0], [r * 0.55, 0]], tokens.paper);
    line(pen, [[0, -r * 0.55], [0, r * 0.55]], tokens.paper);
  } else {
    polygon(pen, [[0, -r], [r, -r * 0.1], [r * 0.7, -r * 0.1], [r * 0.7, r * 0.85], [-r * 0.7, r * 0.85], [-r * 0.7, -r * 0.1], [-r, -r * 0.1]]);
    fillAndLine(pen, tokens.paper, tokens.ink2);
  }
}

function circle(pen: Pen, r: number): void {
  pen.beginPath();
  pen.arc(0, 0, r, 0, 2 * Math.PI);
}

function ring(pen: Pen, r: number, colour: string, width: number, fill?: string): void {
  circle(pen, r);
  if (fill) {
    pen.fillStyle = fill;
    pen.fill();
  }
  pen.lineWidth = width;
  pen.strokeStyle = colour;
  pen.stroke();
}

function polygon(pen: Pen, points: readonly (readonly [number, number])[]): void {
  pen.beginPath();
  for (const [x, y] of points) pen.lineTo(x, y);
  pen.closePath();
}

function line(pen: Pen, points: readonly (readonly [number, number])[], colour: string): void {
  pen.beginPath();
  for (const [x, y] of points) pen.lineTo(x, y);
  pen.lineWidth = 2;
  pen.strokeStyle = colour;
  pen.stroke();
}

function fillAndLine(pen: Pen, fill: string, stroke: string): void {
  pen.fillStyle = fill;
  pen.fill();
  pen.strokeStyle = stroke;
  pen.stroke();
}
