// The one window that the specs of window.mjs have open, and the offices they open it on.

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { Desk, freshFolder, PROGRAM, ROOT } from '../lib/parts.mjs';
import { Window } from '../lib/webdriver.mjs';

export const OFFICE = '450905';
export const PICTURES = path.join(ROOT, 'target/e2e/pictures');
mkdirSync(PICTURES, { recursive: true });

let current;

/** A picture of the window as it stands. */
export async function picture(window, name) {
  await window.settle();
  await window.picture(path.join(PICTURES, `window-${name}.png`));
}

/** Opens the program's window on a folder. */
export async function open(folder, env = {}) {
  current = await Window.open({ binary: PROGRAM.desk, env: { JITASA_DATA: folder, ...env } });
  return current;
}

/** A desk of a real office, set up by command line. */
export async function office(name) {
  const folder = freshFolder(name);
  const desk = new Desk(folder);
  await desk.must('init', '--office', OFFICE);
  await desk.call('village.save', {
    subdistrict_code: OFFICE,
    moo: 5,
    name: 'เหล่าหม้อ',
    lat: null,
    lon: null,
  });
  return { folder, desk };
}

/** The window on a made-up office of its own. What it saves goes into `paper`. */
export async function practice(name) {
  const folder = freshFolder(name);
  await new Desk(folder).must('init', '--practice', '--seed', '7');
  const paper = freshFolder(`${name}-paper`);
  const window = await open(folder, { JITASA_E2E_PICK: paper });
  await window.find('screen-today', 30_000);
  return { window, paper };
}

/** Leaves a picture of a spec that failed, and closes its window. */
export async function leaveBehind(name) {
  await current?.picture(path.join(PICTURES, `failed-window-${name.slice(0, 40)}.png`));
  await current?.close();
}
