// The screens of the program: their name in the address, word, icon, letter after G, who may see
// them, and the file that draws them. A screen's code is fetched when it is first opened.

import ClipboardCheck from '@lucide/svelte/icons/clipboard-check';
import FileInput from '@lucide/svelte/icons/file-input';
import FileSpreadsheet from '@lucide/svelte/icons/file-spreadsheet';
import HandHelping from '@lucide/svelte/icons/hand-helping';
import House from '@lucide/svelte/icons/house';
import MapIcon from '@lucide/svelte/icons/map';
import NotebookPen from '@lucide/svelte/icons/notebook-pen';
import NotebookText from '@lucide/svelte/icons/notebook-text';
import PhoneCall from '@lucide/svelte/icons/phone-call';
import RefreshCw from '@lucide/svelte/icons/refresh-cw';
import Settings from '@lucide/svelte/icons/settings';
import SquarePlus from '@lucide/svelte/icons/square-plus';
import Sun from '@lucide/svelte/icons/sun';
import Users from '@lucide/svelte/icons/users';
import type { Picture } from '../ui/icon';
import type { Component } from 'svelte';
import type { ScreenName } from '../route.svelte';
import type { WordKey } from '../words';

export interface ScreenEntry {
  name: ScreenName;
  word: WordKey;
  icon: Picture;
  /** The letter after G. */
  letter: string;
  /** The digit with Alt. */
  digit: string | null;
  headman: boolean;
  load: () => Promise<{ default: Component }>;
}

/** In the order of the rail. `intake` is the button above it; `setup` is never in it. */
export const SCREEN_LIST: readonly ScreenEntry[] = [
  {
    name: 'today',
    word: 'nav.today',
    icon: Sun,
    letter: 'T',
    digit: '1',
    headman: false,
    load: () => import('../../features/today/TodayScreen.svelte'),
  },
  {
    name: 'map',
    word: 'nav.map',
    icon: MapIcon,
    letter: 'M',
    digit: '2',
    headman: true,
    load: () => import('../../features/map/MapScreen.svelte'),
  },
  {
    name: 'cases',
    word: 'nav.cases',
    icon: NotebookText,
    letter: 'C',
    digit: '3',
    headman: true,
    load: () => import('../../features/case/CaseScreen.svelte'),
  },
  {
    name: 'volunteers',
    word: 'nav.volunteers',
    icon: Users,
    letter: 'V',
    digit: '4',
    headman: false,
    load: () => import('../../features/volunteer/VolunteerScreen.svelte'),
  },
  {
    name: 'assign',
    word: 'nav.assign',
    icon: HandHelping,
    letter: 'A',
    digit: '5',
    headman: false,
    load: () => import('../../features/assignment/AssignmentScreen.svelte'),
  },
  {
    name: 'review',
    word: 'nav.review',
    icon: ClipboardCheck,
    letter: 'R',
    digit: '6',
    headman: true,
    load: () => import('../../features/review/ReviewScreen.svelte'),
  },
  {
    name: 'report',
    word: 'nav.report',
    icon: FileSpreadsheet,
    letter: 'P',
    digit: '7',
    headman: false,
    load: () => import('../../features/report/ReportScreen.svelte'),
  },
  {
    name: 'import',
    word: 'nav.import',
    icon: FileInput,
    letter: 'I',
    digit: '8',
    headman: false,
    load: () => import('../../features/import/ImportScreen.svelte'),
  },
  {
    name: 'sync',
    word: 'nav.sync',
    icon: RefreshCw,
    letter: 'S',
    digit: '9',
    headman: true,
    load: () => import('../../features/sync/SyncScreen.svelte'),
  },
  {
    name: 'settings',
    word: 'nav.settings',
    icon: Settings,
    letter: 'E',
    digit: '0',
    headman: true,
    load: () => import('../../features/settings/SettingsScreen.svelte'),
  },
];

export const INTAKE: ScreenEntry = {
  name: 'intake',
  word: 'nav.intake',
  icon: SquarePlus,
  letter: 'N',
  digit: null,
  headman: false,
  load: () => import('../../features/intake/IntakeScreen.svelte'),
};

/** Parts of วันนี้ with a screen of their own: reached from it, by the palette and by their letter. */
export const PARTS_OF_TODAY: readonly ScreenEntry[] = [
  {
    name: 'recheck',
    word: 'nav.recheck',
    icon: PhoneCall,
    letter: 'K',
    digit: null,
    headman: false,
    load: () => import('../../features/recheck/RecheckScreen.svelte'),
  },
  {
    name: 'shift',
    word: 'nav.shift',
    icon: NotebookPen,
    letter: 'H',
    digit: null,
    headman: false,
    load: () => import('../../features/shift/ShiftScreen.svelte'),
  },
];

export const SETUP: ScreenEntry = {
  name: 'setup',
  word: 'nav.setup',
  icon: House,
  letter: '',
  digit: null,
  headman: true,
  load: () => import('../../features/setup/SetupScreen.svelte'),
};

const ALL: readonly ScreenEntry[] = [...SCREEN_LIST, ...PARTS_OF_TODAY, INTAKE, SETUP];

export function screenEntry(name: ScreenName | null): ScreenEntry | null {
  return ALL.find((entry) => entry.name === name) ?? null;
}

/** The rail of this person. A headman comes to what the province held of his words by the chip: it is seldom. */
export function screensFor(isHeadman: boolean): readonly ScreenEntry[] {
  return isHeadman ? SCREEN_LIST.filter((entry) => entry.headman && entry.name !== 'sync') : SCREEN_LIST;
}

/** The item of the rail that stands for a screen: a part of วันนี้ lights วันนี้. */
export function railName(name: ScreenName | null): ScreenName | null {
  return PARTS_OF_TODAY.some((entry) => entry.name === name) ? 'today' : name;
}
