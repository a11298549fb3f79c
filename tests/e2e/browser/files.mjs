// Reports, imports, sync.

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Screen } from '../lib/browser.mjs';
import { CASES, Desk, freshFolder, Province } from '../lib/parts.mjs';
import { check, same, spec, until } from '../lib/spec.mjs';
import { practice } from './practice.mjs';

const OFFICE = '450905';

spec('รายงาน: the figures add up and the workbook comes down', async () => {
  const screen = await practice();
  await screen.show('report');
  await screen.at('report-total').waitFor();
  await screen.picture('report');
  for (const [format, begins] of [['xlsx', 'PK'], ['csv', '\uFEFF'], ['geojson', '{']]) {
    await screen.at('export-kind-cases').click();
    const coming = screen.page.waitForEvent('download');
    await screen.at(`export-${format}`).click();
    const file = await (await coming).path();
    check(readFileSync(file, 'utf8').startsWith(begins), `the ${format} begins with something else`);
    check(Number(await screen.at('export-done').getAttribute('data-rows')) > 0, 'no rows');
  }
});

spec('รายงาน: citizen ids leave whole only with a reason', async () => {
  const screen = await practice();
  await screen.show('report');
  await screen.at('export-kind-cases').click();
  await screen.at('export-unmasked').click();
  await screen.at('export-reason').waitFor();
  await screen.at('export-csv').click();
  // Refused beside the box; nothing was written and so nothing is said to be.
  await screen.page.locator('[data-testid="export-reason"][aria-invalid="true"]').waitFor();
  same(await screen.at('export-done').count(), 0, 'files said to be written');
  const coming = screen.page.waitForEvent('download');
  await screen.at('export-reason').fill('ส่งให้ รพ.สต. ติดตามผู้ป่วย');
  await screen.at('export-csv').click();
  check(readFileSync(await (await coming).path(), 'utf8').includes('08'), 'no phones in it');
});

spec('นำเข้า: a good file is read and stored', async () => {
  const screen = await Screen.on('import', '--office', OFFICE);
  await screen.show('import');
  await screen.picture('import-empty');
  await choose(screen, CASES);
  await until(async () => (await screen.number('import-accepted')) === 3, 'three good rows');
  await screen.at('import-accept').click();
  await screen.at('import-done').waitFor();
  await screen.show('cases');
  await until(async () => (await screen.at('case-row').count()) === 3, 'three cases in the register');
  await screen.close();
});

spec('นำเข้า: broken rows are named, and nothing is stored until the good ones are accepted', async () => {
  const screen = await Screen.on('import-broken', '--office', OFFICE);
  const file = path.join(freshFolder('browser-import-file'), 'broken.csv');
  writeFileSync(
    file,
    readFileSync(CASES, 'utf8') + 'ผิด,สมมติสี่,0815550124,4,5,ตำบลที่ไม่มี,อาหาร,ด่วน\n',
  );
  await screen.show('import');
  await choose(screen, file);
  await screen.at('import-problem').first().waitFor();
  same(await screen.at('import-problem').first().getAttribute('data-row'), '5', 'the row');
  same([await screen.number('import-accepted'), await screen.number('import-set-aside')], [3, 1], 'rows');
  same((await screen.call('search.find', { text: 'แก้วตา', limit: 5 })).hits.length, 0, 'stored already');
  await screen.picture('import');
  await screen.at('import-accept').click();
  await screen.at('import-done').waitFor();
  same((await screen.call('search.find', { text: 'แก้วตา', limit: 5 })).hits.length, 1, 'stored');
  await screen.close();
});

spec('ส่งข้อมูล: a wrong code is refused, the right one enrols, and what waits is sent', async () => {
  const province = await Province.begin(freshFolder('browser-province'));
  const screen = await Screen.on('sync', '--office', OFFICE);
  await screen.desk.must('import', 'cases', CASES);
  await screen.show('sync');
  await screen.at('sync-server').fill(province.url);
  await screen.at('sync-code').fill('AAAA-AAAA');
  await screen.at('sync-enrol').click();
  await screen.at('sync-error').waitFor();
  check(/[ก-๙]{4}/.test(await screen.at('sync-error').innerText()), 'no Thai words');
  await screen.picture('sync-refused');
  await screen.at('sync-code').fill(await province.code(OFFICE));
  await screen.at('sync-enrol').click();
  await screen.at('sync-enrolled').waitFor();
  check((await screen.number('sync-pending')) > 0, 'nothing waits');
  await screen.at('sync-now').click();
  await until(async () => (await screen.call('sync.status')).pending === 0, 'the outbox to be empty');
  await screen.at('sync-batch').first().waitFor();
  await screen.picture('sync');
  await province.stop();
  await screen.at('sync-now').click();
  await screen.at('sync-error').waitFor();
  await screen.picture('sync-no-server');
  await screen.close();
});

spec('ส่งข้อมูล: a computer that was shut out connects anew; what waited is sent, and nothing is there twice', async () => {
  const province = await Province.begin(freshFolder('browser-anew-province'));
  const screen = await Screen.on('anew', '--office', OFFICE);
  await screen.desk.must('enrol', '--server', province.url, '--code', await province.code(OFFICE));
  await screen.desk.must('import', 'cases', CASES);
  await screen.desk.sync();
  await province.revoke((await screen.call('sync.status')).device_id);
  await screen.call('village.save', { subdistrict_code: OFFICE, moo: 5, name: 'เหล่าหม้อ' });
  const { pending } = await screen.call('sync.status');
  await screen.show('sync');
  await screen.at('sync-now').click();
  await screen.at('sync-anew').waitFor();
  same(await screen.at('sync-server').inputValue(), province.url, 'the address');
  await screen.picture('sync-anew');
  await screen.at('sync-code').fill(await province.code(OFFICE));
  await screen.page.keyboard.press('Control+Enter');
  await until(async () => (await screen.at('sync-anew').count()) === 0, 'the desk to be let in');
  check((await screen.call('sync.status')).pending > pending, 'what was sent is not offered again');
  await screen.page.keyboard.press('Control+Enter');
  await until(async () => (await screen.call('sync.status')).pending === 0, 'the outbox to be empty');
  await screen.picture('sync-anew-sent');

  const other = new Desk(freshFolder('browser-anew-other'));
  await other.open(OFFICE, province);
  await other.sync();
  const found = async (desk) => (await desk.call('search.find', { text: 'สมมติ', limit: 20 })).hits.length;
  same([await found(other), await found(screen)], [3, 3], 'cases at the other desk, and here');
  await province.stop();
  await screen.close();
});

async function choose(screen, file) {
  await screen.at('import-kind-cases').click();
  const asked = screen.page.waitForEvent('filechooser');
  await screen.at('import-choose').click();
  await (await asked).setFiles(file);
}
