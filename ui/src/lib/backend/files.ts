// Choosing files. The desktop host shows the system's own dialog and answers with a path, so the
// bytes never pass through the page; a browser has no paths, so there the bytes travel as base64.

import { toBackendError } from './error';
import { inDesktop, send } from './transport';

export interface PickedFile {
  name: string;
  /** Set in the desktop window. */
  path?: string;
  /** Set in a browser. */
  bytes_base64?: string;
}

interface PickRequest {
  title: string;
  extensions: string[];
  suggested_name: string | null;
}

/** Only the desktop host answers these two, and only paths chosen so may be read or written. */
async function askDesktop(
  name: 'host.pick_open' | 'host.pick_save',
  request: PickRequest,
): Promise<string | null> {
  const answer = (await send(name, request)) as { path: string } | null;
  return answer?.path ?? null;
}

/** Lets the person choose a file to read. `extensions` without dots. Null when they think better of it. */
export async function pickOpenFile(options: {
  title: string;
  extensions: string[];
}): Promise<PickedFile | null> {
  if (inDesktop) {
    const path = await askDesktop('host.pick_open', { suggested_name: null, ...options });
    return path === null ? null : { path, name: path.split(/[/\\]/).pop() ?? path };
  }
  const file = await pickInBrowser(options.extensions);
  return file && { name: file.name, bytes_base64: await toBase64(file) };
}

/**
 * Lets the person choose where to write. Desktop only: resolves to a path, or null when cancelled.
 * In a browser it resolves to null at once; ask the backend for the bytes and use `saveBytes`.
 */
export async function pickSaveFile(options: {
  title: string;
  suggestedName: string;
}): Promise<string | null> {
  if (!inDesktop) return null;
  const extension = options.suggestedName.split('.').pop();
  return askDesktop('host.pick_save', {
    title: options.title,
    suggested_name: options.suggestedName,
    extensions: extension ? [extension] : [],
  });
}

/** Hands bytes to the browser as a download. */
export function saveBytes(name: string, base64: string): void {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const url = URL.createObjectURL(new Blob([bytes]));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own reference once it has begun; a minute is more than it needs.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Reads a dropped or chosen file as base64. */
export async function toBase64(file: Blob): Promise<string> {
  const reader = new FileReader();
  return new Promise((resolve, reject) => {
    reader.onload = () => resolve(String(reader.result).replace(/^data:[^,]*,/, ''));
    reader.onerror = () => reject(toBackendError(reader.error));
    reader.readAsDataURL(file);
  });
}

function pickInBrowser(extensions: string[]): Promise<File | null> {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = extensions.map((extension) => `.${extension}`).join(',');
  input.hidden = true;
  // WebDriver can only type a path into an input that is in the document.
  input.dataset.role = 'pick-file';
  document.body.append(input);
  return new Promise((resolve) => {
    const finish = (file: File | null) => {
      input.remove();
      resolve(file);
    };
    input.onchange = () => finish(input.files?.[0] ?? null);
    input.oncancel = () => finish(null);
    input.click();
  });
}
