// A newcomer's tour of the real window: one case from the telephone to the report, with the office, the
// headman, the province and a second office. Every step is verified; the first that fails ends the tour
// with exit code 1. Leaves pictures of all screens, the workbook and tour.log in JITASA_TOUR_DIR.

import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { Desk, freshFolder, PROGRAM, Province, ROOT, run } from './lib/parts.mjs';
import { check, same, until } from './lib/spec.mjs';
import { KEY, Window } from './lib/webdriver.mjs';

const OURS = '450905';
const NEIGHBOUR = '450909';
const PERSON = { given: 'ทองใบ', family: 'ใจดีสมมติ', phone: '0815550142', house: '99/9' };
const NOTE = 'น้ำท่วมถึงชั้นล่าง มีผู้สูงอายุติดเตียงหนึ่งคน ขอข้าวกล่องและน้ำดื่ม';

const folder = process.env.JITASA_TOUR_DIR ?? path.join(ROOT, 'target/tour');
mkdirSync(folder, { recursive: true });
const log = path.join(folder, 'tour.log');
for (const old of [log, path.join(folder, 'failure.png'), ...workbooks()]) rmSync(old, { force: true });

/** What was exported: `cases-<office>-<year in B.E.>-<month>-<day>.xlsx`. */
function workbooks() {
  const names = readdirSync(folder).filter((name) => /^cases.*\.xlsx$/.test(name));
  return names.map((name) => path.join(folder, name));
}

function say(line) {
  const time = new Date().toLocaleTimeString('en-GB', { timeZone: 'Asia/Bangkok' });
  appendFileSync(log, `${time}  ${line}\n`);
  console.log(`${time}  ${line}`);
}

/** One step: what is done, in both languages; its function verifies it and may return what was seen. */
async function step(thai, english, body) {
  try {
    const seen = await body();
    say(`ok    ${thai} | ${english}${seen ? `: ${seen}` : ''}`);
  } catch (error) {
    say(`FAIL  ${thai} | ${english}: ${error.message}`);
    throw error;
  }
}

/** Shows a screen and waits for its first data. */
async function show(window, screen) {
  await window.click(`nav-${screen}`);
  await window.find(`screen-${screen}`);
}

async function picture(window, name) {
  await window.settle();
  // Notices go by themselves after some seconds; the tour is quicker than a clerk.
  await window.run(`document.querySelectorAll('.toast button:last-child').forEach((x) => x.click())`);
  await window.gone('toast');
  const file = path.join(folder, `${name}.png`);
  await window.picture(file);
  const png = readFileSync(file);
  same([png.readUInt32BE(16), png.readUInt32BE(20)], [1366, 768], `size of ${name}.png`);
}

/** The step of an assignment by its button in the open case, verified by what the API says afterwards. */
async function advance(window, caseId, step, state) {
  const row = `[data-testid="assignment-row"][data-case="${caseId}"]`;
  await window.click(`${row} [data-testid="assignment-${step}"]`);
  if (step === 'finish') {
    await window.fill('assignment-outcome', 'ส่งข้าวกล่อง 6 กล่อง น้ำดื่ม 2 แพ็ก');
    await window.click('assignment-outcome-save');
  }
  await until(
    async () => (await caseOf(window, caseId)).assignments[0]?.state === state,
    `the assignment to be ${state}`,
  );
}

const caseOf = (window, id) => window.call('case.get', { id });

