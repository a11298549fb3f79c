// Every action has a key. Screens say which with `useKey`; this module listens once, finds the
// binding in force and keeps the list that `?` shows.
//
// Letters go by the place of the key (event.code), so Ctrl+K works while the Thai layout is on.

import { getContext, setContext, untrack } from 'svelte';
import { t } from './words';

export interface Binding {
  /** `Ctrl+K`, `Alt+1`, `G T` (one after the other), `Enter`, `?`. */
  readonly combo: string;
  readonly label: () => string;
  readonly press: () => void;
  readonly options: KeyOptions;
  readonly layer: number;
}

export interface KeyOptions {
  /** Not in force while this is false. */
  when?: () => boolean;
  /** Also while a text field has the focus. Keys with Ctrl or Alt, Escape and F-keys do so anyway. */
  typing?: boolean;
  /** In force, but not in the list: a second key for the same thing. */
  unlisted?: boolean;
  /** Belongs to the frame, not to the screen; the list shows the two apart. */
  everywhere?: boolean;
}

const LAYER = Symbol('key layer');
const SECOND_KEY_MS = 1500;

let bindings = $state.raw<readonly Binding[]>([]);
let layers = $state.raw<readonly number[]>([0]);
let lastLayer = 0;
let first: { stroke: string; at: number } | null = null;

function topLayer(): number {
  return layers[layers.length - 1] ?? 0;
}

/**
 * Puts a key in force while the component lives. `label` says what it does, in the list of `?`.
 * The newest binding of a key wins, so a screen may take a key over from the frame.
 */
export function useKey(
  combo: string,
  label: () => string,
  press: () => void,
  options: KeyOptions = {},
): void {
  const layer = getContext<number | undefined>(LAYER) ?? 0;
  $effect(() => {
    const binding: Binding = { combo, label, press, options, layer };
    bindings = [...untrack(() => bindings), binding];
    return () => {
      bindings = bindings.filter((one) => one !== binding);
    };
  });
}

/**
 * Opens a layer above the rest while `open()` is true: keys below it rest. Dialogs call it; the
 * keys used inside the dialog belong to its layer.
 */
export function useKeyLayer(open: () => boolean): void {
  const layer = ++lastLayer;
  setContext(LAYER, layer);
  $effect(() => {
    if (!open()) return;
    layers = [...untrack(() => layers), layer];
    return () => {
      layers = layers.filter((one) => one !== layer);
    };
  });
}

/** The bindings in force now, screen keys first; one line for each key. */
export function keysInForce(): Binding[] {
  const seen = new Set<string>();
  return [...bindings]
    .reverse()
    .filter((one) => {
      if (one.layer > 0 || one.options.unlisted || !inForce(one) || seen.has(one.combo)) return false;
      seen.add(one.combo);
      return true;
    })
    .reverse();
}

function inForce(binding: Binding): boolean {
  return binding.options.when?.() ?? true;
}

// By place as well: on the Thai layout Shift and the ?-key give ฦ, the = key gives ช.
const SIGNS: Readonly<Record<string, readonly [string, string]>> = {
  Slash: ['/', '?'],
  Equal: ['=', '+'],
  Minus: ['-', '_'],
  NumpadAdd: ['+', '+'],
  NumpadSubtract: ['-', '-'],
};

function strokeOf(event: KeyboardEvent): string {
  const marks = `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}`;
  const shift = event.shiftKey ? 'Shift+' : '';
  const letter = /^Key([A-Z])$/.exec(event.code);
  if (letter) return `${marks}${shift}${letter[1]}`;
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code);
  if (digit) return `${marks}${shift}${digit[1]}`;
  const sign = SIGNS[event.code];
  if (sign) return `${marks}${sign[event.shiftKey ? 1 : 0]}`;
  if (event.key === '?') return `${marks}?`;
  if (event.key === ' ') return `${marks}${shift}Space`;
  return `${marks}${shift}${event.key}`;
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLSelectElement) return true;
  return (
    target instanceof HTMLInputElement &&
    !['checkbox', 'radio', 'button', 'range', 'file'].includes(target.type)
  );
}

// In a text field these belong to the text: taking back a letter is not undoing an assignment.
const OF_THE_TEXT = new Set(['Ctrl+Z', 'Ctrl+Y', 'Ctrl+A', 'Ctrl+C', 'Ctrl+V', 'Ctrl+X']);

function allowed(binding: Binding, stroke: string, typing: boolean): boolean {
  if (binding.layer !== topLayer() || !inForce(binding)) return false;
  if (!typing || binding.options.typing) return true;
  return /^(Ctrl\+|Alt\+|Escape$|F\d)/.test(stroke) && !OF_THE_TEXT.has(stroke);
}

function onKeydown(event: KeyboardEvent): void {
  if (event.isComposing || event.defaultPrevented) return;
  if (['Control', 'Shift', 'Alt', 'Meta'].includes(event.key)) return;
  const stroke = strokeOf(event);
  const typing = isTyping(event.target);
  const waiting = first && event.timeStamp - first.at < SECOND_KEY_MS ? first.stroke : null;
  first = null;

  const find = (combo: string) =>
    bindings.findLast((one) => one.combo === combo && allowed(one, stroke, typing));
  const hit = (waiting ? find(`${waiting} ${stroke}`) : undefined) ?? find(stroke);
  if (hit) {
    event.preventDefault();
    hit.press();
    return;
  }
  const begins = bindings.some(
    (one) => one.combo.startsWith(`${stroke} `) && allowed(one, stroke, typing),
  );
  if (begins) first = { stroke, at: event.timeStamp };
}

/** Listens. Call once, from the root component. */
export function listenForKeys(): void {
  $effect(() => {
    window.addEventListener('keydown', onKeydown);
    return () => window.removeEventListener('keydown', onKeydown);
  });
}

const NAMES: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
};

/** The caps to draw for a key: [["Ctrl", "K"]] or [["G"], ["T"]]. The plus key is a cap of its own. */
export function caps(combo: string): string[][] {
  return combo
    .split(' ')
    .map((stroke) => stroke.split(/\+(?=.)/).map((cap) => NAMES[cap] ?? cap));
}

/** The same as plain text, for a tooltip. */
export function capsText(combo: string): string {
  return caps(combo)
    .map((stroke) => stroke.join('+'))
    .join(` ${t('shell.key_then')} `);
}
