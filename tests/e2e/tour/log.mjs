// What the tour leaves behind: its log, a line a step, and its pictures and papers.

import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ROOT, run } from '../lib/parts.mjs';
import { check, same } from '../lib/spec.mjs';

export const folder = process.env.JITASA_TOUR_DIR ?? path.join(ROOT, 'target/tour');
mkdirSync(folder, { recursive: true });
const log = path.join(folder, 'tour.log');
for (const old of [log, path.join(folder, 'failure.png'), ...left('.xlsx'), ...left('.pdf')]) rmSync(old, { force: true });

/** Files of this ending that were saved so far. */
export function left(ending) {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => path.join(folder, name));
}

export function say(line) {
  const time = new Date().toLocaleTimeString('en-GB', { timeZone: 'Asia/Bangkok' });
  appendFileSync(log, `${time}  ${line}\n`);
  console.log(`${time}  ${line}`);
}

/** One step: what is done, in both languages; its function verifies it and may return what was seen. */
export async function step(thai, english, body) {
  try {
    const seen = await body();
    say(`ok    ${thai} | ${english}${seen ? `: ${seen}` : ''}`);
  } catch (error) {
    say(`FAIL  ${thai} | ${english}: ${error.message}`);
    throw error;
  }
}

/** Leaves a picture of the window as it stands. */
export async function picture(window, name) {
  await window.settle();
  // Notices go by themselves after some seconds; the tour is quicker than a clerk.
  await window.run(`document.querySelectorAll('.toast button:last-child').forEach((x) => x.click())`);
  await window.gone('toast');
  await window.settle();
  const file = path.join(folder, `${name}.png`);
  await window.picture(file);
  const png = readFileSync(file);
  same([png.readUInt32BE(16), png.readUInt32BE(20)], [1366, 768], `size of ${name}.png`);
}

/** The PDF that was saved last, under the name it keeps here; with its first page as a picture where
 *  poppler is installed. Says how large it is. */
export async function paper(name) {
  const made = left('.pdf').filter((file) => !/\/print-[a-z-]+\.pdf$/.test(file));
  same(made.length, 1, 'papers saved just now');
  const file = path.join(folder, `print-${name}.pdf`);
  renameSync(made[0], file);
  const bytes = readFileSync(file);
  same(bytes.subarray(0, 5).toString(), '%PDF-', 'how the paper begins');
  if (!existsSync('/usr/bin/pdftoppm')) return { file, seen: `${bytes.length} B` };
  const picture = path.join(folder, `print-${name}`);
  const { code, err } = await run('pdftoppm', ['-png', '-r', '110', '-singlefile', file, picture]);
  check(code === 0, `pdftoppm: ${err}`);
  return { file, seen: `${bytes.length} B · print-${name}.png` };
}

/** Shows a screen and waits for its first data. */
export async function show(window, screen) {
  await window.click(`nav-${screen}`);
  await window.find(`screen-${screen}`);
}

/** Somebody else sits down at the desk. */
export async function become(window, role) {
  await window.click('person-switch');
  await window.click(`person-${role}`);
  // The headman's rail is shorter; a click aimed at the clerk's would miss.
  if (role === 'headman') await window.gone('nav-intake');
  else await window.find('nav-intake');
}

export const caseOf = (window, id) => window.call('case.get', { id });
