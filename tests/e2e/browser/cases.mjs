// Keying, finding and reading cases; the map.

import { NO_FILTER, Screen } from '../lib/browser.mjs';
import { CASES } from '../lib/parts.mjs';
import { check, same, spec, until } from '../lib/spec.mjs';
import { practice } from './practice.mjs';

const OFFICE = '450905';
const listed = { filter: NO_FILTER, sort: 'newest', after: null, limit: 100 };

/** An office with two villages and nobody in need yet. */
async function emptyOffice(name) {
  const screen = await Screen.on(name, '--office', OFFICE);
  for (const [moo, village] of [[5, 'เหล่าหม้อ'], [7, 'โคกกลาง']]) {
    const save = { subdistrict_code: OFFICE, moo, name: village, lat: null, lon: null };
    await screen.call('village.save', save);
  }
  return screen;
}

async function fill(screen, fields) {
  for (const [field, value] of Object.entries(fields)) await screen.at(`intake-${field}`).fill(value);
}

spec('รับเรื่อง: a call is keyed, Thai digits and all, and is in the register', async () => {
  const screen = await emptyOffice('intake');
  await screen.show('intake');
  await fill(screen, { phone: '๐๘๑-๕๕๕-๐๑๓๑', given: 'ก้อนแก้ว', family: 'สมมติดี', house: '๑๒/๓' });
  await screen.area('intake-village', `${OFFICE}05`);
  await screen.at('intake-need-medicine').click();
  await screen.at('intake-need-transport').click();
  await screen.at('intake-urgency-urgent').click();
  await fill(screen, { people: '4', note: 'ต้องฟอกไต จันทร์ พุธ ศุกร์' });
  await screen.picture('intake');
  await screen.at('intake-save').click();
  await screen.at('intake-saved').waitFor();

  const { rows } = await screen.call('case.list', listed);
  same(rows.length, 1, 'cases');
  const [row] = rows;
  same([row.name, row.people_count, row.urgency], ['ก้อนแก้ว สมมติดี', 4, 'urgent'], 'the row');
  same(row.needs.map((need) => need.kind).toSorted(), ['medicine', 'transport'], 'needs');
  check((await screen.at('intake-saved').innerText()).includes(row.number), 'the number is shown');
  const kept = await screen.call('case.get', { id: row.id });
  same(kept.person.phone?.replace(/\D/g, ''), '0815550131', 'phone');
  same(kept.area_code, `${OFFICE}05`, 'village');
  await screen.close();
});

spec('รับเรื่อง: the telephone finds the earlier case before the name is typed', async () => {
  const screen = await emptyOffice('like');
  await screen.desk.must('import', 'cases', CASES);
  await screen.show('intake');
  await fill(screen, { phone: '081 555 0122' });
  await screen.at('intake-likely').first().waitFor();
  check((await screen.at('intake-likely').first().innerText()).includes('คำหล้า'), 'another case');
  await screen.picture('intake-likely');
  await screen.close();
});

spec('รับเรื่อง: an empty form is refused beside the field, in Thai, and stores nothing', async () => {
  const screen = await emptyOffice('refused');
  await screen.show('intake');
  await screen.at('intake-save').click();
  await screen.at('intake-error').first().waitFor();
  check(/[ก-๙]{4}/.test(await screen.at('intake-error').first().innerText()), 'no Thai words');
  same((await screen.call('case.list', listed)).total, 0, 'cases');
  await screen.picture('intake-refused');
  await screen.close();
});

spec('รับเรื่อง: coordinates that are the wrong way round are put right', async () => {
  const screen = await emptyOffice('place');
  await screen.show('intake');
  await fill(screen, { phone: '0815550132', given: 'หล้า', family: 'สมมติดี', place: '103.75, 16.31' });
  await screen.at('intake-place').press('Enter');
  await screen.area('intake-village', `${OFFICE}07`);
  await screen.at('intake-need-food_water').click();
  await screen.at('intake-save').click();
  await screen.at('intake-saved').waitFor();
  const { rows } = await screen.call('case.list', listed);
  const kept = await screen.call('case.get', { id: rows[0].id });
  same([kept.lat, kept.lon], [16.31, 103.75], 'the place');
  await screen.close();
});

