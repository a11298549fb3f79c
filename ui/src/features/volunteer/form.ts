// What the form of a volunteer holds while it is typed, and how it becomes a call.

import type { BackendError, VolunteerDetail, VolunteerDraft } from '../../lib/backend';
import { arabicDigits } from '../../lib/dates';
import { errorField } from '../../lib/errors';
import { trainingParts } from './words';

/** A part of a patch as it is kept, and as one says it. */
export interface PatchChip {
  value: string;
  label: string;
}

export interface TrainingLine {
  key: number;
  day: string | null;
  code: string;
}

export interface VolunteerForm {
  title: string;
  given_name: string;
  family_name: string;
  phone: string;
  kinds: string[];
  skills: string[];
  equipment: string[];
  vehicle: string;
  vehicle_seats: string;
  vehicle_carries: string[];
  area_code: string;
  house_no: string;
  lat: number | null;
  lon: number | null;
  patch: PatchChip[];
  /** A patch that is being typed and was not put to the others yet. */
  patch_text: string;
  reach: string;
  max_open_tasks: string;
  availability: string;
  hours: string[];
  away_from: string | null;
  away_until: string | null;
  vetting: string;
  training: TrainingLine[];
  note: string;
}

/** What a vehicle can take besides people. */
export const CARRIES = ['goods', 'wheelchair', 'stretcher', 'oxygen', 'infected'] as const;

/** How far he is sent by suggestions. */
export const REACHES = ['village', 'subdistrict', 'office'] as const;

/** What one person can be given at a time without being asked too much. */
const USUAL_TASKS = 3;

let lastKey = 0;

export function trainingLine(day: string | null = null, code = ''): TrainingLine {
  return { key: ++lastKey, day, code };
}

export function emptyVolunteer(): VolunteerForm {
  return {
    title: '',
    given_name: '',
    family_name: '',
    phone: '',
    kinds: [],
    skills: [],
    equipment: [],
    vehicle: '',
    vehicle_seats: '',
    vehicle_carries: [],
    area_code: '',
    house_no: '',
    lat: null,
    lon: null,
    patch: [],
    patch_text: '',
    reach: 'subdistrict',
    max_open_tasks: String(USUAL_TASKS),
    availability: 'available',
    hours: [],
    away_from: null,
    away_until: null,
    vetting: 'unvetted',
    training: [],
    note: '',
  };
}

export function volunteerForm({ draft, patch }: VolunteerDetail): VolunteerForm {
  const labels = new Map(patch.map((one) => [one.houses ? `${one.area_code}:${one.houses}` : one.area_code, one.label]));
  return {
    ...draft,
    phone: draft.phone ?? '',
    vehicle: draft.vehicle ?? '',
    vehicle_seats: draft.vehicle_seats === null ? '' : String(draft.vehicle_seats),
    kinds: [...draft.kinds],
    skills: [...draft.skills],
    equipment: [...draft.equipment],
    vehicle_carries: [...draft.vehicle_carries],
    patch: draft.patch.map((value, at) => ({ value, label: labels.get(value) ?? patch[at]?.label ?? value })),
    patch_text: '',
    hours: [...draft.hours],
    training: draft.training.map((entry) => {
      const { day, code } = trainingParts(entry);
      return trainingLine(day, code);
    }),
    max_open_tasks: String(draft.max_open_tasks),
  };
}

function wholeNumber(text: string): number | null {
  const digits = arabicDigits(text).replace(/\D/g, '');
  return digits === '' ? null : Number(digits);
}

export function volunteerDraft(form: VolunteerForm): VolunteerDraft {
  return {
    title: form.title.trim(),
    given_name: form.given_name.trim(),
    family_name: form.family_name.trim(),
    phone: arabicDigits(form.phone).trim() || null,
    kinds: [...form.kinds],
    skills: [...form.skills],
    equipment: [...form.equipment],
    vehicle: form.vehicle.trim() || null,
    vehicle_seats: form.vehicle.trim() ? wholeNumber(form.vehicle_seats) : null,
    vehicle_carries: form.vehicle.trim() ? [...form.vehicle_carries] : [],
    area_code: form.area_code,
    lat: form.lat,
    lon: form.lon,
    availability: form.availability,
    away_from: form.away_from,
    away_until: form.away_until,
    vetting: form.vetting,
    house_no: arabicDigits(form.house_no).trim(),
    patch: form.patch.map((one) => one.value),
    reach: form.reach,
    hours: [...form.hours],
    training: form.training
      .filter((one) => one.code.trim() !== '')
      .map((one) => [one.day, one.code.trim()].filter(Boolean).join(' ')),
    max_open_tasks: wholeNumber(form.max_open_tasks) || USUAL_TASKS,
    note: form.note.trim(),
  };
}

const FIELD_OF_CODE: Readonly<Record<string, string>> = {
  name_empty: 'given_name',
  area_missing: 'area_code',
  area_outside_office: 'area_code',
  hours_unreadable: 'hours',
  patch_unreadable: 'patch',
};

/** The box an error belongs to, or null when it is about the whole form. */
export function volunteerFieldOf(error: BackendError): string | null {
  return errorField(error) ?? FIELD_OF_CODE[error.code] ?? null;
}
