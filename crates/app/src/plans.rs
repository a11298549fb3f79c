//! Hands for all open needs at once, and giving several at once. A plan is a suggestion: nothing is assigned until a
//! person accepts one line, some, or all of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jitasa_domain::{ActionKind, Entity, IdSource as _, KindList, Timestamp};
use jitasa_matching::{Because, Change, Hand, Told, Want};
use jitasa_store::{
    Action,
    act::Propose,
    query::{cases, hands, office},
};
use uuid::Uuid;

use crate::{
    ApiError, App, assignments, boards, forms,
    picture::{Load, Open, Picture},
    places::Villages,
    suggest,
    views::assignment::*,
};

impl App {
    /// Plans for everybody, for nobody to see: whoever asks next finds it made.
    pub(crate) fn make_ready(&self) -> Result<(), ApiError> {
        let now = self.env().now();
        self.look(|picture, _| {
            let all = picture.by_score().into_iter();
            let wants: Vec<Want> = all
                .map(|open| picture.want(&open.line, now, false))
                .collect();
            drop(picture.plan(now, &wants));
            Ok(())
        })
    }
}

/// Pairs of one request.
const PAIRS_MAX: usize = 20_000;

fn pairs(pairs: &[Pair]) -> Result<Vec<(Uuid, Uuid)>, ApiError> {
    if pairs.len() > PAIRS_MAX {
        return Err(ApiError::new("too_large"));
    }
    let read = |pair: &Pair| Ok((forms::id(&pair.need_id)?, forms::id(&pair.volunteer_id)?));
    pairs.iter().map(read).collect()
}

/// A want as the request changes it: who is pinned counts as holding it, who is not wanted as barred. What he was
/// told stands until another takes over.
fn changed(mut want: Want, pins: &[(Uuid, Uuid)], without: &[(Uuid, Uuid)]) -> Want {
    let id = Uuid::from_u128(want.id);
    let of = |pairs: &[(Uuid, Uuid)]| -> Vec<u128> {
        let mine = pairs.iter().filter(|(need_id, _)| *need_id == id);
        mine.map(|(_, volunteer_id)| volunteer_id.as_u128())
            .collect()
    };
    want.barred.extend(of(without));
    for hand in of(pins) {
        want.told.retain(|(told, _)| *told != hand);
        want.told.push((hand, Told::Held));
    }
    want
}

pub(crate) fn plan(app: &App, request: PlanRequest) -> Result<Plan, ApiError> {
    app.reader(ActionKind::AssignmentPropose)?;
    let villages = Villages::of(app.store()?.as_ref())?;
    let (pins, without) = (pairs(&request.pins)?, pairs(&request.without)?);
    let now = app.env().now();
    let at = forms::moment_ahead(request.at, now)?;
    let asked_for = |open: &&Open| {
        let line = &open.line;
        boards::lies_in(&line.area_code, &request.areas)
            && (request.need_kinds.is_empty() || request.need_kinds.contains(&line.kind))
    };
    app.look(|picture, _| {
        let wants: Vec<Want> = picture
            .by_score()
            .into_iter()
            .filter(asked_for)
            .map(|open| changed(picture.want(&open.line, now, false), &pins, &without))
            .collect();
        let made = picture.plan(at, &wants);
        let page = Page {
            picture,
            villages: &villages,
            pins: &pins,
            loads: picture.loads(),
            hands: picture.hands(at),
            now,
        };
        Ok(page.show(&made, &wants))
    })
}

/// What a plan is shown with.
struct Page<'a> {
    picture: &'a Picture,
    villages: &'a Villages,
    pins: &'a [(Uuid, Uuid)],
    loads: HashMap<Uuid, Load>,
    hands: Vec<Hand>,
    now: Timestamp,
}

