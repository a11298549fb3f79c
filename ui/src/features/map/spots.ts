// Going from spot to spot with the arrow keys: the nearest one that lies in that direction.

import { spotKey, type Spot } from './layers';

export type Direction = 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight';

export function isDirection(key: string): key is Direction {
  return ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'].includes(key);
}

export function placeOf(spot: Spot): { lat: number; lon: number } {
  if (spot.kind === 'pin') return spot.pin;
  return spot.kind === 'mark' ? spot.mark : spot.cluster;
}

/** A spot that lies more aside than ahead counts as far, so that Right does not mean "up, mostly". */
const ASIDE = 2;

export function nextSpot(
  spots: readonly Spot[],
  from: { lat: number; lon: number },
  current: Spot | null,
  key: Direction,
): Spot | null {
  const skip = current ? spotKey(current) : null;
  let best: Spot | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const spot of spots) {
    if (spotKey(spot) === skip) continue;
    const at = placeOf(spot);
    const east = at.lon - from.lon;
    const north = at.lat - from.lat;
    const ahead = { ArrowUp: north, ArrowDown: -north, ArrowLeft: -east, ArrowRight: east }[key];
    const aside = Math.abs(key === 'ArrowUp' || key === 'ArrowDown' ? east : north);
    if (ahead <= 0) continue;
    const far = ahead + aside * ASIDE;
    if (far < least) {
      least = far;
      best = spot;
    }
  }
  return best;
}
