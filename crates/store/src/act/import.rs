//! Lists from files: one transaction a file, one undo.

use uuid::Uuid;

use super::{Act, NewCase, NewVillage, case, office};
use crate::{StoreError, desk};

/// The file a list came from.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Lower-case hex of its bytes, so that the same file is known when it comes again.
    pub sha256: String,
    /// As the person named it.
    pub name: String,
}

/// A case that passed every check.
pub type ImportedCase = NewCase;
/// A village that passed every check.
pub type ImportedVillage = NewVillage;

pub(super) fn cases(
    act: &mut Act,
    file: &SourceFile,
    cases: Vec<ImportedCase>,
) -> Result<(), StoreError> {
    let count = cases.len();
    let import_id: Uuid = act.act_id;
    for new in cases {
        case::create(
            act,
            NewCase {
                import_id: Some(import_id),
                ..new
            },
        )?;
    }
    desk::record_import(act.conn(), file, "cases", act.now, count, act.act_id)
}

pub(super) fn villages(
    act: &mut Act,
    file: &SourceFile,
    villages: Vec<ImportedVillage>,
) -> Result<(), StoreError> {
    let count = villages.len();
    for village in villages {
        office::save_village(act, village)?;
    }
    desk::record_import(act.conn(), file, "villages", act.now, count, act.act_id)
}