impl Page<'_> {
    fn show(&self, made: &jitasa_matching::Plan, wants: &[Want]) -> Plan {
        let planned = made.lines.iter().filter_map(|line| self.planned(line));
        let mut lines: Vec<(i64, PlanLine)> = planned.chain(self.pinned(wants)).collect();
        let rank = |line: &(i64, PlanLine)| (std::cmp::Reverse(line.1.score), line.0);
        lines.sort_by(|one, other| {
            rank(one)
                .cmp(&rank(other))
                .then_with(|| one.1.volunteer_id.cmp(&other.1.volunteer_id))
        });
        let lines: Vec<PlanLine> = lines.into_iter().map(|(_, line)| line).collect();
        let used: BTreeSet<&str> = lines
            .iter()
            .map(|line| line.volunteer_id.as_str())
            .collect();
        let can_be_asked = self.hands.iter().filter(|hand| hand.available);
        let lacking = wants.iter().filter(|want| want.open_hands() > 0);
        Plan {
            needs: count(lacking.count()),
            volunteers: count(can_be_asked.count()),
            volunteers_used: count(used.len()),
            distance_m: lines
                .iter()
                .filter_map(|line| line.distance_m)
                .map(i64::from)
                .sum(),
            cost: made.cost_m,
            bound: made.bound_m,
            villages: self.shares(made),
            left_out: self.picture.left_out,
            unserved: made
                .unserved
                .iter()
                .filter_map(|each| self.unserved(each))
                .collect(),
            lines,
        }
    }

    fn shared(&self, hand: u128) -> u32 {
        let load = self.loads.get(&Uuid::from_u128(hand));
        load.map_or(0, |load| load.shared())
    }

    fn open(&self, want: u128) -> Option<&Open> {
        self.picture.open(Uuid::from_u128(want))
    }

    fn planned(&self, line: &jitasa_matching::PlanLine) -> Option<(i64, PlanLine)> {
        let open = self.open(line.want)?;
        let instead_of = match line.change {
            Change::Instead(other) => Some(Uuid::from_u128(other)),
            Change::New | Change::Keep(_) => None,
        };
        let shown = PlanLine {
            distance_m: line.distance_m,
            open_tasks: line.tasks.saturating_sub(self.shared(line.hand)),
            why: line.why.iter().map(|why| why.code().into()).collect(),
            change: line.change.code().into(),
            instead_of: instead_of
                .and_then(|id| Some(self.picture.people.get(&id)?.volunteer.full_name())),
            ..self.line(open, Uuid::from_u128(line.hand), instead_of)?
        };
        Some((open.line.pk, shown))
    }

    /// What stays as it is: pinned by a person before or with this request, part of a visit to several needs, or told
    /// to somebody whose hours are over. What somebody has taken already is no part of a plan.
    fn pinned(&self, wants: &[Want]) -> Vec<(i64, PlanLine)> {
        let mut lines = Vec::new();
        for want in wants {
            let Some(open) = self.open(want.id) else {
                continue;
            };
            for hand in want.held() {
                let id = Uuid::from_u128(hand);
                let of_his = self.picture.given_to(&open.line);
                let standing = of_his
                    .filter(|each| each.volunteer_id == id)
                    .find(|each| each.state.is_active());
                let pinned = self.pins.contains(&(open.line.need_id, id));
                if standing.is_some_and(|each| each.state.is_held())
                    || !pinned && standing.is_none()
                {
                    continue;
                }
                let known = self.hands.iter().find(|each| each.id == hand);
                let (distance_m, why) = suggest::reasons(self.picture, &open.line, known, self.now);
                let line = self.line(open, id, None).map(|line| PlanLine {
                    distance_m,
                    why,
                    change: if standing.is_some() { "keep" } else { "new" }.into(),
                    pinned: pinned || standing.is_some_and(|each| each.pinned),
                    ..line
                });
                lines.extend(line.map(|line| (open.line.pk, line)));
            }
        }
        lines
    }

    /// A need and a volunteer; the assignment is that of the pair, or of whom he would take over from.
    fn line(&self, open: &Open, volunteer_id: Uuid, instead_of: Option<Uuid>) -> Option<PlanLine> {
        let somebody = self.picture.people.get(&volunteer_id)?;
        let volunteer = &somebody.volunteer;
        let stands_with = instead_of.unwrap_or(volunteer_id);
        let standing = self
            .picture
            .given_to(&open.line)
            .find(|each| each.volunteer_id == stands_with && each.state.is_active());
        Some(PlanLine {
            need_id: open.line.need_id.to_string(),
            need_kind: open.line.kind.clone(),
            case_id: open.line.case_id.to_string(),
            case_number: open.line.case_number.clone(),
            name: open.line.name.clone(),
            village: self.villages.label(&open.line.area_code),
            urgency: open.line.urgency.code().into(),
            score: open.triage.score,
            lat: open.line.lat,
            lon: open.line.lon,
            volunteer_id: volunteer_id.to_string(),
            volunteer: volunteer.full_name(),
            volunteer_lat: volunteer.lat,
            volunteer_lon: volunteer.lon,
            open_tasks: self.loads.get(&volunteer_id).map_or(0, |load| load.visits),
            max_open_tasks: volunteer.max_open_tasks,
            assignment_id: standing.map(|each| each.id.to_string()),
            ..PlanLine::default()
        })
    }

    fn unserved(&self, each: &jitasa_matching::Unserved) -> Option<Unserved> {
        let open = self.open(each.want)?;
        Some(Unserved {
            need_id: open.line.need_id.to_string(),
            need_kind: open.line.kind.clone(),
            case_id: open.line.case_id.to_string(),
            case_number: open.line.case_number.clone(),
            name: open.line.name.clone(),
            village: self.villages.label(&open.line.area_code),
            urgency: open.line.urgency.code().into(),
            score: open.triage.score,
            because: match each.because {
                Because::AllNeededElsewhere => "more_pressing_first".into(),
                other => other.code().into(),
            },
        })
    }

    fn shares(&self, made: &jitasa_matching::Plan) -> Vec<VillageShare> {
        let mut shares: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
        for open in made.lines.iter().filter_map(|line| self.open(line.want)) {
            shares.entry(&open.line.area_code).or_default().0 += 1;
        }
        for each in &made.unserved {
            if let Some(open) = self.open(each.want) {
                shares.entry(&open.line.area_code).or_default().1 += each.hands;
            }
        }
        shares
            .into_iter()
            .map(|(area_code, (served, unserved))| VillageShare {
                label: self.villages.label(area_code),
                area_code: area_code.into(),
                served,
                unserved,
            })
            .collect()
    }
}

