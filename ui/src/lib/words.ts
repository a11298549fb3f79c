// The words of the program. One flat catalogue per language, one file per feature, shared with the
// Rust side (assets/words). Keys are checked by the compiler; placeholders and the equality of the
// two languages by scripts/check-words.mjs.
//
// Paraglide was weighed: it compiles one function per word from its own project format, which the
// Rust side cannot read and which would need a build step for 40 lines of work.

import enAssignment from '../../../assets/words/en/assignment.json';
import enCase from '../../../assets/words/en/case.json';
import enCommon from '../../../assets/words/en/common.json';
import enError from '../../../assets/words/en/error.json';
import enImport from '../../../assets/words/en/import.json';
import enIntake from '../../../assets/words/en/intake.json';
import enMap from '../../../assets/words/en/map.json';
import enRecheck from '../../../assets/words/en/recheck.json';
import enReport from '../../../assets/words/en/report.json';
import enReview from '../../../assets/words/en/review.json';
import enSettings from '../../../assets/words/en/settings.json';
import enSetup from '../../../assets/words/en/setup.json';
import enShell from '../../../assets/words/en/shell.json';
import enShift from '../../../assets/words/en/shift.json';
import enSync from '../../../assets/words/en/sync.json';
import enToday from '../../../assets/words/en/today.json';
import enVolunteer from '../../../assets/words/en/volunteer.json';
import thAssignment from '../../../assets/words/th/assignment.json';
import thCase from '../../../assets/words/th/case.json';
import thCommon from '../../../assets/words/th/common.json';
import thError from '../../../assets/words/th/error.json';
import thImport from '../../../assets/words/th/import.json';
import thIntake from '../../../assets/words/th/intake.json';
import thMap from '../../../assets/words/th/map.json';
import thRecheck from '../../../assets/words/th/recheck.json';
import thReport from '../../../assets/words/th/report.json';
import thReview from '../../../assets/words/th/review.json';
import thSettings from '../../../assets/words/th/settings.json';
import thSetup from '../../../assets/words/th/setup.json';
import thShell from '../../../assets/words/th/shell.json';
import thShift from '../../../assets/words/th/shift.json';
import thSync from '../../../assets/words/th/sync.json';
import thToday from '../../../assets/words/th/today.json';
import thVolunteer from '../../../assets/words/th/volunteer.json';
import { look } from './look.svelte';

const th = {
  ...thAssignment,
  ...thCase,
  ...thCommon,
  ...thError,
  ...thImport,
  ...thIntake,
  ...thMap,
  ...thRecheck,
  ...thReport,
  ...thReview,
  ...thSettings,
  ...thSetup,
  ...thShell,
  ...thShift,
  ...thSync,
  ...thToday,
  ...thVolunteer,
};

export type WordKey = keyof typeof th;

const en: Record<WordKey, string> = {
  ...enAssignment,
  ...enCase,
  ...enCommon,
  ...enError,
  ...enImport,
  ...enIntake,
  ...enMap,
  ...enRecheck,
  ...enReport,
  ...enReview,
  ...enSettings,
  ...enSetup,
  ...enShell,
  ...enShift,
  ...enSync,
  ...enToday,
  ...enVolunteer,
};

/** What fills the `{name}` places of a word. */
export type Fill = Readonly<Record<string, string | number>>;

const whole = new Intl.NumberFormat('en-US');

/** A number as an office writes it: 12,345. */
export function count(value: number): string {
  return whole.format(value);
}

function filled(template: string, fill: Fill | undefined): string {
  if (!fill) return template;
  return template.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = fill[name];
    if (value === undefined) return place;
    return typeof value === 'number' ? count(value) : value;
  });
}

/** The word for a key in the language of the screen; follows the setting while shown. */
export function t(key: WordKey, fill?: Fill): string {
  return filled((look.language === 'en' ? en : th)[key], fill);
}

/** True when the catalogue has this key; for keys that come from the backend. */
export function isWord(key: string): key is WordKey {
  return Object.hasOwn(th, key);
}

/** The word for a key made at run time (`action.` + code); `otherwise` when there is none. */
export function wordFor(key: string, otherwise: string, fill?: Fill): string {
  return isWord(key) ? t(key, fill) : otherwise;
}

/** The name in the language of the screen, for data that has both. */
export function named(item: { name_th: string; name_en: string }): string {
  return look.language === 'en' && item.name_en ? item.name_en : item.name_th;
}
