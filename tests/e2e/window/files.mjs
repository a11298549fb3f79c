// A desk that has no line, in the real window: it is let in, sends and hears by files on a stick.

import { rmSync } from 'node:fs';
import path from 'node:path';
import { CASES, freshFolder, PROGRAM, run } from '../lib/parts.mjs';
import { check, same, spec, until } from '../lib/spec.mjs';
import { office, OFFICE, open, picture } from './open.mjs';

spec('ส่งข้อมูล: in the window a desk without a line is let in, sends and hears by file', async () => {
  const { folder, desk } = await office('window-by-file');
  await desk.must('import', 'cases', CASES);
  const stick = freshFolder('window-stick');
  const ledger = freshFolder('window-by-file-province');
  const province = async (...args) => {
    const { code, out, err } = await run(PROGRAM.province, ['--data', ledger, ...args]);
    same(code, 0, `jitasa-province ${args[0]}: ${err}`);
    return out;
  };
  const window = await open(folder, { JITASA_E2E_PICK: stick });
  await window.find('screen-today', 30_000);
  await window.click('sync-chip');
  await window.find('screen-sync');

  await window.click('sync-enrol-request');
  const asked = (await window.text('sync-enrol-asked')).trim();
  await picture(window, 'sync-asked');
  const grant = path.join(stick, 'open.jitasaenrol');
  const said = await province('admit', path.join(stick, 'jitasa.jitasarequest'), '--bundle', grant);
  const words = said.trim().split('\n').at(-1).trim();
  check(words.split(' ').length === 6 && asked.includes(words), `the six words of both sides: ${said} / ${asked}`);
  await window.click('sync-enrol-file');
  await window.find('sync-enrolled');
  rmSync(grant);

  const before = (await window.call('sync.status')).pending;
  check(before > 0, 'nothing waits');
  await window.click('sync-file-write');
  const batch = path.join(stick, `jitasa-${OFFICE}.jitasabatch`);
  await until(async () => (await window.call('sync.status')).batches[0]?.state === 'written', 'the file to be written');
  await picture(window, 'sync-file-written');
  same((await window.call('sync.status')).pending, before, 'what waits until there is a receipt');
  await province('batch', 'take', batch, '--receipt', path.join(stick, 'open.jitasareceipt'));
  await window.click('sync-file-receipt');
  await until(async () => (await window.call('sync.status')).pending === 0, 'the receipt to be taken in');
  const [exchange] = (await window.call('sync.status')).batches;
  same([exchange.by, exchange.state, exchange.new], ['file', 'receipted', before], 'the receipt');
  await picture(window, 'sync-file-receipted');
  await window.close();
});
