// Reads what can be read out of a pasted message ("ยายบุญมี ม.5 บ้านเลขที่ 12 โทร 08x... ขอข้าวสาร"):
// phone, house, village number, people, name after a title, kinds by their names. It only proposes;
// the person sees every box before it is saved. Places are read by the program.

import { arabicDigits } from '../../lib/dates';

export interface MessageReading {
  phone: string | null;
  house_no: string | null;
  moo: number | null;
  people: number | null;
  title: string | null;
  given_name: string | null;
  family_name: string | null;
  kinds: string[];
}

/** Words that speak of a kind, beside its own name in the list. */
const HINTS: Readonly<Record<string, readonly string[]>> = {
  food_water: ['ข้าว', 'อาหาร', 'น้ำดื่ม', 'น้ำเปล่า', 'นมผง'],
  medicine: ['ขอยา', 'ยาหมด', 'ยาประจำ', 'ยาความดัน', 'ยาเบาหวาน', 'ขาดยา'],
  medical: ['ทำแผล', 'ไม่สบาย', 'เจ็บป่วย', 'มีไข้', 'ปฐมพยาบาล'],
  transport: ['รถรับ', 'รถพยาบาล', 'ส่งโรงพยาบาล', 'ไปโรงพยาบาล', 'ไปหาหมอ', 'รับส่ง', 'อพยพ'],
  oxygen: ['ออกซิเจน', 'อ็อกซิเจน'],
  supplies: ['ถุงยังชีพ', 'ผ้าห่ม', 'ผ้าอ้อม', 'ของใช้'],
  shelter: ['ที่พัก', 'ศูนย์พักพิง', 'เต็นท์'],
  repair: ['หลังคา', 'ซ่อม', 'สังกะสี', 'กระเบื้อง'],
  funeral: ['จัดการศพ', 'งานศพ', 'โลงศพ'],
  vaccine: ['วัคซีน'],
  test: ['ชุดตรวจ', 'ATK', 'ตรวจหาเชื้อ'],
  bed: ['หาเตียง', 'รพ.สนาม', 'โรงพยาบาลสนาม'],
};

const NAME =
  /(นางสาว|นาย|นาง|น\.ส\.|ด\.ช\.|ด\.ญ\.|เด็กชาย|เด็กหญิง|พระ)\s*([ก-๏]{2,})(?:[ \t]+([ก-๏]{2,}))?/;

const NOT_A_FAMILY = /^(โทร|บ้าน|หมู่|อายุ|ต้องการ|ขอ|อยู่|เบอร์)/;

const TITLES: Readonly<Record<string, string>> = {
  'น.ส.': 'นางสาว',
  'ด.ช.': 'เด็กชาย',
  'ด.ญ.': 'เด็กหญิง',
};

/** `kinds` are the codes the office has; only those are proposed. */
export function readMessage(message: string, kinds: readonly string[]): MessageReading {
  const text = arabicDigits(message);
  const phone = /(?<!\d)0\d(?:[ -]?\d){7,8}(?!\d)/.exec(text)?.[0] ?? null;
  const house = /(?:บ้านเลขที่|เลขที่|บ้านเลข)\s*(\d+(?:\/\d+)?)/.exec(text)?.[1] ?? null;
  const moo = /(?:หมู่ที่|หมู่|ม\.)\s*(\d{1,2})(?!\d)/.exec(text)?.[1] ?? null;
  const people = /(\d{1,3})\s*(?:คน|ชีวิต|ราย)(?![ก-๏])/.exec(text)?.[1] ?? null;
  const name = NAME.exec(text);
  const family = name?.[3] && !NOT_A_FAMILY.test(name[3]) ? name[3] : null;
  return {
    phone: phone?.replace(/\D/g, '') ?? null,
    house_no: house,
    moo: moo === null ? null : Number(moo),
    people: people === null ? null : Number(people),
    title: name?.[1] ? (TITLES[name[1]] ?? name[1]) : null,
    given_name: name?.[2] ?? null,
    family_name: family,
    kinds: kinds.filter((kind) => HINTS[kind]?.some((hint) => text.includes(hint))),
  };
}
