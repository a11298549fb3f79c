// How a call travels. Nothing above this folder knows which of the two is in use.

import { invoke } from '@tauri-apps/api/core';
import { BackendError, toBackendError } from './error';

/** True inside the desktop window, false in a browser. */
export const inDesktop = '__TAURI_INTERNALS__' in window;

async function overDesktop(name: string, request: unknown): Promise<unknown> {
  try {
    return await invoke('rpc', { name, request });
  } catch (thrown) {
    throw toBackendError(thrown);
  }
}

async function overHttp(name: string, request: unknown): Promise<unknown> {
  let answer: Response;
  try {
    answer = await fetch(`/api/${name}`, {
      method: 'POST',
      // A foreign page cannot set this header without being asked first; the host insists on it.
      headers: { 'content-type': 'application/json', 'x-jitasa': '1' },
      body: JSON.stringify(request),
    });
  } catch {
    throw new BackendError('host_unreachable', 'error.host_unreachable');
  }
  const body: unknown = await answer.json().catch(() => null);
  if (!answer.ok) throw toBackendError(body);
  return body;
}

export const send = inDesktop ? overDesktop : overHttp;