async function tour(window, province, neighbour) {
  let id = '';
  let number = '';
  let village = '';

  await step('เปิดโปรแกรมครั้งแรก', 'the first start asks one thing', async () => {
    await window.find('setup-practice');
    await picture(window, 'setup');
  });
  await step('เลือกฝึกใช้งาน', 'practice is chosen', async () => {
    await window.click('setup-practice');
    // The address says that the set-up is over, not only that there is something to see.
    await until(() => window.run(`return location.hash === '#/today'`), 'the made-up office', 60_000);
    await window.find('screen-today');
    const status = await window.call('status.get');
    same([status.practice, status.office.code], [true, OURS], 'the office');
    village = status.actors.find((one) => one.role === 'headman').villages[0];
    await picture(window, 'today');
    return status.office.area_name;
  });
  await step('ลงทะเบียนกับเซิร์ฟเวอร์จังหวัด', 'the desk is enrolled with the province', async () => {
    await show(window, 'sync');
    await window.fill('sync-server', province.url);
    await window.fill('sync-code', await province.code(OURS));
    await window.click('sync-enrol');
    await window.find('sync-enrolled', 30_000);
    same((await window.call('sync.status')).enrolled, true, 'enrolled');
  });

  await step('รับเรื่องทางโทรศัพท์', 'a call is keyed through the form', async () => {
    await show(window, 'intake');
    await window.fill('intake-phone', PERSON.phone);
    await window.fill('intake-given', PERSON.given);
    await window.fill('intake-family', PERSON.family);
    await window.fill('intake-house', PERSON.house);
    await window.area('intake-village', village);
    await window.click('intake-need-food_water');
    await window.click('intake-urgency-critical');
    await window.fill('intake-note', NOTE);
    await window.run(`document.querySelector('[data-testid="intake-phone"]').scrollIntoView()`);
    await picture(window, 'intake');
    await window.click('intake-save');
    number = (await window.text('intake-saved')).match(/\d{6}-\d{2}-\d{5}/)?.[0] ?? '';
    check(number.startsWith(`${OURS}-`), `a case number of our office, not “${number}”`);
    return number;
  });
  await step('ค้นพบด้วยชื่อ', 'search finds it by name', async () => {
    await window.click('search-open');
    await window.type('search-input', `${PERSON.given} ${PERSON.family}`);
    await until(async () => (await window.text('search-hit')).includes(PERSON.given), 'the hit');
    await window.click('search-hit');
    same((await window.text('case-number')).trim(), number, 'the number of the open case');
    id = await window.attribute('case-panel', 'data-id');
    const found = await caseOf(window, id);
    same(found.person.given_name, PERSON.given, 'given name');
    same([found.note, found.urgency], [NOTE, 'critical'], 'note and urgency');
    same(found.needs.map((need) => need.kind), ['food_water'], 'needs');
    await picture(window, 'case');
  });
  await step('ดูทะเบียนเคส', 'the list of cases', async () => {
    await show(window, 'cases');
    await window.find('case-row');
    await picture(window, 'cases');
    return `${await window.text('cases-count')}`;
  });
  await step('ดูแผนที่', 'the map', async () => {
    await show(window, 'map');
    await until(async () => /[1-9]/.test(await window.text('map-total')), 'cases on the map');
    await picture(window, 'map');
    return await window.text('map-total');
  });
  await step('ดูทะเบียนจิตอาสา', 'the register of volunteers', async () => {
    await show(window, 'volunteers');
    await window.find('volunteer-row');
    await picture(window, 'volunteers');
  });

  await step('มอบหมายจิตอาสา', 'a volunteer is offered the task', async () => {
    await show(window, 'assign');
    await window.bring(`[data-testid="assign-need-row"][data-case="${id}"]`, 'assign-need-row');
    await window.click(`[data-testid="assign-need-row"][data-case="${id}"]`);
    await window.find('suggestion-row');
    await picture(window, 'assign');
    await window.click('suggestion-offer');
    const made = await until(async () => (await caseOf(window, id)).assignments[0], 'the assignment');
    same(made.state, 'offered', 'the assignment');
    return made.volunteer;
  });
  await step('จิตอาสารับงานและทำเสร็จ', 'acceptance and completion are recorded', async () => {
    await window.run(`location.hash = '#/cases/${id}'`);
    await advance(window, id, 'accept', 'accepted');
    const moves = { accepted: 'depart', en_route: 'arrive', on_site: 'finish' };
    const next = { depart: 'en_route', arrive: 'on_site', finish: 'done' };
    for (;;) {
      const { state, moves: open } = (await caseOf(window, id)).assignments[0];
      if (state === 'done') break;
      const move = open.includes('finish') ? 'finish' : moves[state];
      await advance(window, id, move, next[move]);
    }
  });
  await step('ผู้ใหญ่บ้านรับรอง', 'the headman confirms that help came', async () => {
    await window.click('person-switch');
    await window.click('person-headman');
    // His rail is shorter; a click aimed at the clerk's would miss.
    await window.gone('nav-intake');
    await show(window, 'review');
    await window.find('review-item');
    await picture(window, 'review');
    const ours = `[data-testid="review-item"][data-kind="assignment"][data-case="${id}"]`;
    await window.page('review-next', ours);
    await window.click('review-confirm');
    await until(async () => (await caseOf(window, id)).assignments[0].state === 'confirmed', 'his word to be kept');
    await window.click('person-switch');
    await window.click('person-clerk');
    await window.find('nav-intake');
  });

  await step('ส่งข้อมูลให้จังหวัด', 'the changes reach the province', async () => {
    await show(window, 'sync');
    check((await window.call('sync.status')).pending > 0, 'nothing was waiting');
    await window.click('sync-now');
    await until(async () => (await window.call('sync.status')).pending === 0, 'the outbox to be empty', 120_000);
    await picture(window, 'sync');
    const [batch] = (await window.call('sync.status')).batches;
    return `ส่ง ${batch.sent} · ใหม่ ${batch.new} · รับมา ${batch.received}`;
  });
  await step('ส่งต่อเคสให้ตำบลข้างเคียง', 'the case is referred to the neighbouring office', async () => {
    const before = (await neighbour.sync()).received;
    check(!(await sees(neighbour, id)), 'the neighbour sees the case before it was referred');
    await window.run(`location.hash = '#/cases/${id}'`);
    await window.click('case-refer');
    await window.area('case-refer-office', NEIGHBOUR);
    await window.click('case-refer-send');
    await until(async () => (await caseOf(window, id)).referred_to === NEIGHBOUR, 'the referral');
    await show(window, 'sync');
    await window.click('sync-now');
    await until(async () => (await window.call('sync.status')).pending === 0, 'the outbox to be empty', 60_000);
    return `ก่อนส่งต่อ ตำบลข้างเคียงรับ ${before} รายการ`;
  });
  await step('ตำบลข้างเคียงเห็นเคส', 'the second office sees it after its sync', async () => {
    const receipt = await neighbour.sync();
    const seen = await neighbour.call('case.get', { id });
    same([seen.number, seen.person.given_name], [number, PERSON.given], 'the case there');
    same(seen.assignments.map((one) => one.state), ['confirmed'], 'its assignment there');
    const again = await neighbour.sync();
    same([again.sent, again.received], [0, 0], 'syncing again');
    return `รับมา ${receipt.received}`;
  });

  await step('ส่งออกทะเบียนเป็น Excel', 'the report leaves as a workbook', async () => {
    await show(window, 'report');
    await window.find('report-total');
    await picture(window, 'report');
    await window.click('export-kind-cases');
    await window.click('export-xlsx');
    const rows = Number(await window.attribute('export-done', 'data-rows'));
    const [file] = workbooks();
    check(/cases-\d{6}-25\d\d-\d\d-\d\d\.xlsx$/.test(file ?? ''), `a workbook named by its day, not “${file}”`);
    check(rows > 0 && readFileSync(file).subarray(0, 2).toString() === 'PK', 'no workbook was written');
    return `${rows} แถว${await opened(file, rows, number)}`;
  });
  await step('ลองนำเข้าไฟล์ที่มีแถวผิด', 'an import says what is wrong, row by row', async () => {
    await show(window, 'import');
    await window.click('import-kind-cases');
    await window.click('import-choose');
    await window.find('import-problem');
    same((await window.text('import-set-aside')).match(/\d+/)?.[0], '1', 'rows set aside');
    await picture(window, 'import');
  });
  await step('ตั้งค่า', 'settings', async () => {
    await show(window, 'settings');
    await picture(window, 'settings');
  });
}

async function sees(desk, id) {
  return (await desk.run('call', 'case.get', JSON.stringify({ id }))).code === 0;
}

/** Opens the workbook with another program, where that is installed. */
async function opened(file, rows, number) {
  const script = `
import sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
sheets = [[cell for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None] for sheet in book]
assert any(sys.argv[2] in map(str, cells) for cells in sheets), 'the case is not in it'
assert max(sheet.max_row for sheet in book) >= int(sys.argv[3]), 'rows are missing'
print(', '.join(f'{sheet.title} {sheet.max_row}x{sheet.max_column}' for sheet in book))`;
  const python = '/usr/bin/python3';
  if (!existsSync(python) || (await run(python, ['-c', 'import openpyxl'])).code !== 0) return '';
  const done = await run(python, ['-c', script, file, number, String(rows)]);
  check(done.code === 0, `openpyxl: ${done.err}`);
  return ` · openpyxl: ${done.out.trim()}`;
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
