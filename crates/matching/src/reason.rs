//! Why somebody is suggested, why he is not, and what each part of a cost is. Codes only: the words are the screen's.

/// Gives an enum its stable codes.
macro_rules! coded {
    ($(#[$about:meta])* pub enum $name:ident { $($(#[$doc:meta])* $variant:ident = $code:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Its stable code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }
        }
    };
}
pub(crate) use coded;

coded! {
    /// A reason for a suggestion, strongest first, and at the end what speaks against it and does not forbid it.
    pub enum Why {
        /// He was told of this need already.
        ToldAlready = "told_already",
        /// He goes to this household anyhow, for another need.
        GoesThere = "goes_there",
        /// The house is one of those he answers for.
        OwnHouse = "own_house",
        /// The village is his to answer for.
        OwnPatch = "own_patch",
        /// He has helped this household before.
        KnowsHousehold = "knows_household",
        /// He lives in the same village.
        SameVillage = "same_village",
        /// He can serve this kind of need. Always so: it is required.
        HasSkill = "has_skill",
        /// He has a vehicle, and this need wants one.
        HasVehicle = "has_vehicle",
        /// He has equipment that this need wants.
        HasEquipment = "has_equipment",
        /// His home is within a kilometre and a half.
        Near = "near",
        /// He has nothing to do at the moment.
        FreeNow = "free_now",
        /// He was asked for this need before and did not answer: what speaks against him is said too.
        NoAnswer = "no_answer",
        /// His vehicle takes fewer people than are to be taken along, or he has none.
        TooFewSeats = "too_few_seats",
        /// Somebody has to lie, and he has nothing for that.
        NoStretcher = "no_stretcher",
    }
}

coded! {
    /// Why somebody is not suggested. The first that holds, in this order, is the one that is told.
    pub enum WhyNot {
        /// He cannot serve this kind of need.
        NoSkill = "no_skill",
        /// The office sends only those it has vetted, and he is not.
        NotVetted = "not_vetted",
        /// He declined this need, or the office turned him down for it.
        Barred = "barred",
        /// He may not be sent to this area.
        OutOfArea = "out_of_area",
        /// Not his day or hour, or he is on leave.
        Away = "away",
        /// He has as many tasks as he takes.
        Full = "full",
    }
}

coded! {
    /// A part of a cost. What speaks for somebody is negative.
    pub enum Part {
        /// The way.
        Travel = "travel",
        /// His own houses or village.
        Patch = "patch",
        /// He lives in the same village.
        Village = "village",
        /// He knows the household.
        Household = "household",
        /// Equipment or a vehicle that helps.
        Equipment = "equipment",
        /// Too little room for those who are to be taken along.
        Room = "room",
        /// The tasks he has already.
        Load = "load",
        /// He was told already.
        Told = "told",
        /// He was asked before and did not answer.
        NoAnswer = "no_answer",
    }
}
