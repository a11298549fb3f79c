// The one source of the shapes that say where something stands and how pressing it is. StateMark and
// UrgencyMark draw them as SVG, the map on its canvas, so that list, popover and map always agree.
// Each is drawn in a square of 16 by 16 and told apart by its shape, never by colour alone.

/** A colour token of app.css. */
export type Tone = 'ink' | 'ink-2' | 'accent' | 'good' | 'warn' | 'alarm';

export interface Shape {
  tone: Tone;
  outline: string;
  /** Filled with its tone; otherwise the outline is a line on the ground. */
  solid?: boolean;
  /** A part that is filled with the tone. */
  part?: string;
  /** Lines upon it: in the colour of the ground when solid, else in the tone. */
  lines?: string;
}

const ROUND = 'M2.4 8a5.6 5.6 0 1 1 11.2 0 5.6 5.6 0 1 1-11.2 0z';
/** As wide as ROUND with its line. */
const DISC = 'M1.5 8a6.5 6.5 0 1 1 13 0 6.5 6.5 0 1 1-13 0z';
const DIAMOND = 'M8 1.2 14.8 8 8 14.8 1.2 8z';

/** Heard of, not begun. */
const NEW: Shape = { tone: 'ink', outline: ROUND };
/** Waits for somebody to act. */
const WAITING: Shape = { tone: 'accent', outline: DIAMOND, solid: true };
const UNDER_WAY: Shape = { tone: 'accent', outline: ROUND, part: 'M8 2.4a5.6 5.6 0 0 1 0 11.2z' };
const DONE: Shape = { tone: 'good', outline: DISC, solid: true, lines: 'm5 8.2 2.1 2.1L11 6.2' };
/** Ended without. */
const SHUT: Shape = { tone: 'ink-2', outline: ROUND, lines: 'M4.8 8h6.4' };
/** Came back. */
const TURNED: Shape = { tone: 'warn', outline: 'M3 8a5 5 0 1 0 1.8-3.8M3 2v3.4h3.4' };

const STATES: Readonly<Record<string, Shape>> = {
  open: WAITING,
  verifying: UNDER_WAY,
  assigned: UNDER_WAY,
  in_progress: UNDER_WAY,
  partly_met: UNDER_WAY,
  met: DONE,
  closed: SHUT,
  accepted: UNDER_WAY,
  en_route: UNDER_WAY,
  on_site: UNDER_WAY,
  done: DONE,
  partly_done: UNDER_WAY,
  confirmed: DONE,
  declined: SHUT,
  expired: SHUT,
  failed: SHUT,
  revoked: SHUT,
  reassigned: TURNED,
  returned: TURNED,
  not_found: SHUT,
  rejected: SHUT,
  refused: SHUT,
  sealed: UNDER_WAY,
  queued: UNDER_WAY,
  sent: UNDER_WAY,
  received: UNDER_WAY,
  applied: DONE,
  applied_with_conflicts: TURNED,
  receipted: DONE,
};

const URGENCIES: Readonly<Record<string, Shape>> = {
  critical: {
    tone: 'alarm',
    outline: 'M5 1h6l4 4v6l-4 4H5l-4-4V5z',
    solid: true,
    lines: 'M8 4v5M8 11.2v1.2',
  },
  very_urgent: { tone: 'warn', outline: 'M8 1.5 15 14H1z', solid: true },
  urgent: { tone: 'ink', outline: 'M8 1.8 14.2 8 8 14.2 1.8 8z' },
  normal: { tone: 'ink-2', outline: ROUND },
};

/** The shape of a state of a case, need, assignment, review or batch. */
export function stateShape(state: string): Shape {
  return STATES[state] ?? NEW;
}

/** The shape of an urgency. */
export function urgencyShape(urgency: string): Shape {
  return URGENCIES[urgency] ?? { tone: 'ink-2', outline: ROUND };
}
