// A newcomer's tour of the real window: one case from the telephone to the report, with the office, the
// headman on paper and on the screen, the province and a second office. Every step is verified; the first
// that fails ends the tour with exit code 1. Leaves pictures of all screens, the papers as PDF, the
// workbook and tour.log in JITASA_TOUR_DIR.

import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Desk, freshFolder, PROGRAM, Province } from './lib/parts.mjs';
import { Window } from './lib/webdriver.mjs';
import { callForHelp, firstStart } from './tour/call.mjs';
import { oneNeed, volunteers, wholePlan } from './tour/hands.mjs';
import { folder, say, step } from './tour/log.mjs';
import { headmanOnPaper } from './tour/paper.mjs';
import { files, travels } from './tour/travel.mjs';
import { nothingQuiet } from './tour/watch.mjs';

const OURS = '450905';
const NEIGHBOUR = '450909';

async function tour(window, province, neighbour) {
  const village = await firstStart(window, province, OURS);
  const ours = await callForHelp(window, OURS, village);
  await headmanOnPaper(window, { id: ours.id, village });
  await volunteers(window, village);
  await oneNeed(window, ours.id);
  await wholePlan(window);
  await nothingQuiet(window);
  await travels(window, neighbour, NEIGHBOUR, ours);
  await files(window, ours.number);
}

const today = new Date().toLocaleDateString('th-TH-u-ca-buddhist', { dateStyle: 'full', timeZone: 'Asia/Bangkok' });
say(`จิตอาสา เดสก์ · ${today} · ข้อมูลสมมติทั้งหมด | all people are made up`);
let window;
let province;
try {
  province = await Province.begin(freshFolder('tour-province'));
  const neighbour = new Desk(freshFolder('tour-neighbour'));
  await step('ตั้งตำบลข้างเคียง', 'a server, and a second office by command line', async () => {
    await neighbour.open(NEIGHBOUR, province);
    await neighbour.sync();
  });
  // What the file dialog answers for the import.
  writeFileSync(
    path.join(folder, 'open.csv'),
    '\uFEFFชื่อ,สกุล,โทรศัพท์,บ้านเลขที่,หมู่ที่,ตำบล,ความต้องการ,ความเร่งด่วน\n' +
      'สมมติ,ใจเย็น,0815550101,12,5,โคกสว่าง,อาหาร,ด่วน\n' +
      'สมมุติ,ใจกว้าง,0815550102,14,5,ไม่มีตำบลนี้,ยา,ปกติ\n',
  );
  const env = { JITASA_DATA: freshFolder('tour-desk'), JITASA_E2E_PICK: folder };
  window = await Window.open({ binary: PROGRAM.desk, env });
  await tour(window, province, neighbour);
  say('จบ | the end');
} catch (error) {
  process.exitCode = 1;
  console.error(error);
  await window?.picture(path.join(folder, 'failure.png')).catch(() => {});
} finally {
  await window?.close();
  await province?.stop();
  rmSync(path.join(folder, 'open.csv'), { force: true });
}
