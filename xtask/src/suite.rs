//! The two lists of steps: `check` (nothing is started) and `test` (all that CI runs).
//!
//! Every step is tried, also after one failed, so that one run tells everything. A step whose ground is missing
//! (no desktop packages, no pages) is not run, says so, and counts as failed.

use std::process::Command;

use anyhow::Result;

use crate::display::Screen;
use crate::make::{self, Programs};
use crate::process;
use crate::report::Report;
use crate::repository::Repository;
use crate::setup::{self, Group};
use crate::{codegen, oracle, simulate, tidy};

const NO_DESKTOP: &str = "the desktop packages, or the pages that the program carries, are missing";
const NO_UI: &str = "the npm packages of ui/ are missing";

/// fmt, clippy, tidy, codegen, svelte-check, eslint, doc.
pub(crate) fn check(repository: &Repository) -> Result<u8> {
    let mut report = Report::default();
    check_steps(repository, &mut report, &[Group::Desktop]);
    Ok(report.finish())
}

/// What the checks found to stand on.
struct Ground {
    /// The UI's packages are installed.
    ui: bool,
    /// The desktop program can be compiled: system packages and pages are there.
    desktop: bool,
}

fn check_steps(repository: &Repository, report: &mut Report, groups: &[Group]) -> Ground {
    let root = repository.root();
    let cargo = |arguments: &[&str]| process::run(&mut process::cargo(arguments, root));

    let system = report.step("set-up: system packages", || setup::system(groups));
    let ui = report.step("set-up: npm packages", || setup::npm(repository, "ui"));
    report.step("fmt", || cargo(&["fmt", "--all", "--check"]));
    report.step("tidy", || tidy::run(repository));
    let pages = report.step_after(ui, NO_UI, "pages", || make::ui(repository));
    let desktop = system && pages;
    report.step_after(desktop, NO_DESKTOP, "clippy", || {
        cargo(&[
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ])
    });
    report.step("codegen", || codegen::check(repository));
    report.step_after(ui, NO_UI, "svelte-check", || {
        make::ui_script(repository, "check")
    });
    report.step_after(ui, NO_UI, "eslint", || make::ui_script(repository, "lint"));
    report.step_after(desktop, NO_DESKTOP, "doc", || {
        let arguments = ["doc", "--workspace", "--no-deps"];
        let mut doc = process::cargo(&arguments, root);
        process::run(doc.env("RUSTDOCFLAGS", "-D warnings"))
    });
    Ground { ui, desktop }
}

/// Everything CI runs.
pub(crate) fn test(repository: &Repository) -> Result<u8> {
    let mut report = Report::default();
    let root = repository.root();
    let ground = check_steps(repository, &mut report, setup::ALL);

    // First, because stories across crates start and kill them.
    let hosts = report.step("programs without a window", || make::hosts(repository));
    report.step("set-up: oracle of the matching and the sync", || {
        oracle::ready(repository)
    });
    report.step("tests of the crates", || {
        // Without the desktop program, so that a failing window cannot hide a failing rule.
        let arguments = ["test", "--workspace", "--exclude", "jitasa-desk"];
        process::run(from_a_seed(&mut process::cargo(&arguments, root)))
    });
    report.step("simulation", || simulate::test(repository));
    let desk = report.step_after(ground.desktop, NO_DESKTOP, "desktop program", || {
        make::desk(repository)
    });
    report.step_after(desk, NO_DESKTOP, "tests of the desktop program", || {
        // With the feature it was just built with: without it everything below it is built again.
        let arguments = [
            "test",
            "--package",
            "jitasa-desk",
            "--features",
            "custom-protocol",
        ];
        process::run(&mut process::cargo(&arguments, root))
    });
    let specs = report.step("set-up: spec packages", || {
        setup::npm(repository, "tests/e2e")
    });

    let not_built = "the programs, the pages or the spec packages are missing";
    report.step_after(
        hosts && specs && ground.ui,
        not_built,
        "browser specs",
        || {
            let mut specs = process::command("node", &["tests/e2e/browser.mjs"], root);
            process::run_group(programs(&mut specs, repository)?)
        },
    );
    report.step_after(hosts && specs && desk, not_built, "window specs", || {
        let screen = Screen::start(repository)?;
        let mut specs = process::command("node", &["tests/e2e/window.mjs"], root);
        process::run_group(on(&screen, programs(&mut specs, repository)?))
    });
    Ok(report.finish())
}

/// The same cases of the property tests in each run of the CI, so that it answers for the change it was asked about.
/// `cargo test` looks at others each time; what it finds is kept as a seed beside the test and runs here too.
fn from_a_seed(tests: &mut Command) -> &mut Command {
    const SEED: &str = "PROPTEST_RNG_SEED";
    if std::env::var_os(SEED).is_none() {
        tests.env(SEED, "2569");
    }
    tests
}

/// Tells a spec where the programs are.
pub(crate) fn programs<'a>(
    spec: &'a mut Command,
    repository: &Repository,
) -> Result<&'a mut Command> {
    let programs = Programs::find(repository)?;
    Ok(spec
        .env("JITASA_BIN", programs.desk)
        .env("JITASA_CLI", programs.cli)
        .env("JITASA_PROVINCE", programs.province)
        .env("JITASA_WEBHOST", programs.webhost))
}

/// Puts a spec, and the windows it opens, on a screen.
pub(crate) fn on<'a>(screen: &Screen, spec: &'a mut Command) -> &'a mut Command {
    // A desktop's Wayland socket would be preferred over the screen that we mean.
    spec.env("JITASA_DISPLAY", screen.name())
        .env("DISPLAY", screen.name())
        .env_remove("WAYLAND_DISPLAY")
}
