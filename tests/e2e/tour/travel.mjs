// What leaves the office and what comes into it: the province, the neighbour, a workbook, a file.

import { existsSync, readFileSync } from 'node:fs';
import { run } from '../lib/parts.mjs';
import { check, same, until } from '../lib/spec.mjs';
import { caseOf, left, picture, show, step } from './log.mjs';

/** To the province, and on to the office next door. */
export async function travels(window, neighbour, office, { id, number, given }) {
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
    await window.area('case-refer-office', office);
    await window.click('case-refer-send');
    await until(async () => (await caseOf(window, id)).referred_to === office, 'the referral');
    await show(window, 'sync');
    await window.click('sync-now');
    await until(async () => (await window.call('sync.status')).pending === 0, 'the outbox to be empty', 60_000);
    return `ก่อนส่งต่อ ตำบลข้างเคียงรับ ${before} รายการ`;
  });
  await step('ตำบลข้างเคียงเห็นเคส', 'the second office sees it after its sync', async () => {
    const receipt = await neighbour.sync();
    const seen = await neighbour.call('case.get', { id });
    same([seen.number, seen.person.given_name], [number, given], 'the case there');
    same(seen.assignments.map((one) => one.state), ['confirmed'], 'its assignment there');
    check(seen.reviews.some((one) => one.medium === 'paper'), "the headman's word from paper is not there");
    const again = await neighbour.sync();
    same([again.sent, again.received], [0, 0], 'syncing again');
    return `รับมา ${receipt.received}`;
  });
}

/** A workbook out, a file with a wrong row in. */
export async function files(window, number) {
  await step('ส่งออกทะเบียนเป็น Excel', 'the report leaves as a workbook', async () => {
    await show(window, 'report');
    await window.find('report-total');
    await picture(window, 'report');
    await window.click('export-kind-cases');
    await window.click('export-xlsx');
    const rows = Number(await window.attribute('export-done', 'data-rows'));
    const [file] = left('.xlsx');
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
