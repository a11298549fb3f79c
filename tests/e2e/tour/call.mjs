// The first start, and a call for help: keyed, found again, seen in the register and on the map.

import { check, same, until } from '../lib/spec.mjs';
import { caseOf, picture, show, step } from './log.mjs';

const PERSON = { given: 'ทองใบ', family: 'ใจดีสมมติ', phone: '0815550142', house: '99/9' };
const NOTE = 'น้ำท่วมถึงชั้นล่าง มีผู้สูงอายุติดเตียงหนึ่งคน ขอข้าวกล่องและน้ำดื่ม';

/** Opens the made-up office; answers with the headman's village. */
export async function firstStart(window, province, office) {
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
    same([status.practice, status.office.code], [true, office], 'the office');
    village = status.actors.find((one) => one.role === 'headman').villages[0];
    // The window lets the clock pass by itself: who was told of what waited too long stands there.
    await window.find('escalation-row');
    await picture(window, 'today');
    return status.office.area_name;
  });
  await step('ลงทะเบียนกับเซิร์ฟเวอร์จังหวัด', 'the desk is enrolled with the province', async () => {
    await show(window, 'sync');
    await window.fill('sync-server', province.url);
    await window.fill('sync-code', await province.code(office));
    await window.click('sync-enrol');
    await window.find('sync-enrolled', 30_000);
    same((await window.call('sync.status')).enrolled, true, 'enrolled');
  });
  return village;
}

/** Keys a case in this village; answers with its id and number. */
export async function callForHelp(window, office, village) {
  let id = '';
  let number = '';
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
    check(number.startsWith(`${office}-`), `a case number of our office, not “${number}”`);
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
    await window.click('[data-testid="case-triage"] button');
    await window.find('triage-part');
    await picture(window, 'case');
    return `คะแนน ${found.triage.score}`;
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
  return { id, number, given: PERSON.given };
}
