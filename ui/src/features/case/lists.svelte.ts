// The lists both the form and the register of cases read from: kinds of need, villages, and the
// icons of the kinds. Read once and again when the data moves; no rules live here.

import Ambulance from '@lucide/svelte/icons/ambulance';
import Bed from '@lucide/svelte/icons/bed';
import Ellipsis from '@lucide/svelte/icons/ellipsis';
import Flower from '@lucide/svelte/icons/flower';
import Hammer from '@lucide/svelte/icons/hammer';
import House from '@lucide/svelte/icons/house';
import Package from '@lucide/svelte/icons/package';
import Pill from '@lucide/svelte/icons/pill';
import Soup from '@lucide/svelte/icons/soup';
import Stethoscope from '@lucide/svelte/icons/stethoscope';
import Syringe from '@lucide/svelte/icons/syringe';
import TestTube from '@lucide/svelte/icons/test-tube';
import Wind from '@lucide/svelte/icons/wind';
import { call, type AreaView, type KindView, type VillageView } from '../../lib/backend';
import { look } from '../../lib/look.svelte';
import { session } from '../../lib/session.svelte';
import { named, t } from '../../lib/words';
import type { Picture } from '../../lib/ui/icon';

const ICONS: Readonly<Record<string, Picture>> = {
  medical: Stethoscope,
  transport: Ambulance,
  oxygen: Wind,
  bed: Bed,
  test: TestTube,
  vaccine: Syringe,
  food_water: Soup,
  medicine: Pill,
  supplies: Package,
  shelter: House,
  funeral: Flower,
  repair: Hammer,
};

interface Lists {
  needKinds: readonly KindView[];
  villages: readonly VillageView[];
  /** Of a district office; a subdistrict office has none below it but villages. */
  subdistricts: readonly AreaView[];
  read: boolean;
}

let state = $state.raw<Lists>({ needKinds: [], villages: [], subdistricts: [], read: false });

export const lists = {
  get needKinds() {
    return state.needKinds;
  },
  get villages() {
    return state.villages;
  },
  get subdistricts() {
    return state.subdistricts;
  },
  get read() {
    return state.read;
  },
};

/** Reads the lists anew. */
export async function readLists(): Promise<void> {
  const office = session.status?.office;
  const [kinds, villages, areas] = await Promise.all([
    call('kind.list', { list: 'need' }),
    call('village.list', { subdistrict_code: null }),
    office?.level === 'district'
      ? call('area.list', { parent: office.code })
      : Promise.resolve({ areas: [] }),
  ]);
  state = {
    needKinds: [...kinds.kinds].sort((a, b) => a.position - b.position),
    villages: villages.villages,
    subdistricts: areas.areas,
    read: true,
  };
}

export function kindIcon(code: string): Picture {
  return ICONS[code] ?? Ellipsis;
}

/** The office's name of a kind of need; the code when the list has lost it. */
export function kindName(code: string): string {
  const kind = state.needKinds.find((one) => one.code === code);
  if (!kind) return code;
  return look.language === 'en' && kind.en ? kind.en : kind.th;
}

/** `69-00123` for a case of this office, the whole number for one of another. */
export function shortNumber(number: string): string {
  const office = session.status?.office?.code;
  return office && number.startsWith(`${office}-`) ? number.slice(office.length + 1) : number;
}

/** A place to choose: a village, or a subdistrict when the village is not known. */
export interface AreaChoice {
  code: string;
  /** 0 for a subdistrict as a whole. */
  moo: number;
  label: string;
  subdistrict: string;
  lat: number | null;
  lon: number | null;
}

/** "บ้านเหล่าหม้อ", whether the list keeps the name with its บ้าน or without. */
function titledVillage(name: string): string {
  return name.startsWith('บ้าน') || name === '' ? name : `บ้าน${name}`;
}

/** The villages of the office by number, then its subdistricts as wholes. */
export function areaChoices(): AreaChoice[] {
  const many = new Set(state.villages.map((one) => one.subdistrict_code)).size > 1;
  const villages = state.villages.map((one) => ({
    code: one.code,
    moo: one.moo,
    label:
      `${t('common.moo_short', { moo: one.moo })} ${titledVillage(one.name)}` +
      (many ? ` · ${t('case.tambon_short', { name: one.subdistrict })}` : ''),
    subdistrict: one.subdistrict,
    lat: one.lat,
    lon: one.lon,
  }));
  const wholes = state.subdistricts.map((one) => ({
    code: one.code,
    moo: 0,
    label: t('case.village_unknown_in', { name: named(one) }),
    subdistrict: named(one),
    lat: null,
    lon: null,
  }));
  return [...villages, ...wholes];
}

export const VULNERABLE = [
  'bedridden',
  'pregnant',
  'infant',
  'elderly',
  'disabled',
  'dialysis',
  'oxygen',
  'chronic',
] as const;

export const URGENCIES = ['normal', 'urgent', 'very_urgent', 'critical'] as const;

export const CHANNELS = ['phone', 'line', 'walk_in', 'headman', 'volunteer', 'other'] as const;

export const CASE_STATES = ['reported', 'open', 'in_progress', 'met', 'closed'] as const;

export const REVIEW_STATES = [
  'unreviewed',
  'confirmed',
  'returned',
  'not_found',
  'rejected',
] as const;
