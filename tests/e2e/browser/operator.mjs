// The operator's page of the provincial server: in by a link, a code for an office, a desk let in
// with it, confirmed, and shut out again; and what the desk is told then.

import { Operator } from '../lib/operator.mjs';
import { CASES, Desk, freshFolder, Province } from '../lib/parts.mjs';
import { check, same, spec } from '../lib/spec.mjs';

const OFFICE = '450905';

spec('ผู้ดูแลเซิร์ฟเวอร์: code, desk, six words, shut out', async () => {
  const province = await Province.begin(freshFolder('operator-province'));
  const operator = await Operator.on(province);

  await operator.page.goto(`${province.url}/operator`);
  check((await operator.text('main')).includes('operator'), 'it does not say how to come in');
  await operator.picture('operator-not-signed-in');

  await operator.page.goto(await province.link());
  await operator.picture('operator-sign-in');
  await operator.at('sign-in').click();
  await operator.page.waitForURL(`${province.url}/operator`);
  await operator.picture('operator-empty');

  await operator.page.goto(`${province.url}/operator/enrol`);
  await operator.at('office-text').fill(OFFICE);
  await operator.at('office-search').click();
  await operator.at(`office-${OFFICE}`).check();
  await operator.at('devices').fill('2');
  await operator.picture('operator-enrol');
  await operator.at('make-code').click();
  const code = await operator.at('code').getAttribute('data-code');
  same(code.length, 10, 'letters of the code');
  check((await operator.text('main')).includes(province.url), 'no address on the slip');
  await operator.picture('operator-slip');
  await operator.print('operator-slip');
  await operator.page.reload();
  same(await operator.at('code').count(), 0, 'the code is shown a second time');

  const desk = new Desk(freshFolder('operator-desk'));
  await desk.must('init', '--office', OFFICE);
  await desk.must('enrol', '--server', province.url, '--code', code);
  await desk.must('import', 'cases', CASES);
  const waits = await desk.run('sync');
  check(waits.code !== 0, 'a desk that nobody confirmed may send');

  await operator.page.goto(`${province.url}/operator`);
  same(await operator.at('device').getAttribute('data-status'), 'pending', 'the status');
  await operator.picture('operator-pending');
  await operator.at('device').getByRole('link').click();
  await operator.picture('operator-device');
  await operator.at('heard').check();
  await operator.at('confirm').click();
  same(await operator.at('device-facts').getAttribute('data-status'), 'confirmed', 'the status');
  check((await desk.sync()).sent > 0, 'nothing was sent');

  await operator.page.goto(`${province.url}/operator`);
  await operator.picture('operator');
  await operator.larger('operator-150');
  await operator.at('device').getByRole('link').click();
  await operator.at('how-lost').check();
  await operator.at('reason').fill('หายระหว่างขนย้าย');
  await operator.picture('operator-revoke');
  await operator.at('revoke').click();
  same(await operator.at('device-facts').getAttribute('data-status'), 'revoked', 'the status');
  const told = await desk.run('sync');
  check(told.code !== 0, 'a desk that was shut out may sync');
  check(/[ก-๙]{4}|revoked|shut out/.test(told.out + told.err), 'the desk is not told why');

  await operator.page.goto(`${province.url}/operator/log`);
  const deeds = await operator.page.locator('[data-testid="acts"] tbody tr').evaluateAll((rows) =>
    rows.map((row) => row.dataset.deed),
  );
  same(deeds, ['revoked', 'confirmed', 'code_made'], 'the list of acts');
  await operator.picture('operator-log');

  await operator.at('sign-out').click();
  const answer = await operator.page.goto(`${province.url}/operator`);
  same(answer.status(), 401, 'the answer after signing out');
  same(operator.complaints, [], 'complaints of the page');
  await operator.close();
  await province.stop();
});
