// Short notices, one at a time: a newer one takes the place of the one before. Errors that belong to
// a field stand beside the field.

export type ToastTone = 'good' | 'error' | 'note';

export interface Toast {
  readonly id: number;
  readonly tone: ToastTone;
  readonly text: string;
  /** A second line: what to do next. */
  readonly more?: string;
  readonly button?: { label: string; press: () => void };
}

const STAY_MS = 6000;

let last = 0;
let now = $state.raw<Toast | null>(null);

export const toasts = {
  get now() {
    return now;
  },
};

/** Shows a notice. Errors stay until dismissed or followed; the rest go after six seconds. */
export function toast(notice: Omit<Toast, 'id'>): void {
  const id = ++last;
  now = { ...notice, id };
  if (notice.tone !== 'error') setTimeout(() => dismiss(id), STAY_MS);
}

export function dismiss(id: number): void {
  if (now?.id === id) now = null;
}
