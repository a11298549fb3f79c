// Two desks wrote one field, or the province held what was done: decided by one key, taken back, put back.

import { Screen } from '../lib/browser.mjs';
import { Desk, freshFolder, Province } from '../lib/parts.mjs';
import { check, same, spec, until } from '../lib/spec.mjs';

const OFFICE = '450905';
const NAMES = [['นาย', 'สมชาย', 'ใจดี'], ['นาง', 'บุญมา', 'แสนสุข'], ['นางสาว', 'ทองดี', 'ศรีสุข']];

function draft(at, fields = {}) {
  const [title, given_name, family_name] = NAMES[at];
  return {
    channel: 'phone', reporter: null, title, given_name, family_name, citizen_id: null,
    phone: `080-012-345${at}`, area_code: '45090505', house_no: `${at + 1}/3`, landmark: 'ข้างศาลากลางบ้าน',
    lat: null, lon: null, accuracy_m: null, place_source: 'village', people_count: 4, vulnerable: ['elderly'],
    urgency: 'urgent', note: 'น้ำท่วมถึงชั้นสอง', needs: [{ kind: 'food_water', detail: '' }], ...fields,
  };
}

async function edit(desk, at, id, fields) {
  const { version } = await desk.call('case.get', { id });
  await desk.call('case.edit', { id, version, draft: draft(at, fields) });
}

/** Two desks of one office that know the same cases, the screen on one of them. */
async function two(name) {
  const province = await Province.begin(freshFolder(`browser-${name}-province`));
  const screen = await Screen.on(name, '--office', OFFICE);
  const ours = screen.desk;
  const theirs = new Desk(freshFolder(`browser-${name}-other`));
  await theirs.open(OFFICE, province);
  await ours.call('village.save', { subdistrict_code: OFFICE, moo: 5, name: 'เหล่าหม้อ' });
  await ours.must('enrol', '--server', province.url, '--code', await province.code(OFFICE));
  const ids = [];
  for (const at of NAMES.keys()) ids.push((await ours.call('case.create', draft(at))).id);
  await ours.sync();
  await theirs.sync();
  return { province, screen, ours, theirs, ids };
}

/** The receipt of a sync that leaves something to decide. */
async function meet(theirs, ours) {
  await theirs.sync();
  const { out } = await ours.run('sync', '--json');
  return JSON.parse(out);
}

async function open(screen) {
  await screen.page.reload();
  await screen.at('sync-chip').click();
  await screen.at('trouble').waitFor();
}

spec('ส่งข้อมูล: one key decides a conflict, another takes it back, and what was not chosen is put back later', async () => {
  const { province, screen, ours, theirs, ids } = await two('conflicts');
  for (const [at, id] of ids.entries()) {
    await edit(theirs, at, id, { note: 'น้ำลดแล้ว เหลือโคลนในบ้าน', urgency: at === 1 ? 'normal' : 'urgent' });
    await edit(ours, at, id, { note: 'น้ำถึงอก ผู้สูงอายุเดินไม่ได้', urgency: at === 1 ? 'critical' : 'urgent' });
  }
  const receipt = await meet(theirs, ours);
  same(receipt.conflicts, 3, 'conflicts');
  await open(screen);
  same(await screen.at('sync-tab-decide').getAttribute('data-count'), '3', 'to decide');
  check((await screen.at('sync-chip').innerText()).includes('3'), 'the chip counts them');
  const [field] = await screen.at('trouble-field').all();
  check((await field.innerText()).includes('น้ำถึงอก'), 'our value');
  check((await field.innerText()).includes('น้ำลดแล้ว'), 'their value');
  await screen.picture('sync-conflict');

  // Down to the one with two fields, and up again.
  await screen.page.keyboard.press('ArrowDown');
  await until(async () => (await screen.at('trouble-field').count()) === 2, 'both fields of the second');
  await screen.picture('sync-conflict-fields');
  const coming = screen.page.waitForEvent('download');
  await screen.at('sync-export').click();
  check((await (await coming).path()).length > 0, 'no list came down');
  await screen.call('settings.save', { ...(await screen.call('settings.get')), text_percent: 150 });
  await screen.page.reload();
  await screen.at('trouble').waitFor();
  await screen.picture('sync-conflict-large');
  await screen.call('settings.save', { ...(await screen.call('settings.get')), text_percent: 100 });
  await screen.page.reload();
  await screen.at('trouble').waitFor();
  await screen.page.keyboard.press('ArrowDown');
  await screen.page.keyboard.press('ArrowUp');
  await until(async () => (await screen.at('trouble-field').count()) === 1, 'the first again');

  // 2: what was recorded here. It travels.
  await screen.page.keyboard.press('2');
  await screen.at('sync-said').waitFor();
  await until(async () => (await screen.at('sync-trouble').count()) === 2, 'two left');
  same((await screen.call('case.get', { id: ids[0] })).note, 'น้ำถึงอก ผู้สูงอายุเดินไม่ได้', 'the note');
  same((await screen.call('sync.status')).pending, 1, 'changes that wait');
  await screen.picture('sync-decided-one');
  await screen.page.keyboard.press('Control+z');
  await until(async () => (await screen.at('sync-trouble').count()) === 3, 'open again');
  same((await screen.call('case.get', { id: ids[0] })).note, 'น้ำลดแล้ว เหลือโคลนในบ้าน', 'the note');

  // 1: what stands stays. Nothing more travels.
  const waits = (await screen.call('sync.status')).pending;
  await screen.at('sync-trouble', { id: (await screen.call('sync.troubles', {})).rows[0].change_id }).click();
  await screen.at('trouble').waitFor();
  await screen.page.keyboard.press('1');
  await until(async () => (await screen.at('sync-trouble').count()) === 2, 'two left');
  same((await screen.call('sync.status')).pending, waits, 'changes that wait');

  // What was not chosen is put back from the list of what was decided.
  await screen.at('sync-tab-decided').click();
  await screen.at('trouble-decided', { side: 'stands' }).waitFor();
  await screen.picture('sync-decided');
  await screen.at('trouble-restore', { side: 'ours' }).click();
  await screen.at('trouble-decided', { side: 'ours' }).waitFor();
  same((await screen.call('case.get', { id: ids[0] })).note, 'น้ำถึงอก ผู้สูงอายุเดินไม่ได้', 'the note');
  await ours.sync();
  await theirs.sync();
  same((await theirs.call('case.get', { id: ids[0] })).note, 'น้ำถึงอก ผู้สูงอายุเดินไม่ได้', 'the note at the other desk');
  await province.stop();
  await screen.close();
});

