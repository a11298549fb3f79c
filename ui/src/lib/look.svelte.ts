// How the program looks to this person: language, theme, typeface, text size, the columns of his list.
// The settings in the store are the truth; the copy in localStorage only spares a flash of the wrong theme at start.

export type Language = 'th' | 'en';
export type Theme = 'light' | 'dark';
export type Face = 'sarabun' | 'looped';

export interface Look {
  language: Language;
  theme: Theme;
  face: Face;
  text_percent: number;
  /** Columns of the list of cases, by code; none: those that ship. */
  case_columns: readonly string[];
}

export const TEXT_PERCENTS = [100, 110, 125, 150] as const;

const KEPT_AS = 'jitasa.look';

function kept(): Partial<Look> {
  try {
    return JSON.parse(localStorage.getItem(KEPT_AS) ?? '{}') as Partial<Look>;
  } catch {
    return {};
  }
}

export const look: Look = $state({
  language: 'th',
  theme: 'light',
  face: 'sarabun',
  text_percent: 100,
  case_columns: [],
  ...kept(),
});

/** Takes over what the settings say. */
export function setLook(change: Partial<Look>): void {
  Object.assign(look, change);
}

/** Puts the look on the document and keeps it there. Call once, from the root component. */
export function wearLook(): void {
  // Before all other effects: a map reads its colours and sizes from the document.
  $effect.pre(() => {
    const root = document.documentElement;
    root.lang = look.language;
    root.dataset.theme = look.theme;
    root.dataset.face = look.face;
    root.style.setProperty('--text-scale', String(look.text_percent / 100));
    try {
      localStorage.setItem(KEPT_AS, JSON.stringify(look));
    } catch {
      // Only the flash at the next start is lost.
    }
  });
}
