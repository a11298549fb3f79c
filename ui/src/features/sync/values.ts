// Words for what a change carries: names of fields, and values as people say them. Values cross as
// text; codes become their words, moments become B.E. dates.

import { dateTime, shortIsoDate } from '../../lib/dates';
import { t, wordFor } from '../../lib/words';

/** The name of a record's field; the field itself when the catalogue has none. */
export function fieldWord(field: string): string {
  return wordFor(`sync.field.${field}`, field);
}

/** Which list of words a coded field speaks. */
function listOf(entity: string, field: string): string | null {
  if (field === 'state') return `${entity}.state`;
  if (field === 'review_state' || field === 'verdict') return 'review.state';
  if (field === 'closing_reason') return 'closing';
  if (field === 'kind' && entity === 'incident') return 'incident.kind';
  const own = ['urgency', 'channel', 'availability', 'place_source'];
  return own.includes(field) ? field : null;
}

/** A value as people read it. */
export function valueWords(entity: string, field: string | null, value: string | null): string {
  if (value === null || value === '' || value === 'null') return t('common.none');
  const plain = unquoted(value);
  if (!field) return plain;
  if (/(_at|_since)$/.test(field) && /^\d{12,13}$/.test(plain)) return dateTime(Number(plain));
  if (/_on$/.test(field)) return shortIsoDate(plain);
  if (plain === 'true' || plain === 'false') return t(plain === 'true' ? 'common.yes' : 'common.no');
  const list = listOf(entity, field);
  return list ? wordFor(`${list}.${plain}`, plain) : plain;
}

/** A text that crossed as JSON, without its quotation marks; a list with commas. */
function unquoted(value: string): string {
  if (!/^["[]/.test(value)) return value;
  try {
    const read: unknown = JSON.parse(value);
    return Array.isArray(read) ? read.join(', ') : String(read);
  } catch {
    return value;
  }
}
