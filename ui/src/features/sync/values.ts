// Words for what a change carries: names of fields, and values as people say them. Values cross as
// text; codes become their words, moments become B.E. dates.

import { dateTime, shortIsoDate } from '../../lib/dates';
import { t, wordFor } from '../../lib/words';
import { kindName } from '../case/lists.svelte';

/** What only the program keeps of a record: told to nobody who decides. */
const OF_THE_PROGRAM = new Set([
  'id',
  'case_id',
  'need_id',
  'person_id',
  'import_id',
  'visit_id',
  'replaces_id',
  'reviewer_id',
  'tick_list_id',
  'assignment_id',
  'created_at',
  'created_by',
  'office_code',
  'citizen_id_valid',
  'volunteer_label',
  'why',
  'distance_m',
  'position',
  'lines',
  'by_rule',
]);

/** Whether a person who decides is shown this field, of a change that was held. */
export function isTold(field: string): boolean {
  return !OF_THE_PROGRAM.has(field);
}

/** The name of a record's field; the field itself when the catalogue has none. */
export function fieldWord(field: string): string {
  return wordFor(`sync.field.${field}`, field);
}

/** The word of a coded value; null where the field is not coded. */
function coded(entity: string, field: string, code: string): string | null {
  const list = (() => {
    if (field === 'state') return entity === 'service_point' ? 'service_point.state' : `${entity}.state`;
    if (field === 'review_state' || field === 'verdict') return 'review.state';
    if (field === 'closing_reason') return 'closing';
    if (field === 'kind' && entity === 'incident') return 'incident.kind';
    if (field === 'vulnerable') return 'case.vulnerable';
    if (field === 'receiver_word') return 'assignment.receiver';
    if (field === 'reach' || field === 'vetting') return `volunteer.${field}`;
    if (field === 'offered_by') return 'assignment.channel';
    const own = ['urgency', 'channel', 'availability', 'place_source'];
    return own.includes(field) ? field : null;
  })();
  if (list) return wordFor(`${list}.${code}`, code);
  if ((field === 'kind' && entity === 'need') || field === 'skills' || field === 'serves') return kindName(code);
  return null;
}

/** A value as people read it. */
export function valueWords(entity: string, field: string, value: string | null): string {
  const parts = value === null ? [] : listed(value);
  if (parts.length === 0 || value === '' || value === 'null') return t('common.none');
  return parts.map((part) => oneWord(entity, field, part)).join(', ');
}

function oneWord(entity: string, field: string, plain: string): string {
  if (/(_at|_since)$/.test(field) && /^\d{12,13}$/.test(plain)) return dateTime(Number(plain));
  if (/_(on|from|until)$/.test(field)) return shortIsoDate(plain);
  if (plain === 'true' || plain === 'false') return t(plain === 'true' ? 'common.yes' : 'common.no');
  return coded(entity, field, plain) ?? plain;
}

/** A list that crossed as JSON, each of its texts; anything else is one. */
function listed(value: string): string[] {
  if (!value.startsWith('[')) return [value];
  try {
    const read: unknown = JSON.parse(value);
    return Array.isArray(read) ? read.map(String) : [value];
  } catch {
    return [value];
  }
}
