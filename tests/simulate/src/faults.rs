//! What may go wrong, and how often.

use crate::chance::Chance;

macro_rules! faults {
    ($($(#[$meta:meta])* $name:ident = $text:literal,)*) => {
        /// One kind of fault.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Fault { $($(#[$meta])* $name,)* }

        impl Fault {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// As one asks for it.
            pub const fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

faults! {
    /// A request or an answer is lost.
    Lost = "lost",
    /// A request arrives late, when nobody waits for its answer any more.
    Late = "late",
    /// A request arrives twice.
    Doubled = "doubled",
    /// Bits flip, or the end is cut off.
    Damaged = "damaged",
    /// Something else answers: a captive portal, or an answer of before.
    Portal = "portal",
    /// The server has no time.
    Busy = "busy",
    /// The server's process ends, or its disk is full.
    Server = "server",
    /// The desk's process ends.
    Crash = "crash",
    /// The desk's disk is full.
    Full = "full",
    /// Clocks off by 543 years, and jumps.
    Clock = "clock",
    /// A desk's disk is cloned.
    Clone = "clone",
    /// A desk is put back from an old copy.
    Restore = "restore",
    /// The server is put back from an old copy.
    Province = "province",
    /// A desk is lost, shut out, and replaced.
    Revoke = "revoke",
    /// Desks of protocol 1.
    Old = "old",
    /// Desks of a version to come.
    Newer = "newer",
    /// Batches by file.
    File = "file",
}

/// How often each kind happens in one world: in a thousand draws.
#[derive(Debug, Clone)]
pub(crate) struct Faults {
    rates: Vec<usize>,
}

impl Faults {
    /// Of the kinds that are asked for, each world has some, calm or rough.
    pub(crate) fn draw(chance: &mut Chance, asked: &[Fault]) -> Self {
        let rates = Fault::ALL
            .iter()
            .map(|fault| {
                let rate = match chance.below(5) {
                    0 | 1 => 0,
                    2 => 1,
                    3 => 3,
                    _ => 8,
                };
                if asked.contains(fault) { rate } else { 0 }
            })
            .collect();
        Self { rates }
    }

    /// None at all.
    pub(crate) fn none() -> Self {
        Self {
            rates: vec![0; Fault::ALL.len()],
        }
    }

    /// 0, 1, 3 or 8.
    pub(crate) fn rate(&self, fault: Fault) -> usize {
        self.rates[fault as usize]
    }

    /// Draws whether it happens now; `often` is how often in a thousand at the lowest rate.
    pub(crate) fn strikes(&self, chance: &mut Chance, fault: Fault, often: usize) -> bool {
        let rate = self.rate(fault);
        rate > 0 && chance.per_mille(often * rate)
    }
}
