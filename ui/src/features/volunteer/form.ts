// What the form of a volunteer holds while it is typed, and how it becomes a call.

import type { BackendError, VolunteerDraft } from '../../lib/backend';
import { arabicDigits } from '../../lib/dates';
import { errorField } from '../../lib/errors';

export interface VolunteerForm {
  title: string;
  given_name: string;
  family_name: string;
  phone: string;
  kinds: string[];
  skills: string[];
  vehicle: string;
  area_code: string;
  house_no: string;
  lat: number | null;
  lon: number | null;
  patch: string[];
  max_open_tasks: string;
  availability: string;
  note: string;
}

/** What one person can be given at a time without being asked too much. */
const USUAL_TASKS = 3;

export function emptyVolunteer(): VolunteerForm {
  return {
    title: '',
    given_name: '',
    family_name: '',
    phone: '',
    kinds: [],
    skills: [],
    vehicle: '',
    area_code: '',
    house_no: '',
    lat: null,
    lon: null,
    patch: [],
    max_open_tasks: String(USUAL_TASKS),
    availability: 'available',
    note: '',
  };
}

export function volunteerForm(draft: VolunteerDraft): VolunteerForm {
  return {
    ...draft,
    phone: draft.phone ?? '',
    vehicle: draft.vehicle ?? '',
    kinds: [...draft.kinds],
    skills: [...draft.skills],
    patch: [...draft.patch],
    max_open_tasks: String(draft.max_open_tasks),
  };
}

export function volunteerDraft(form: VolunteerForm): VolunteerDraft {
  const tasks = Number(arabicDigits(form.max_open_tasks).replace(/\D/g, ''));
  return {
    title: form.title.trim(),
    given_name: form.given_name.trim(),
    family_name: form.family_name.trim(),
    phone: arabicDigits(form.phone).trim() || null,
    kinds: [...form.kinds],
    skills: [...form.skills],
    vehicle: form.vehicle.trim() || null,
    area_code: form.area_code,
    house_no: arabicDigits(form.house_no).trim(),
    lat: form.lat,
    lon: form.lon,
    patch: [...form.patch],
    max_open_tasks: tasks || USUAL_TASKS,
    availability: form.availability,
    note: form.note.trim(),
  };
}

const FIELD_OF_CODE: Readonly<Record<string, string>> = {
  name_empty: 'given_name',
  area_missing: 'area_code',
  area_outside_office: 'area_code',
};

/** The box an error belongs to, or null when it is about the whole form. */
export function volunteerFieldOf(error: BackendError): string | null {
  return errorField(error) ?? FIELD_OF_CODE[error.code] ?? null;
}