spec('เคส: the list counts, filters and opens', async () => {
  const screen = await practice();
  await screen.show('cases');
  const all = await screen.call('case.list', listed);
  same(await screen.number('cases-count'), all.total, 'cases');
  await screen.picture('cases');
  await screen.page.keyboard.press('f');
  await screen.at('cases-filter-urgency-critical').click();
  const critical = { ...listed, filter: { ...NO_FILTER, urgencies: ['critical'] } };
  const { total } = await screen.call('case.list', critical);
  await until(async () => (await screen.number('cases-count')) === total, `${total} critical cases`);
  check(total > 0 && total < all.total, 'the filter leaves some out');
  await screen.picture('cases-filtered');

  const row = screen.at('case-row').first();
  const id = await row.getAttribute('data-id');
  await row.click();
  await screen.at('case-panel', { id }).waitFor();
  const kept = await screen.call('case.get', { id });
  same((await screen.at('case-number').innerText()).trim(), kept.number, 'number');
  same(await screen.at('need-row').count(), kept.needs.length, 'needs');
  check((await screen.at('case-name').innerText()).includes(kept.person.given_name), 'name');
  await screen.picture('case');
});

spec('เคส: a person chooses his columns by keys, and they stay his', async () => {
  const screen = await Screen.on('columns', '--practice', '--seed', '7');
  await screen.show('cases');
  const grid = screen.page.locator('[role="grid"]');
  await screen.at('case-row').first().waitFor();
  check(await grid.evaluate((box) => box.scrollWidth <= box.clientWidth), 'the usual columns do not fit');
  same(await screen.at('case-score').count(), 0, 'scores nobody asked for');
  await screen.page.keyboard.press('c');
  await screen.at('cases-columns-menu').waitFor();
  // The first is the urgency, the one under it the score.
  await screen.page.keyboard.press('ArrowDown');
  await screen.page.keyboard.press(' ');
  await screen.at('case-score').first().waitFor();
  await screen.picture('cases-columns');
  await screen.at('cases-columns-freshness').click();
  await until(async () => (await screen.call('settings.get')).case_columns.length === 10, 'the choice to be kept');
  await screen.page.keyboard.press('Escape');
  await screen.at('cases-columns-menu').waitFor({ state: 'detached' });
  const { rows } = await screen.call('case.list', listed);
  const id = await screen.at('case-row').first().getAttribute('data-id');
  const shown = await screen.at('case-score').first().getAttribute('data-score');
  same(Number(shown), rows.find((row) => row.id === id).score, 'the score of the first row');
  await screen.picture('cases-score');
  await screen.page.reload();
  await screen.at('case-score').first().waitFor();

  await screen.at('person-switch').click();
  await screen.at('person-supervisor').click();
  await screen.at('case-score').first().waitFor({ state: 'detached' });
  await screen.at('person-switch').click();
  await screen.at('person-clerk').click();
  await screen.at('case-score').first().waitFor();
  await screen.page.keyboard.press('c');
  await screen.at('cases-columns-reset').click();
  await screen.at('case-score').first().waitFor({ state: 'detached' });
  await screen.close();
});

