// The columns of a good file, and an empty file of them to fill in. The headings are the official
// ones of the import (crates/exchange, headings); they are Thai in every language because the file is.

export type ImportKind = 'cases' | 'villages';

export interface GoodColumn {
  /** Code of the field, as an import reports it. */
  field: string;
  heading: string;
  required: boolean;
}

function column(field: string, heading: string, required = false): GoodColumn {
  return { field, heading, required };
}

export const GOOD_COLUMNS: Readonly<Record<ImportKind, readonly GoodColumn[]>> = {
  cases: [
    column('reported_on', 'วันที่แจ้ง'),
    column('title', 'คำนำหน้า'),
    column('given', 'ชื่อ', true),
    column('family', 'สกุล'),
    column('citizen_id', 'เลขประจำตัวประชาชน'),
    column('phone', 'โทรศัพท์'),
    column('house_no', 'บ้านเลขที่'),
    column('moo', 'หมู่ที่', true),
    column('subdistrict', 'ตำบล', true),
    column('needs', 'ความต้องการ', true),
    column('urgency', 'ความเร่งด่วน'),
    column('people_count', 'จำนวนคน'),
    column('lat', 'ละติจูด'),
    column('lon', 'ลองจิจูด'),
    column('note', 'หมายเหตุ'),
  ],
  villages: [
    column('village_code', 'รหัสหมู่บ้าน'),
    column('subdistrict', 'ตำบล'),
    column('moo', 'หมู่ที่', true),
    column('village_name', 'ชื่อหมู่บ้าน', true),
    column('lat', 'ละติจูด'),
    column('lon', 'ลองจิจูด'),
  ],
};

function headings(kind: ImportKind): string[] {
  return GOOD_COLUMNS[kind].map((one) => one.heading);
}

/** A CSV of headings alone, as base64. Without the mark before it Excel reads Thai as rubbish. */
export function templateBase64(kind: ImportKind): string {
  const bytes = new TextEncoder().encode(`\uFEFF${headings(kind).join(',')}\r\n`);
  return btoa(String.fromCharCode(...bytes));
}

/** The headings as Excel takes them from the clipboard: one cell each. */
export function headingsForPasting(kind: ImportKind): string {
  return headings(kind).join('\t');
}
