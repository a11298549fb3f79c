// Short notices at the foot of the screen. Errors that belong to a field stand beside the field.

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
const SHOWN_MAX = 3;

let last = 0;
let shown = $state.raw<readonly Toast[]>([]);

export const toasts = {
  get shown() {
    return shown;
  },
};

/** Shows a notice. Errors stay until dismissed; the rest go after six seconds. */
export function toast(notice: Omit<Toast, 'id'>): void {
  const id = ++last;
  shown = [...shown, { ...notice, id }].slice(-SHOWN_MAX);
  if (notice.tone !== 'error') setTimeout(() => dismiss(id), STAY_MS);
}

export function dismiss(id: number): void {
  shown = shown.filter((one) => one.id !== id);
}