spec('เคส: a correction goes on over what the form does not show, and asks about what it does', async () => {
  const screen = await emptyOffice('clash');
  await screen.desk.must('import', 'cases', CASES);
  const { id } = (await screen.call('case.list', listed)).rows[0];
  const now = () => screen.call('case.get', { id });
  await screen.show('cases');
  await screen.at('case-row', { id }).click();
  await screen.at('case-edit').click();
  await screen.at('intake-note').fill('ลูกสาวกลับจากกรุงเทพฯ แล้ว');
  // Meanwhile a neighbouring office is asked to help: none of it stands in the form.
  const opened = (await now()).version;
  await screen.call('case.refer', { id, office_code: '450904', note: 'ขอเรือท้องแบน' });
  check((await now()).version > opened, 'the case has moved');
  await screen.page.keyboard.press('Control+Enter');
  await screen.at('case-panel', { id }).waitFor();
  const saved = await now();
  same([saved.note, saved.referred_to], ['ลูกสาวกลับจากกรุงเทพฯ แล้ว', '450904'], 'both changes');
  await screen.at('case-referred').waitFor();
  await screen.picture('case-no-clash');

  await screen.at('case-edit').click();
  await screen.at('intake-note').fill('ย้ายไปพักที่ศาลาวัด');
  await screen.call('case.place', { id, lat: 16.31, lon: 103.75, accuracy_m: 30, reason: 'ไปดูที่บ้านแล้ว' });
  await screen.at('intake-save').click();
  await screen.at('case-clash').waitFor();
  check((await screen.at('case-clash').innerText()).includes('พิกัด'), 'it does not say what was changed');
  same((await now()).note.includes('ศาลาวัด'), false, 'saved over another without asking');
  check(
    await screen.at('case-clash-keep').evaluate((button) => button === document.activeElement),
    'whoever saves at the foot of the form does not see it',
  );
  await screen.picture('case-clash');
  await screen.page.keyboard.press('Enter');
  await screen.at('intake-save').click();
  await screen.at('case-panel', { id }).waitFor();
  const both = await now();
  same([both.note.includes('ศาลาวัด'), both.lat], [true, 16.31], 'both changes');
  await screen.close();
});

spec('เคส: how many hands a need takes is keyed beside the case, and taken back', async () => {
  const screen = await emptyOffice('need-hands');
  await screen.desk.must('import', 'cases', CASES);
  const { id } = (await screen.call('case.list', listed)).rows[0];
  const now = async () => (await screen.call('case.get', { id })).needs[0];
  const before = await now();
  await screen.show('cases');
  await screen.at('case-row', { id }).click();
  const row = screen.at('need-row', { id: before.id });
  await row.locator('[data-testid="need-hands-change"]').click();
  await screen.at('need-hands-box').fill('๐');
  await screen.at('need-hands-save').click();
  await screen.page.locator('dialog[open] [role="alert"]').waitFor();
  same((await now()).hands, before.hands, 'hands after a number that cannot be');
  await screen.at('need-hands-box').fill('๔');
  same(await screen.page.locator('dialog[open] [role="alert"]').count(), 0, 'complaints about what was put right');
  await screen.picture('case-hands');
  await screen.page.keyboard.press('Control+Enter');
  await until(async () => (await now()).hands === 4, 'four hands');
  await row.locator('[data-testid="need-hands"][data-hands="4"]').waitFor();
  check((await screen.at('undo').getAttribute('title')).includes('เปลี่ยนจำนวนคน'), 'undo does not say what it takes back');
  await screen.page.keyboard.press('Control+z');
  await until(async () => (await now()).hands === before.hands, 'the hands it took before');
  await row.locator('[data-testid="need-hands"][data-hands="4"]').waitFor({ state: 'detached' });
  await screen.close();
});

spec('เคส: a need goes its way and the history says who moved it', async () => {
  const screen = await emptyOffice('need');
  await screen.desk.must('import', 'cases', CASES);
  const { rows } = await screen.call('case.list', listed);
  const { id } = rows.find((row) => row.needs.length === 1);
  const [before] = (await screen.call('case.get', { id })).needs;
  await screen.show('cases');
  await screen.at('case-row', { id }).click();
  const [move] = before.moves;
  await screen.at('need-row', { id: before.id }).locator(`[data-testid="need-move-${move}"]`).click();
  await until(async () => {
    const [need] = (await screen.call('case.get', { id })).needs;
    return need.state !== before.state;
  }, `the need to leave ${before.state}`);
  await screen.close();
});

spec('แผนที่: what is on the map is what is in the register', async () => {
  const screen = await practice();
  await screen.show('map');
  await until(async () => (await screen.number('map-total')) > 0, 'cases in view');
  // Something is painted: an empty canvas is one colour.
  const canvas = await screen.at('map-canvas').screenshot();
  check(canvas.length > 15_000, 'the map is empty');
  await screen.picture('map');
  const world = {
    ...{ west: 97, south: 5, east: 106, north: 21, zoom: 9, filter: NO_FILTER },
    ...{ points: false, volunteers: false },
  };
  const view = await screen.call('map.view', world);
  const { total } = await screen.call('case.list', listed);
  same(view.total + view.without_place, total, 'cases on and off the map');
});
