// What a form of a case holds while it is typed, and how it becomes a call. Boxes are text until
// then: the rules of phones, ids and names are the program's, not the screen's.

import { arabicDigits } from '../../lib/dates';
import type { BackendError, CaseDetail, CaseDraft } from '../../lib/backend';
import { errorField } from '../../lib/errors';

export interface CaseForm {
  channel: string;
  reported_at: number | null;
  reporter: string;
  title: string;
  given_name: string;
  family_name: string;
  citizen_id: string;
  phone: string;
  area_code: string;
  house_no: string;
  landmark: string;
  /** What was typed or pasted as a place; only for the person to read again. */
  place_text: string;
  lat: number | null;
  lon: number | null;
  accuracy_m: string;
  place_source: string;
  people: string;
  vulnerable: string[];
  urgency: string;
  note: string;
  /** Kinds in the order they were chosen. */
  needs: string[];
  /** Detail of a need by its kind. */
  details: Record<string, string>;
  /** How many volunteers a need takes, by its kind, as typed; empty: one. */
  hands: Record<string, string>;
  client_key: string;
}

export function emptyForm(): CaseForm {
  return {
    channel: 'phone',
    reported_at: null,
    reporter: '',
    title: '',
    given_name: '',
    family_name: '',
    citizen_id: '',
    phone: '',
    area_code: '',
    house_no: '',
    landmark: '',
    place_text: '',
    lat: null,
    lon: null,
    accuracy_m: '',
    place_source: 'none',
    people: '',
    vulnerable: [],
    urgency: 'normal',
    note: '',
    needs: [],
    details: {},
    hands: {},
    client_key: crypto.randomUUID(),
  };
}

export function formOf(detail: CaseDetail): CaseForm {
  return {
    channel: detail.channel,
    reported_at: detail.reported_at,
    reporter: detail.reporter ?? '',
    title: detail.person.title,
    given_name: detail.person.given_name,
    family_name: detail.person.family_name,
    citizen_id: detail.person.citizen_id ?? '',
    phone: detail.person.phone ?? '',
    area_code: detail.area_code,
    house_no: detail.house_no,
    landmark: detail.landmark,
    place_text: '',
    lat: detail.lat,
    lon: detail.lon,
    accuracy_m: detail.accuracy_m === null ? '' : String(detail.accuracy_m),
    place_source: detail.place_source,
    people: String(detail.people_count),
    vulnerable: [...detail.vulnerable],
    urgency: detail.urgency,
    note: detail.note,
    needs: detail.needs.map((need) => need.kind),
    details: Object.fromEntries(detail.needs.map((need) => [need.kind, need.detail])),
    hands: Object.fromEntries(
      detail.needs.filter((need) => need.hands > 1).map((need) => [need.kind, String(need.hands)]),
    ),
    client_key: '',
  };
}

/** Digits alone, Thai ones turned into ours. */
export function digitsOf(text: string): string {
  return arabicDigits(text).replace(/\D/g, '');
}

function numberOf(text: string): number | null {
  const digits = digitsOf(text);
  return digits === '' ? null : Number(digits);
}

/** `fallbackArea`: the subdistrict the office stands for when no village was chosen. */
export function draftOf(form: CaseForm, fallbackArea: string): CaseDraft {
  const placed = form.lat !== null && form.lon !== null;
  return {
    channel: form.channel,
    reported_at: form.reported_at,
    reporter: form.reporter.trim() || null,
    title: form.title.trim(),
    given_name: form.given_name.trim(),
    family_name: form.family_name.trim(),
    citizen_id: arabicDigits(form.citizen_id).trim() || null,
    phone: arabicDigits(form.phone).trim() || null,
    area_code: form.area_code || fallbackArea,
    house_no: arabicDigits(form.house_no).trim(),
    landmark: form.landmark.trim(),
    lat: placed ? form.lat : null,
    lon: placed ? form.lon : null,
    accuracy_m: placed ? numberOf(form.accuracy_m) : null,
    place_source: placed ? form.place_source : 'none',
    people_count: numberOf(form.people) ?? 1,
    vulnerable: [...form.vulnerable],
    urgency: form.urgency,
    note: form.note.trim(),
    needs: form.needs.map((kind) => ({
      kind,
      detail: (form.details[kind] ?? '').trim(),
      hands: Math.max(1, numberOf(form.hands[kind] ?? '') ?? 1),
    })),
    client_key: form.client_key || null,
  };
}

/** Nothing was typed that would be missed. */
export function isBlank(form: CaseForm): boolean {
  const texts = [
    form.title,
    form.given_name,
    form.family_name,
    form.citizen_id,
    form.phone,
    form.area_code,
    form.house_no,
    form.landmark,
    form.place_text,
    form.people,
    form.note,
    form.reporter,
  ];
  return texts.every((text) => text.trim() === '') && form.needs.length === 0 &&
    form.vulnerable.length === 0 && form.lat === null;
}

/** A draft kept by an earlier version may lack fields: what is there is laid over an empty form. */
export function formOfJson(body: string): CaseForm | null {
  try {
    const kept: unknown = JSON.parse(body);
    if (typeof kept !== 'object' || kept === null) return null;
    const empty = emptyForm();
    const same = Object.entries(kept).filter(
      ([name, value]) =>
        name in empty &&
        (['lat', 'lon', 'reported_at'].includes(name) ||
          typeof value === typeof empty[name as keyof CaseForm]),
    );
    return { ...empty, ...Object.fromEntries(same) };
  } catch {
    return null;
  }
}

/** The last digit of a citizen id follows from the twelve before it (sum by 13…2, modulo 11). */
export function citizenIdAddsUp(text: string): boolean {
  const digits = [...digitsOf(text)].map(Number);
  if (digits.length !== 13) return false;
  const sum = digits.slice(0, 12).reduce((total, digit, at) => total + digit * (13 - at), 0);
  return (11 - (sum % 11)) % 10 === digits[12];
}

/** The errors that still stand: one goes as soon as its box is changed. */
export function standing(
  errors: Readonly<Record<string, string>>,
  refused: CaseForm | null,
  now: CaseForm,
): Record<string, string> {
  const same = (name: string) => {
    const field = name as keyof CaseForm;
    return !refused || JSON.stringify(refused[field]) === JSON.stringify(now[field]);
  };
  return Object.fromEntries(Object.entries(errors).filter(([name]) => same(name)));
}

const FIELD_OF_CODE: Readonly<Record<string, string>> = {
  name_empty: 'given_name',
  case_no_need: 'needs',
  area_missing: 'area_code',
  area_outside_office: 'area_code',
};

/** The box an error belongs to, or null when it is about the whole form. */
export function fieldOf(error: BackendError): string | null {
  const field = errorField(error) ?? FIELD_OF_CODE[error.code] ?? null;
  if (field === 'people_count') return 'people';
  if (field === 'lat' || field === 'lon' || field === 'place') return 'place_text';
  return field?.startsWith('needs') ? 'needs' : field;
}
