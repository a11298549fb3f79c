// The colours and the typeface of app.css for a canvas, which knows no CSS. Read again when the
// theme or the text size changes; a map never has a colour of its own.

export interface MapTokens {
  paper: string;
  ground: string;
  sunken: string;
  ink: string;
  ink2: string;
  line: string;
  lineStrong: string;
  accent: string;
  accentGround: string;
  onAccent: string;
  alarm: string;
  onAlarm: string;
  warn: string;
  good: string;
  mark: string;
  focus: string;
  /** Pixels of one rem: everything drawn grows with the text-size setting. */
  rem_px: number;
  face: string;
}

export function readTokens(): MapTokens {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  return {
    paper: colour('--paper'),
    ground: colour('--ground'),
    sunken: colour('--sunken'),
    ink: colour('--ink'),
    ink2: colour('--ink-2'),
    line: colour('--line'),
    lineStrong: colour('--line-strong'),
    accent: colour('--accent'),
    accentGround: colour('--accent-ground'),
    onAccent: colour('--on-accent'),
    alarm: colour('--alarm'),
    onAlarm: colour('--on-alarm'),
    warn: colour('--warn'),
    good: colour('--good'),
    mark: colour('--mark'),
    focus: colour('--focus'),
    rem_px: Number.parseFloat(style.fontSize) || 18,
    face: colour('--face'),
  };
}

/** A canvas font of the program's typeface; `size` in rem. */
export function font(tokens: MapTokens, size: number, weight: 400 | 500 | 600 | 700 = 500): string {
  return `${weight} ${Math.round(size * tokens.rem_px)}px ${tokens.face}`;
}

/** `#rrggbb` of the tokens with a share of transparency. */
export function translucent(colour: string, alpha: number): string {
  const part = (at: number) => Number.parseInt(colour.slice(at, at + 2), 16);
  return `rgba(${part(1)}, ${part(3)}, ${part(5)}, ${alpha})`;
}
