// That nothing goes quiet: who is told, who is rung, what the next shift takes over, and the rules of
// the office by which it is so.

import { check, same, until } from '../lib/spec.mjs';
import { KEY } from '../lib/webdriver.mjs';
import { become, paper, picture, show, step } from './log.mjs';

export async function nothingQuiet(window) {
  await step('หัวหน้าเวรรับทราบเรื่องที่รอนาน', 'the supervisor takes note of what waited too long', async () => {
    await become(window, 'supervisor');
    await show(window, 'today');
    const first = '[data-testid="escalation-row"][data-state="supervisor"][data-seen="false"]';
    await window.find('escalation-row');
    await picture(window, 'today-supervisor');
    // What went on to the district stands above it.
    if ((await window.all('escalations-all')).length > 0) await window.click('escalations-all');
    const id = await window.attribute(first, 'data-id');
    await window.click(`${first} [data-testid="escalation-seen"]`);
    await until(async () => {
      const { rows } = await window.call('escalation.list');
      return rows.find((row) => row.case.id === id)?.seen_at;
    }, 'the note to be kept');
    await become(window, 'clerk');
  });
  await step('โทรติดตาม', 'somebody nobody has heard of is rung', async () => {
    await show(window, 'today');
    await window.click('today-go-recheck');
    await window.find('screen-recheck');
    const before = await window.text('recheck-total');
    await picture(window, 'recheck');
    const id = await window.attribute('recheck-call', 'data-id');
    await window.press('1');
    await until(async () => (await window.attribute('recheck-call', 'data-id')) !== id, 'the next one');
    await window.click('recheck-print');
    const { seen } = await until(() => paper('call-list'), 'the list of calls', 60_000);
    return `${before} · ${seen}`;
  });
  await step('ส่งเวร', 'the page for the next shift is read and printed', async () => {
    await show(window, 'today');
    await window.click('today-go-shift');
    await window.find('screen-shift');
    await window.find('shift-section');
    await picture(window, 'shift');
    await window.click('shift-print');
    const { seen } = await until(() => paper('shift'), 'the page', 60_000);
    await window.press(KEY.control, KEY.enter);
    await window.find('shift-read');
    same(
      (await window.call('today.get')).last_look_at,
      Number(await window.attribute('shift-read', 'data-until')),
      'read up to',
    );
    return seen;
  });
  await step('เกณฑ์ของสำนักงาน', "the office's own rules", async () => {
    for (const group of ['offers', 'matching', 'texts']) {
      await window.run(`location.hash = '#/settings/rules?group=${group}'`);
      await window.find(`[data-testid="rule-group-${group}"]`);
      await window.find('rule');
      await picture(window, `rules-${group}`);
    }
    const { groups } = await window.call('rule.list');
    check(groups.length > 3, 'groups of rules');
    return `${groups.flatMap((one) => one.rules).length} ข้อ`;
  });
}
