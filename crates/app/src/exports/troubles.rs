//! The register of what the province did not apply: both values of each field, and what a person decided. Also of
//! records that are not on this desk any more.

use jitasa_domain::Timestamp;
use jitasa_exchange::{Cell, Column, ColumnKind as K};
use jitasa_store::sync::trouble::{self, Trouble};
use jitasa_thai::citizen_id;
use serde_json::Value;

use super::{Context, ExportError, ExportRow, Rows, ordinal};
use crate::{
    troubles::{Label, Names, office_name},
    words::{thai, word},
};

pub(super) struct TroubleRegister {
    pub(super) names: Names,
}

/// One field of a change that was not applied.
struct Line<'a> {
    label: &'a Label,
    trouble: &'a Trouble,
    field: &'a str,
    ours: Option<String>,
    theirs: Option<String>,
}

impl Rows for TroubleRegister {
    const TITLE: &'static str = "บัญชีข้อมูลที่ขัดกันและข้อมูลที่จังหวัดพักไว้";
    const SHEET: &'static str = "แบบพิมพ์";

    fn form_columns() -> Vec<Column> {
        vec![
            Column::new("ลำดับที่", K::Whole, 7.0),
            Column::new("เลขที่เรื่อง", K::Code, 17.0),
            Column::new("ชื่อ", K::Text, 26.0).wrap(),
            Column::new("เรื่อง", K::Text, 20.0).wrap(),
            Column::new("ช่อง", K::Text, 16.0).wrap(),
            Column::new("ที่เครื่องนี้บันทึก", K::Text, 30.0).wrap(),
            Column::new("ที่จังหวัดใช้อยู่", K::Text, 30.0).wrap(),
            Column::new("ผลตัดสิน", K::Text, 20.0).wrap(),
        ]
    }

    fn data_columns() -> Vec<Column> {
        vec![
            Column::new("ลำดับ", K::Whole, 7.0),
            Column::new("ชนิด", K::Text, 16.0),
            Column::new("เหตุผล", K::Text, 40.0),
            Column::new("เลขที่เรื่อง", K::Code, 17.0),
            Column::new("ชื่อ", K::Text, 26.0),
            Column::new("หมู่บ้าน", K::Text, 20.0),
            Column::new("รายการ", K::Text, 18.0),
            Column::new("สิ่งที่ทำ", K::Text, 20.0),
            Column::new("ช่อง", K::Text, 18.0),
            Column::new("ที่เครื่องนี้บันทึก", K::Text, 30.0),
            Column::new("บันทึกโดย", K::Text, 22.0),
            Column::new("บันทึกเมื่อ", K::DateTime, 20.0),
            Column::new("ที่จังหวัดใช้อยู่", K::Text, 30.0),
            Column::new("แก้ไขโดย", K::Text, 22.0),
            Column::new("สำนักงาน", K::Text, 22.0),
            Column::new("แก้ไขเมื่อ", K::DateTime, 20.0),
            Column::new("จังหวัดตอบเมื่อ", K::DateTime, 20.0),
            Column::new("ผลตัดสิน", K::Text, 24.0),
            Column::new("ตัดสินโดย", K::Text, 22.0),
            Column::new("ตัดสินเมื่อ", K::DateTime, 20.0),
            Column::new("รหัสระบบ", K::Text, 38.0).hidden(),
        ]
    }

