//! Who takes over from somebody who leaves. Each of his assignments is answered with those who could take it, best
//! first, and with the one to whom it goes when all of them go at once: one small plan, in which a visit stays one
//! person's and nobody is given more than he takes. A person decides.

use std::collections::HashMap;

use jitasa_domain::{ActionKind, Assignment};
use jitasa_matching::{Hand, Planner, Want, Weights, weigh};
use jitasa_store::query::{
    assignments::{self as rows, AssignmentLine},
    cases, volunteers,
};
use uuid::Uuid;

use crate::{
    ApiError, App, assignments, forms,
    places::Villages,
    suggest::{self, About},
    views::assignment::*,
};

/// For each assignment that is to be handed over.
const SHOWN: usize = 5;

/// One of his assignments, as if he had let go of it.
struct LetGo<'a> {
    held: AssignmentLine,
    about: About<'a>,
}

pub(crate) fn replacements(
    app: &App,
    request: ReplacementsRequest,
) -> Result<Replacements, ApiError> {
    app.reader(ActionKind::AssignmentHandOver)?;
    let volunteer_id = forms::id(&request.volunteer_id)?;
    let only = request.assignment_id.as_deref().filter(|id| !id.is_empty());
    let only = only.map(forms::id).transpose()?;
    let store = app.store()?;
    let villages = Villages::of(&store)?;
    let now = app.env().now();
    let (volunteer, mut held) = store.read(|conn| {
        let volunteer = volunteers::line(conn, volunteer_id)?;
        Ok((volunteer, rows::held_by(conn, volunteer_id)?))
    })?;
    let volunteer = volunteer.ok_or_else(ApiError::not_found)?.volunteer;
    held.retain(|each| only.is_none_or(|id| each.assignment.id == id));
    app.look(|picture, conn| {
        let mut found = Vec::with_capacity(held.len());
        for each in held {
            if let Some(need) = cases::need(conn, each.assignment.need_id)? {
                let row = suggest::row_of(picture, conn, &need, &each.line)?;
                found.push((each, row));
            }
        }
        let (hands, loads) = (picture.hands(now), picture.loads());
        let all: Vec<LetGo> = found
            .into_iter()
            .map(|(held, row)| {
                let mut about = About::of(picture, row, now, &loads, &villages);
                about.want = let_go(about.want, &held.assignment);
                LetGo { held, about }
            })
            .collect();
        let chosen = plan(&all, &hands, &picture.weights);
        let rows = all.iter().map(|each| {
            let chosen = chosen.get(&each.held.assignment.id);
            let mut suggestions = each.about.best(&hands, SHOWN);
            let id = chosen.map(|hand| Uuid::from_u128(hand.id).to_string());
            if let (Some(id), Some(hand)) = (&id, chosen)
                && suggestions.iter().all(|one| one.volunteer_id != *id)
            {
                suggestions.extend(each.about.best(std::slice::from_ref(*hand), 1));
            }
            Replacement {
                assignment: assignments::view(&each.held, &villages),
                chosen: id,
                suggestions,
            }
        });
        Ok(Replacements {
            volunteer: volunteer.full_name(),
            rows: rows.collect(),
        })
    })
}

/// Whoever else has the need keeps it; those of his team who were to go along are as good as on the way.
fn let_go(mut want: Want, his: &Assignment) -> Want {
    let team: Vec<u128> = his.who_go().skip(1).map(|id| id.as_u128()).collect();
    let told = std::mem::take(&mut want.told).into_iter();
    let others = told.map(|(id, _)| id).filter(|id| !team.contains(id));
    want.barred.extend(others);
    want.barred.push(his.volunteer_id.as_u128());
    want.going.extend(team);
    want.hands = 1;
    want
}

/// Who takes each of them, when all go at once. A visit that nobody can take whole is taken apart.
fn plan<'h>(all: &[LetGo], hands: &'h [Hand], weights: &Weights) -> HashMap<Uuid, &'h Hand> {
    let mut visits: Vec<Vec<&LetGo>> = Vec::new();
    for each in all {
        let visit = each.held.assignment.visit_id;
        let same =
            |of: &&mut Vec<&LetGo>| visit.is_some() && of[0].held.assignment.visit_id == visit;
        match visits.iter_mut().find(same) {
            Some(of) => of.push(each),
            None => visits.push(vec![each]),
        }
    }
    let mut busy = hands.to_vec();
    let mut taken = give(&visits, &mut busy, weights);
    let apart: Vec<Vec<&LetGo>> = visits
        .iter()
        .filter(|of| of.len() > 1 && !taken.contains_key(&of[0].held.assignment.id))
        .flat_map(|of| of.iter().map(|each| vec![*each]))
        .collect();
    taken.extend(give(&apart, &mut busy, weights));
    let of_id: HashMap<u128, &Hand> = hands.iter().map(|hand| (hand.id, hand)).collect();
    taken
        .into_iter()
        .filter_map(|(id, hand)| Some((id, *of_id.get(&hand)?)))
        .collect()
}

/// One plan over these visits; whoever is given one has so much more to do.
fn give(visits: &[Vec<&LetGo>], hands: &mut [Hand], weights: &Weights) -> HashMap<Uuid, u128> {
    let wants: Vec<Want> = (0..)
        .zip(visits)
        .map(|(index, visit)| whole_visit(index, visit, hands, weights))
        .collect();
    let made = Planner::new(&wants, hands, weights).plan();
    let mut taken = HashMap::new();
    for line in &made.lines {
        let Some(visit) = usize::try_from(line.want)
            .ok()
            .and_then(|at| visits.get(at))
        else {
            continue;
        };
        taken.extend(
            visit
                .iter()
                .map(|each| (each.held.assignment.id, line.hand)),
        );
        for hand in hands.iter_mut().filter(|hand| hand.id == line.hand) {
            hand.open_tasks += 1;
        }
    }
    taken
}

/// A visit as one want: whoever cannot serve one of its needs cannot take it.
fn whole_visit(index: u128, visit: &[&LetGo], hands: &[Hand], weights: &Weights) -> Want {
    let mut want = Want {
        id: index,
        ..visit[0].about.want.clone()
    };
    for other in &visit[1..] {
        let unfit = hands
            .iter()
            .filter(|hand| weigh(&other.about.want, hand, weights).is_err());
        want.barred.extend(unfit.map(|hand| hand.id));
    }
    want
}