spec('ส่งข้อมูล: a decision names what it saw, and several are left as they stand by one key', async () => {
  const { province, screen, ours, theirs, ids } = await two('several');
  for (const [at, id] of ids.entries()) {
    await edit(theirs, at, id, { note: 'ของเครื่องอื่น' });
    await edit(ours, at, id, { note: 'ของเครื่องนี้' });
  }
  await meet(theirs, ours);
  await edit(theirs, 0, ids[0], { note: 'แก้ไขอีกครั้ง' });
  await open(screen);
  // The desk hears of it while the page still shows what was.
  await meet(theirs, ours);
  await screen.at('trouble-moved').waitFor();
  check((await screen.at('trouble-theirs').innerText()).includes('แก้ไขอีกครั้ง'), 'the value of now');
  await screen.picture('sync-moved-on');
  await screen.page.keyboard.press('m');
  await screen.at('sync-marked', { count: '3' }).waitFor();
  await screen.picture('sync-marked');
  await screen.page.keyboard.press('1');
  await screen.at('sync-none').waitFor();
  await screen.picture('sync-none');
  same((await screen.call('sync.status')).decided, 3, 'decided');
  await screen.page.keyboard.press('Control+z');
  await until(async () => (await screen.at('sync-trouble').count()) === 3, 'all open again');
  await province.stop();
  await screen.close();
});

spec('ส่งข้อมูล: a held change says why and what next, is filed by one key, and receipts add up', async () => {
  const { province, screen, ours, theirs, ids } = await two('held');
  await theirs.call('case.close', { id: ids[0], reason: 'duplicate', note: '' });
  const { needs } = await ours.call('case.get', { id: ids[0] });
  await ours.call('need.move', { id: needs[0].id, step: 'verify' });
  const receipt = await meet(theirs, ours);
  same(receipt.held, 1, 'held');
  await open(screen);
  await screen.at('trouble-reason', { code: 'unlawful_state' }).waitFor();
  const step = await screen.at('trouble-step').innerText();
  check(step.includes('ปิดเรื่อง') && step.includes('กำลังตรวจสอบ'), 'the state that stands and the one wanted');
  check(await screen.at('trouble-ours-put').isDisabled(), 'done again though it is not lawful');
  await screen.picture('sync-held');
  await screen.page.keyboard.press('1');
  await screen.at('sync-none').waitFor();
  await screen.at('sync-tab-decided').click();
  await screen.at('trouble-decided', { side: 'stands' }).waitFor();
  await ours.call('case.reopen', { id: ids[0], note: 'ยังต้องช่วย' });
  await screen.at('sync-tab-lists').click();
  await screen.at('outbox-line').first().waitFor();
  await screen.at('outbox-oldest').waitFor();
  for (const sum of await screen.at('batch-sum').all()) {
    check((await sum.innerText()).includes('ยอดตรงกัน'), 'a receipt that does not add up');
  }
  await screen.at('sync-file-write').waitFor();
  await screen.picture('sync-lists');
  await screen.at('sync-file-write').click();
  await screen.at('sync-error').waitFor();
  await province.stop();
  await screen.close();
});
