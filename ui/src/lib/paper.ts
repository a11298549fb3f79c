// Pages the program makes itself, as PDF: no browser dialog. In the window the system asks where to;
// in a browser the page comes down as a file.

import {
  inDesktop,
  pickSaveFile,
  saveBytes,
  type BackendError,
  type PrintDone,
  type RequestOf,
} from './backend';
import { showError, act } from './session.svelte';
import { t } from './words';

export type PaperCommand = 'tick.print' | 'tick.reprint' | 'print.shift' | 'print.call_list' | 'print.slips';

/**
 * Asks where to, makes the page, hands it over. Null when the person thought better of it or it was
 * refused; the refusal is shown, or given to `onError`.
 */
export async function makePaper<K extends PaperCommand>(
  name: K,
  request: RequestOf<K>,
  suggestedName: string,
  onError?: (error: BackendError) => void,
): Promise<PrintDone | null> {
  try {
    const path = await pickSaveFile({ title: t('common.paper_where'), suggestedName });
    if (inDesktop && path === null) return null;
    const made = await act(name, { ...request, path }, { quiet: true, ...(onError ? { onError } : {}) });
    if (!made.ok) return null;
    const done: PrintDone = made.response;
    if (done.bytes_base64 !== null) saveBytes(done.file_name || suggestedName, done.bytes_base64);
    return done;
  } catch (thrown) {
    showError(thrown);
    return null;
  }
}
