//! The account of a run of steps: each one named and timed, all of them tried, and one line at the end
//! that a person and the CI both can read: `N passed, N failed`.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::say;

/// The steps so far.
#[derive(Debug, Default)]
pub(crate) struct Report {
    steps: Vec<Step>,
}

#[derive(Debug)]
struct Step {
    name: String,
    took: Duration,
    problem: Option<String>,
}

impl Report {
    /// Tries a step, times it and keeps how it went. Returns whether it passed.
    pub(crate) fn step(&mut self, name: &str, work: impl FnOnce() -> Result<()>) -> bool {
        say::work(name);
        let began = now();
        let problem = work().err().map(|error| format!("{error:#}"));
        let step = Step {
            name: name.to_owned(),
            took: now() - began,
            problem,
        };
        if let Some(problem) = &step.problem {
            say::detail(problem);
        }
        say::detail(&step.verdict());
        let passed = step.problem.is_none();
        self.steps.push(step);
        passed
    }

    /// Tries a step that rests on an earlier one. When that failed, so does this, without being tried:
    /// a check that did not run has not passed.
    pub(crate) fn step_after(
        &mut self,
        ready: bool,
        missing: &str,
        name: &str,
        work: impl FnOnce() -> Result<()>,
    ) -> bool {
        self.step(name, || {
            anyhow::ensure!(ready, "not run: {missing}");
            work()
        })
    }

    /// Prints the account and returns the exit code.
    pub(crate) fn finish(self) -> u8 {
        say::line("");
        for step in &self.steps {
            say::line(&format!("{:<44} {}", step.name, step.verdict()));
        }
        say::line(&self.totals());
        u8::from(self.steps.iter().any(|step| step.problem.is_some()))
    }

    fn totals(&self) -> String {
        let failed = self
            .steps
            .iter()
            .filter(|step| step.problem.is_some())
            .count();
        format!("{} passed, {failed} failed", self.steps.len() - failed)
    }
}

impl Step {
    fn verdict(&self) -> String {
        let seconds = self.took.as_secs_f64();
        match &self.problem {
            None => format!("passed  {seconds:7.1} s"),
            Some(problem) => {
                let first = problem.lines().next().unwrap_or_default();
                format!("FAILED  {seconds:7.1} s  {first}")
            }
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long a step took is what is measured"
)]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_is_counted_and_makes_the_exit_code_one() {
        let mut report = Report::default();
        assert!(report.step("one", || Ok(())));
        assert!(!report.step("two", || anyhow::bail!("the second broke")));
        assert_eq!(report.totals(), "1 passed, 1 failed");
        assert_eq!(report.finish(), 1);
    }

    #[test]
    fn a_step_whose_ground_is_missing_is_not_run_and_has_not_passed() {
        let mut report = Report::default();
        let mut ran = false;
        let passed = report.step_after(false, "no browser", "browser specs", || {
            ran = true;
            Ok(())
        });
        assert!(!passed && !ran);
        assert_eq!(report.totals(), "0 passed, 1 failed");
    }

    #[test]
    fn steps_that_all_pass_end_with_zero() {
        let mut report = Report::default();
        report.step("one", || Ok(()));
        assert_eq!(report.totals(), "1 passed, 0 failed");
        assert_eq!(report.finish(), 0);
    }
}
