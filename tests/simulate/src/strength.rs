//! `--strength`: each bug that is sown (`jitasa_domain::sown!`) is awake in worlds of its own until a rule finds it.

use std::io;

use jitasa_simulate::world;

use crate::{Asked, seeds};

/// What each sown bug does.
const SOWN: &[(u32, &str)] = &[
    (1, "merge: the later write wins"),
    (2, "merge: one sequence too many counts as seen"),
    (3, "merge: what belongs together is applied by half"),
    (
        4,
        "merge: whatever was done last gives way, not only the clock's",
    ),
    (5, "desk: an answer is taken in from its end"),
    (6, "desk: a record counts as seen one sequence too far"),
    (7, "desk: what others wrote covers what waits"),
    (8, "desk: the value that stands instead is not shown"),
    (9, "desk: what came over an own change since is not shown"),
    (10, "desk: a conflict is not listed"),
    (11, "desk: a held change is not listed"),
    (12, "desk: a supervisor's trouble counts as the clock's"),
    (13, "desk: a whole record leaves old fields as they were"),
    (14, "desk: a creation leaves old fields as they were"),
    (15, "desk: a record that comes back covers what waits"),
    (16, "desk: fields it does not know are dropped"),
    (17, "desk: what left stays"),
    (18, "desk: an own outcome counts as all that was seen"),
    (19, "desk: parts never taken stay when their case leaves"),
    (20, "dedupe: a change sent again is applied again"),
    (21, "dedupe: what is sent again counts as applied"),
    (22, "dedupe: the chains of a device are not compared"),
    (23, "merge: what was seen in an order that is over counts"),
    (24, "scope: a record counts twice in the sums"),
    (25, "scope: the parts do not go with their case"),
    (26, "scope: an office is not told what left"),
    (27, "scope: an office is not told the whole of what came"),
    (28, "scope: a change to another office's record is applied"),
    (29, "scope: a record begins with whatever came first"),
    (30, "merge: an unlawful step is applied"),
    (31, "scope: the feed tells what has left since"),
    (32, "merge: a row tells what was written over since"),
    (33, "scope: a late request moves where the feed goes on"),
    (34, "scope: a page is the last one too early"),
    (35, "scope: what left is not told to who fetches the whole"),
    (36, "ack: the order of before a restore goes on"),
    (37, "ack: a device with another past is believed"),
    (38, "ack: a device's number stays when nothing was new"),
    (39, "ack: words are given on what was not kept"),
    (40, "scope: a device that was shut out is answered"),
    (41, "ack: the server's count stands for its words"),
    (42, "ack: caps of restores are forgotten"),
    (43, "ack: the cursor goes one too far"),
    (44, "ack: a file of before a restore is believed"),
    (45, "ack: an old file's rows are written over new ones"),
    (46, "ack: who begins anew skips a restore"),
    (47, "scope: a signature is not looked at"),
    (
        48,
        "scope: a restored server does not tell who alone wrote it",
    ),
    (
        49,
        "server: a device hears nothing of what it wrote before the server was put back",
    ),
];
/// Of so many sown bugs ...
const OF: usize = 30;
/// ... at most so many are missed.
const MISSED: usize = 1;

/// Wakes each sown bug, and says after how many office-days which rule found it. The days are shared out among the
/// seeds; the first finding ends it.
pub(crate) fn strength(out: &mut impl io::Write, asked: &Asked) -> io::Result<bool> {
    let sown: Vec<_> = SOWN
        .iter()
        .filter(|(number, _)| asked.bugs.is_empty() || asked.bugs.contains(number))
        .collect();
    let share = asked.days / asked.seeds.len() as u64;
    let mut found = 0;
    writeln!(out, "bug  office-days  what it does; which rule found it")?;
    for (number, what) in &sown {
        jitasa_domain::sown::wake(*number);
        let (mut days, mut said) = (0, None);
        for (place, seed) in (1..).zip(&asked.seeds) {
            for seed in seeds(*seed) {
                if said.is_some() || days >= share * place {
                    break;
                }
                match world(seed, &asked.faults, false) {
                    Ok(ran) => days += ran.office_days,
                    Err(broke) => said = Some(broke),
                }
            }
        }
        jitasa_domain::sown::wake(0);
        let rule = said.map(|broke| format!("{} (world {})", broke.violation.what, broke.seed));
        found += usize::from(rule.is_some());
        let rule = rule.unwrap_or_else(|| "NOT FOUND".into());
        writeln!(out, "{number:>3}  {days:>11}  {what}; {rule}")?;
        out.flush()?;
    }
    writeln!(out, "{found} of {} found", sown.len())?;
    Ok((sown.len() - found) * OF <= MISSED * sown.len())
}