    fn each(
        &self,
        context: &Context,
        visit: &mut dyn FnMut(ExportRow) -> Result<(), ExportError>,
    ) -> Result<(), ExportError> {
        let all = context.store.read(trouble::all)?;
        let mut count = 0;
        for trouble in &all {
            let lines = context.store.read(|conn| {
                let label = self.names.label(conn, &trouble.change)?;
                let shown = trouble
                    .fields()
                    .map(|field| {
                        let value = |of: &serde_json::Map<String, Value>| {
                            let value = masked(context, field, of.get(field));
                            self.names.shown(conn, field, value.as_ref())
                        };
                        let ours = value(&trouble.change.fields)?;
                        Ok((field, ours, value(&trouble.theirs)?))
                    })
                    .collect::<Result<Vec<_>, jitasa_store::StoreError>>()?;
                Ok((label, shown))
            })?;
            for (field, ours, theirs) in lines.1 {
                count += 1;
                let line = Line {
                    label: &lines.0,
                    trouble,
                    field,
                    ours,
                    theirs,
                };
                visit(row_of(&line, count))?;
            }
        }
        Ok(())
    }
}

fn masked(context: &Context, field: &str, value: Option<&Value>) -> Option<Value> {
    match value?.as_str() {
        Some(id) if field == "citizen_id" && !context.unmasked => {
            Some(Value::from(citizen_id::mask(id)))
        }
        _ => value.cloned(),
    }
}

/// A code as its word; moments as the day and hour they are; anything else as it is.
fn told(line: &Line, value: Option<&String>) -> Cell {
    let Some(value) = value else {
        return Cell::Empty;
    };
    let is_moment = line.field.ends_with("_at") || line.field.ends_with("_since");
    if let (true, Ok(at)) = (is_moment, value.parse()) {
        return Cell::DateTime(Timestamp(at).in_bangkok());
    }
    let entity = line.trouble.change.entity.code();
    let list = match line.field {
        "state" => format!("{entity}.state"),
        "review_state" | "verdict" => "review.state".into(),
        "closing_reason" => "closing".into(),
        other => other.to_string(),
    };
    Cell::text(word(&list, value).unwrap_or_else(|| value.clone()))
}

fn row_of(line: &Line, count: usize) -> ExportRow {
    let (trouble, label) = (line.trouble, line.label);
    let change = &trouble.change;
    let entity = thai(&format!("entity.{}", change.entity.code()));
    let action = thai(&format!("action.{}", change.action.code()));
    let field = word("sync.field", line.field).unwrap_or_else(|| line.field.to_string());
    let decision = trouble.decision_on(line.field);
    let side = decision.map(|each| {
        thai(&format!(
            "sync.side.short.{}.{}",
            trouble.kind,
            each.side.code()
        ))
    });
    let reason = match trouble.is_conflict() {
        true => None,
        false => {
            Some(word("sync.reason", &trouble.reason).unwrap_or_else(|| trouble.reason.clone()))
        }
    };
    let author = trouble.theirs_by.get(line.field);
    let at = |at: Timestamp| Cell::DateTime(at.in_bangkok());
    ExportRow {
        form: vec![
            ordinal(count),
            Cell::text(&label.number),
            Cell::text(&label.name),
            Cell::text(&action),
            Cell::text(&field),
            told(line, line.ours.as_ref()),
            told(line, line.theirs.as_ref()),
            Cell::from(side.clone()),
        ],
        data: vec![
            ordinal(count),
            Cell::text(thai(&format!("sync.kind.{}", trouble.kind))),
            Cell::from(reason),
            Cell::text(&label.number),
            Cell::text(&label.name),
            Cell::text(&label.village),
            Cell::text(entity),
            Cell::text(action),
            Cell::text(field),
            told(line, line.ours.as_ref()),
            Cell::text(&change.actor_name),
            at(change.claimed_at),
            told(line, line.theirs.as_ref()),
            Cell::from(author.map(|by| by.actor_name.clone())),
            Cell::from(author.map(|by| office_name(&by.office_code))),
            author.map_or(Cell::Empty, |by| at(by.claimed_at)),
            at(trouble.at),
            Cell::from(side),
            Cell::from(decision.map(|each| each.by.clone())),
            decision.map_or(Cell::Empty, |each| at(each.at)),
            Cell::text(change.change_id.to_string()),
        ],
        point: None,
        properties: Vec::new(),
    }
}
