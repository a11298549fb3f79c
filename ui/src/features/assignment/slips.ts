// Slips for volunteers on paper: as a file through the dialog for saving, or as a download.

import { call, inDesktop, pickSaveFile, saveBytes } from '../../lib/backend';
import { showError } from '../../lib/session.svelte';
import { toast } from '../../lib/toasts.svelte';
import { t } from '../../lib/words';

const FILE_NAME = 'slips.pdf';

/** Makes the slips of these assignments, and says how many and where. */
export async function printSlips(assignment_ids: string[]): Promise<void> {
  try {
    const path = await pickSaveFile({ title: t('assignment.slips'), suggestedName: FILE_NAME });
    if (inDesktop && path === null) return;
    const done = await call('print.slips', { assignment_ids, path });
    if (done.bytes_base64 !== null) saveBytes(done.file_name || FILE_NAME, done.bytes_base64);
    toast({
      tone: 'good',
      text: t('assignment.slips_done', { lines: done.lines, pages: done.pages }),
      more: done.path ?? done.file_name,
    });
  } catch (thrown) {
    showError(thrown);
  }
}
