//! Needs without hands, the most pressing first.

use jitasa_domain::ActionKind;
use jitasa_store::query::{assignments, cases};

use crate::{
    ApiError, App,
    case_views::Rows,
    forms,
    picture::{Open, Picture},
    suggest, triage,
    views::assignment::*,
};

/// Whether a code lies in one of these areas; no areas are everywhere.
pub(crate) fn lies_in(area_code: &str, areas: &[String]) -> bool {
    areas.is_empty()
        || areas
            .iter()
            .any(|area| area_code.starts_with(area.as_str()))
}

fn is_asked_for(open: &Open, request: &BoardRequest) -> bool {
    lies_in(&open.line.area_code, &request.areas)
        && (request.need_kinds.is_empty() || request.need_kinds.contains(&open.line.kind))
}

pub(crate) fn board(app: &App, request: BoardRequest) -> Result<Board, ApiError> {
    app.reader(ActionKind::AssignmentPropose)?;
    let shown = Rows::of(app)?;
    let limit = forms::page_size(request.limit) as usize;
    let now = app.env().now();
    app.look(|picture, conn| {
        if picture.left_out > 0 {
            // Too many to put in order by score all at once: by urgency and waiting, a page at a time.
            return by_urgency(picture, conn, &request, &shown, limit, now);
        }
        let lacking: Vec<&Open> = picture
            .by_score()
            .into_iter()
            .filter(|open| is_asked_for(open, &request))
            .filter(|open| picture.hands_held(&open.line) < open.line.hands)
            .collect();
        let begin = request
            .after
            .as_deref()
            .map_or(0, |after| begin(&lacking, after));
        let page = lacking.get(begin..).unwrap_or_default();
        let page = &page[..limit.min(page.len())];
        let mut rows = Vec::new();
        for open in page {
            let Some(line) = cases::line(conn, open.line.case_id)? else {
                continue;
            };
            rows.push(BoardRow {
                need_id: open.line.need_id.to_string(),
                need_kind: open.line.kind.clone(),
                need_detail: open.line.detail.clone(),
                need_state: open.line.state.code().into(),
                hands: open.line.hands,
                hands_held: picture.hands_held(&open.line),
                waiting_min: triage::minutes(open.line.waiting_since, now),
                triage: triage::view(&open.triage),
                case: shown.row(&line),
            });
        }
        let more = lacking.len() > begin + limit;
        let last = page.last().filter(|_| more);
        Ok(Board {
            rows,
            next: last.map(|open| format!("{}.{}", open.triage.score, open.line.pk)),
            total: i64::try_from(lacking.len()).unwrap_or(i64::MAX),
        })
    })
}

/// Where the page after this key begins. Scores move with time, so a need may be shown twice or on the next look;
/// none is lost to whoever looks again.
fn begin(lacking: &[&Open], after: &str) -> usize {
    let key = after.split_once('.');
    let key =
        key.and_then(|(score, pk)| Some((score.parse::<u32>().ok()?, pk.parse::<i64>().ok()?)));
    let Some((score, pk)) = key else {
        return 0;
    };
    lacking.partition_point(|open| {
        (std::cmp::Reverse(open.triage.score), open.line.pk) <= (std::cmp::Reverse(score), pk)
    })
}

fn by_urgency(
    picture: &mut Picture,
    conn: &jitasa_store::Connection,
    request: &BoardRequest,
    shown: &Rows,
    limit: usize,
    now: jitasa_domain::Timestamp,
) -> Result<Board, jitasa_store::StoreError> {
    let limit = u32::try_from(limit).unwrap_or(u32::MAX);
    let after = request.after.as_deref();
    let page = assignments::board(conn, &request.areas, &request.need_kinds, after, limit)?;
    let mut rows = Vec::with_capacity(page.rows.len());
    for row in page.rows {
        let want = suggest::row_of(picture, conn, &row.need, &row.line)?;
        rows.push(BoardRow {
            need_id: row.need.id.to_string(),
            hands: want.hands,
            hands_held: picture.hands_held(&want),
            waiting_min: triage::minutes(want.waiting_since, now),
            triage: triage::view(&picture.triage_of(&want)),
            need_state: row.need.state.code().into(),
            need_kind: row.need.kind,
            need_detail: row.need.detail,
            case: shown.row(&row.line),
        });
    }
    Ok(Board {
        rows,
        next: page.next,
        total: page.total,
    })
}