fn count(many: usize) -> u32 {
    u32::try_from(many).unwrap_or(u32::MAX)
}

pub(crate) fn propose_all(app: &App, request: ProposeAllRequest) -> Result<ProposedAll, ApiError> {
    let pairs = pairs(&request.pairs)?;
    let replaces = request.pairs.iter().map(|pair| {
        let replaces = pair.replaces.as_deref().filter(|id| !id.is_empty());
        replaces.map(forms::id).transpose()
    });
    let replaces: Vec<Option<Uuid>> = replaces.collect::<Result<_, _>>()?;
    let channel = assignments::channel(request.channel.as_deref())?;
    let one_volunteer = pairs.windows(2).all(|two| two[0].1 == two[1].1);
    if request.one_visit && !one_volunteer {
        return Err(ApiError::field("visit_several_volunteers", "pairs"));
    }
    let now = app.env().now();
    let visit_id = (request.one_visit && pairs.len() > 1).then(|| app.ids().next(now));
    let team_id = request.team_id.as_deref().filter(|id| !id.is_empty());
    let team_id = team_id.map(forms::id).transpose()?;
    let (kinds, team) = app.store()?.read(|conn| {
        let team = match team_id {
            Some(id) => hands::team(conn, id)?,
            None => None,
        };
        Ok((office::kinds(conn, KindList::Volunteer)?, team))
    })?;
    let team = team.as_ref().map(|team| team.name.as_str());
    let all = app.look(|picture, conn| {
        let hands = picture.hands(now);
        let by_id: HashMap<u128, &Hand> = hands.iter().map(|hand| (hand.id, hand)).collect();
        let mut all = Vec::with_capacity(pairs.len());
        for ((need_id, volunteer_id), replaces_id) in pairs.iter().zip(&replaces) {
            let somebody = picture.people.get(volunteer_id);
            let label = somebody.map(|each| assignments::label_of(&each.volunteer, &kinds, team));
            // A need that is not in the picture may be one that this person is not to know of: nothing is said of
            // it, and the store decides.
            let row = match picture.open(*need_id) {
                Some(open) => Some(open.line.clone()),
                None => match cases::need(conn, *need_id)? {
                    Some(need) => cases::line(conn, need.case_id)?
                        .map(|line| suggest::row_of(picture, conn, &need, &line))
                        .transpose()?,
                    None => None,
                },
            };
            let (distance_m, why) = row.map_or((None, Vec::new()), |row| {
                suggest::reasons(
                    picture,
                    &row,
                    by_id.get(&volunteer_id.as_u128()).copied(),
                    now,
                )
            });
            all.push(Propose {
                need_id: *need_id,
                volunteer_id: *volunteer_id,
                volunteer_label: label.unwrap_or_default(),
                distance_m,
                why,
                offered: request.offered,
                channel,
                pinned: request.pinned,
                team_id,
                visit_id,
                replaces_id: *replaces_id,
            });
        }
        Ok(all)
    })?;
    let mut acted = app.carry_out(Action::ProposeAll(all))?;
    // In the order of the request, however often a pair was tried.
    acted.refused.sort_unstable();
    let made = acted
        .made
        .iter()
        .filter(|(entity, _)| *entity == Entity::Assignment);
    let ids: Vec<String> = made.map(|(_, id)| id.to_string()).collect();
    let refused = acted
        .refused
        .iter()
        .filter_map(|(index, code)| {
            let pair = request.pairs.get(*index)?;
            Some(PairRefused {
                need_id: pair.need_id.clone(),
                volunteer_id: pair.volunteer_id.clone(),
                code: (*code).into(),
            })
        })
        .collect();
    Ok(ProposedAll {
        acted: (!ids.is_empty()).then(|| acted.into()),
        ids,
        refused,
    })
}
