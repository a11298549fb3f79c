//! Lists from files: a reason per row, all or nothing, the same file once.

mod files;
mod rows;

use std::{fs, path::PathBuf};

use jitasa_tests::programs::{Desk, Said};
use tempfile::TempDir;

pub(super) struct Office {
    pub(super) folder: TempDir,
    pub(super) desk: Desk,
}

impl Office {
    pub(super) fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk::init(&folder.path().join("desk"), "450905");
        Self { folder, desk }
    }

    pub(super) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    pub(super) fn import(&self, name: &str, bytes: impl AsRef<[u8]>, more: &[&str]) -> Said {
        let path = self.file(name, bytes);
        let mut arguments = vec!["import", "cases", path.to_str().unwrap(), "--json"];
        arguments.extend(more);
        self.desk.run(&arguments)
    }
}

pub(super) const HEAD: [&str; 12] = [
    "วันที่แจ้ง",
    "ชื่อ",
    "สกุล",
    "เลขประจำตัวประชาชน",
    "โทรศัพท์",
    "หมู่ที่",
    "ตำบล",
    "ความต้องการ",
    "ความเร่งด่วน",
    "จำนวนคน",
    "ละติจูด",
    "ลองจิจูด",
];
pub(super) const GOOD: [&str; 12] = [
    "5/11/2564",
    "สมหมาย",
    "ใจดี",
    "",
    "",
    "5",
    "โคกสว่าง",
    "ยา",
    "ด่วน",
    "4",
    "16.30",
    "104.20",
];

/// A row that is good but for the named cells.
pub(super) fn a_row(cells: &[(&str, &str)]) -> String {
    let mut row = GOOD.map(str::to_string);
    for (heading, value) in cells {
        let at = HEAD.iter().position(|head| head == heading).unwrap();
        row[at] = format!("\"{}\"", value.replace('"', "\"\""));
    }
    row.join(",")
}
