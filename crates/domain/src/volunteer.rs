//! What a volunteer is asked for: the kinds of need he can serve, and how far from home he is sent. When he can be
//! asked is in `hours`. It must not know what he has to do.

use crate::{
    Assignment, AssignmentState, Availability, Kind, Reach, Timestamp, Urgency, Volunteer,
    code::codes, patch::Patch, rules::Rules,
};

codes! {
    /// Why somebody must look after a task that was taken: whoever took it left or is not there, or has not begun.
    HeldUp { HolderLeft = "holder_left", HolderAway = "holder_away", NotBegun = "not_begun" }
}

impl Volunteer {
    /// Kinds of need he can serve, each once: what his kinds can (of the office's list of volunteer kinds), and what
    /// was said of him besides. The one answer for suggestions, plans, triage and the register.
    #[must_use]
    pub fn serves(&self, kinds: &[Kind]) -> Vec<String> {
        let his = kinds.iter().filter(|kind| self.kinds.contains(&kind.code));
        let mut serves: Vec<String> = Vec::new();
        for need in his.flat_map(|kind| &kind.serves).chain(&self.skills) {
            if !serves.contains(need) {
                serves.push(need.clone());
            }
        }
        serves
    }

    /// Areas he is sent to, by the beginning of their codes; `None` for wherever the office works. Whatever he
    /// answers for is within it. Of suggestions only: a person may send him farther.
    #[must_use]
    pub fn sent_to(&self) -> Option<Vec<String>> {
        let home = match self.reach {
            Reach::Office => return None,
            Reach::Subdistrict => self.area_code.get(..6).unwrap_or(&self.area_code),
            Reach::Village => &self.area_code,
        };
        let patch = self
            .patch
            .iter()
            .filter_map(|value| Patch::parse(value).ok());
        let mut areas = vec![home.to_string()];
        areas.extend(patch.map(|part| part.area));
        // What lies in another one of them says nothing more.
        let all = areas.clone();
        areas.retain(|area| {
            !all.iter()
                .any(|other| other != area && area.starts_with(other.as_str()))
        });
        areas.dedup();
        Some(areas)
    }
}

impl Assignment {
    /// Whether one of this state keeps its volunteer from being given the need again: he declined it, or the office
    /// set him aside. Whoever failed at it (nobody at home, a road cut) may go again.
    #[must_use]
    pub const fn bars(state: AssignmentState, set_aside: bool) -> bool {
        set_aside || matches!(state, AssignmentState::Declined)
    }

    /// Whether somebody must look after a task that was taken. It may wait for its beginning as long as a need may wait
    /// for hands before the supervisor is told.
    #[must_use]
    pub fn held_up(
        &self,
        holder: &Volunteer,
        urgency: Urgency,
        now: Timestamp,
        rules: &Rules,
    ) -> Option<HeldUp> {
        use AssignmentState as S;
        if !matches!(self.state, S::Accepted | S::EnRoute | S::OnSite) {
            return None;
        }
        let limit_ms = rules.by_urgency("care.supervisor", urgency) * 60_000;
        match holder.availability_on(now.date()) {
            Availability::Left => Some(HeldUp::HolderLeft),
            Availability::OnLeave => Some(HeldUp::HolderAway),
            Availability::Available => (self.state == S::Accepted
                && self.state_since.plus_ms(limit_ms) <= now)
                .then_some(HeldUp::NotBegun),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(code: &str, serves: &[&str]) -> Kind {
        Kind {
            code: code.into(),
            serves: serves.iter().map(ToString::to_string).collect(),
            ..Kind::default()
        }
    }

    fn list(values: &[&str]) -> Vec<String> {
        values.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_volunteer_serves_what_all_his_kinds_can_and_what_was_said_of_him() {
        let kinds = [
            kind("vhv", &["oxygen", "medicine"]),
            kind("student", &["supplies", "medicine"]),
            kind("other", &["other"]),
        ];
        let one = Volunteer {
            kinds: list(&["vhv", "student"]),
            skills: list(&["repair", "oxygen"]),
            ..Volunteer::default()
        };
        assert_eq!(
            one.serves(&kinds),
            ["oxygen", "medicine", "supplies", "repair"]
        );
        assert_eq!(Volunteer::default().serves(&kinds), Vec::<String>::new());
    }

    #[test]
    fn he_is_sent_within_his_reach_and_to_whatever_he_answers_for() {
        let of = |reach, patch: &[&str]| {
            let one = Volunteer {
                area_code: "45090505".into(),
                patch: list(patch),
                reach,
                ..Volunteer::default()
            };
            one.sent_to()
        };
        assert_eq!(of(Reach::Office, &[]), None);
        assert_eq!(
            of(Reach::Subdistrict, &["45090505:1-10"]),
            Some(list(&["450905"]))
        );
        assert_eq!(
            of(Reach::Subdistrict, &["45090601"]),
            Some(list(&["450905", "45090601"]))
        );
        assert_eq!(
            of(Reach::Village, &["45090505", "45090509:1-10"]),
            Some(list(&["45090505", "45090509"]))
        );
        // Of whoever only the subdistrict is known, that is as near as one can say.
        let unknown = Volunteer {
            area_code: "450905".into(),
            reach: Reach::Village,
            ..Volunteer::default()
        };
        assert_eq!(unknown.sent_to(), Some(list(&["450905"])));
    }
}
