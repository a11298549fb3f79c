//! Made-up people: names that go together, telephone numbers nobody has, identity numbers of a
//! register that does not exist. It must not know why somebody is made up.

use jitasa_store::act::PersonFields;
use jitasa_thai::citizen_id;

use super::{
    chance::Chance,
    words::{Generation, Words},
};

/// Makes people up; no two share an identity number.
#[derive(Debug)]
pub(super) struct People {
    words: Words,
    phones: u64,
    citizen_ids: u64,
}

/// A name.
#[derive(Debug, Clone)]
pub(super) struct Name {
    pub(super) title: &'static str,
    pub(super) given: &'static str,
    pub(super) family: &'static str,
}

impl People {
    pub(super) fn new(words: Words) -> Self {
        Self {
            words,
            phones: 0,
            citizen_ids: 0,
        }
    }

    pub(super) fn words(&self) -> &Words {
        &self.words
    }

    /// A name of a generation; so many in a hundred are women.
    pub(super) fn name(
        &self,
        generation: Generation,
        women_percent: usize,
        chance: &mut Chance,
    ) -> Name {
        let female = chance.percent(women_percent);
        let married = match generation {
            Generation::Old => 88,
            Generation::Middle => 62,
            Generation::Young => 6,
        };
        let title = match (female, chance.percent(married)) {
            (false, _) => "นาย",
            (true, true) => "นาง",
            (true, false) => "นางสาว",
        };
        Name {
            title,
            given: chance.pick(self.words.given(female, generation)),
            family: chance.pick(&self.words.surnames),
        }
    }

    /// Somebody to help. `with_id` says whether his identity number is known.
    pub(super) fn person(
        &mut self,
        generation: Generation,
        with_id: bool,
        with_phone: bool,
        chance: &mut Chance,
    ) -> PersonFields {
        let name = self.name(generation, 58, chance);
        PersonFields {
            title: name.title.into(),
            given_name: name.given.into(),
            family_name: name.family.into(),
            citizen_id: with_id.then(|| self.citizen_id(generation)),
            citizen_id_valid: with_id,
            phone: with_phone.then(|| self.phone()),
        }
    }

    /// `080-0xx-xxxx`, in an order that does not look counted.
    pub(super) fn phone(&mut self) -> String {
        self.phones += 1;
        format!("0800{:06}", (self.phones * 383_839 + 271_828) % 1_000_000)
    }

    /// A number whose check digit is right and whose register (9999) is nobody's.
    fn citizen_id(&mut self, generation: Generation) -> String {
        self.citizen_ids += 1;
        let first = match generation {
            Generation::Old => [3, 5, 3, 4],
            Generation::Middle => [3, 1, 3, 5],
            Generation::Young => [1, 1, 2, 1],
        }[usize::try_from(self.citizen_ids % 4).unwrap_or(0)];
        // Coprime to 10^7, so none comes twice before ten million have come.
        let mut rest = (self.citizen_ids * 7_654_321 + 3_141_592) % 10_000_000;
        let mut body = [first, 9, 9, 9, 9, 0, 0, 0, 0, 0, 0, 0];
        for digit in body[5..].iter_mut().rev() {
            *digit = u8::try_from(rest % 10).unwrap_or(0);
            rest /= 10;
        }
        let last = citizen_id::check_digit(&body);
        body.iter()
            .chain([&last])
            .map(|digit| char::from(b'0' + digit))
            .collect()
    }
}
