// From a refusal to words: what happened, where, what next. Codes cross from the program; the words
// are the catalogue's.

import { BackendError } from './backend';
import { t, wordFor, type Fill } from './words';

/** The sentence for an error, filled with its details. */
export function errorWords(error: unknown): string {
  if (!(error instanceof BackendError)) return t('error.host_failed');
  const fill: Record<string, string | number> = { code: error.code };
  for (const [name, value] of Object.entries(error.details)) {
    if (typeof value === 'string' || typeof value === 'number') fill[name] = value;
  }
  return codeWords(error.messageKey, error.code, fill);
}

/** The sentence for a bare code, as reports of imports and syncs carry them. */
export function codeWords(messageKey: string, code: string, fill?: Fill): string {
  const otherwise = t('error.unknown', { code });
  return wordFor(messageKey, wordFor(`error.${code}`, otherwise, fill), fill);
}

/** The field an error belongs to, when it says so: put the words beside it. */
export function errorField(error: BackendError): string | null {
  const field = error.details['field'];
  return typeof field === 'string' ? field : null;
}
