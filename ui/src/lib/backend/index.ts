// The only door between the screens and the program. Nothing outside this folder may import
// @tauri-apps or know a URL.

import type { Commands } from './commands';
import { send } from './transport';

export { BackendError } from './error';
export { pickOpenFile, pickSaveFile, saveBytes, toBase64, type PickedFile } from './files';
export { onPulse } from './pulse';
export { inDesktop } from './transport';
export type * from './commands';

export type CommandName = keyof Commands;
export type RequestOf<K extends CommandName> = Commands[K]['request'];
export type ResponseOf<K extends CommandName> = Commands[K]['response'];

/** Calls one command of the program. Throws BackendError. */
export async function call<K extends CommandName>(
  name: K,
  request: RequestOf<K>,
): Promise<ResponseOf<K>> {
  return (await send(name, request)) as ResponseOf<K>;
}
