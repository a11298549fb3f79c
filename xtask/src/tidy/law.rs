//! Who may know whom. A folder under `crates/` is named after the dependency that it must not have; this table is
//! that law, and `cargo metadata` is the witness.

use anyhow::{Context, Result};
use serde_json::Value;

use super::Finding;

/// What a package says it depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Dependency {
    name: String,
    /// Only for tests, examples and benches.
    dev: bool,
}

/// Packages of ours that a package may know, and those that its tests may know besides.
struct Allowed {
    package: &'static str,
    normal: &'static [&'static str],
    dev: &'static [&'static str],
}

const fn may(package: &'static str, normal: &'static [&'static str]) -> Allowed {
    Allowed {
        package,
        normal,
        dev: &[],
    }
}

const LAW: &[Allowed] = &[
    may("jitasa-thai", &[]),
    may("jitasa-map", &[]),
    may("jitasa-sqlite3mc", &[]),
    may("jitasa-domain", &["jitasa-thai"]),
    may("jitasa-protocol", &["jitasa-domain"]),
    may(
        "jitasa-store",
        &["jitasa-domain", "jitasa-thai", "jitasa-sqlite3mc"],
    ),
    may("jitasa-exchange", &["jitasa-domain", "jitasa-thai"]),
    may("jitasa-matching", &["jitasa-domain"]),
    may("jitasa-print", &["jitasa-domain", "jitasa-thai"]),
    may(
        "jitasa-sync",
        &["jitasa-domain", "jitasa-protocol", "jitasa-store"],
    ),
    may("jitasa-app", BELOW_THE_HOSTS),
    may("jitasa-cli", &["jitasa-app"]),
    may("jitasa-webhost", &["jitasa-app"]),
    may("jitasa-desk", &["jitasa-app"]),
    may(
        "jitasa-server",
        &[
            "jitasa-domain",
            "jitasa-thai",
            "jitasa-protocol",
            "jitasa-sqlite3mc",
        ],
    ),
    may("jitasa-tests", EVERYTHING_BUT_THE_WINDOW),
    // Without the hosts and the printers, so that it is built in minutes.
    may(
        "jitasa-simulate",
        &[
            "jitasa-domain",
            "jitasa-protocol",
            "jitasa-sync",
            "jitasa-server",
        ],
    ),
    // The project's own commands start the programs; they link none of them.
    may("xtask", &[]),
];

const BELOW_THE_HOSTS: &[&str] = &[
    "jitasa-thai",
    "jitasa-map",
    "jitasa-sqlite3mc",
    "jitasa-domain",
    "jitasa-protocol",
    "jitasa-store",
    "jitasa-exchange",
    "jitasa-matching",
    "jitasa-print",
    "jitasa-sync",
];

const EVERYTHING_BUT_THE_WINDOW: &[&str] = &[
    "jitasa-thai",
    "jitasa-map",
    "jitasa-sqlite3mc",
    "jitasa-domain",
    "jitasa-protocol",
    "jitasa-store",
    "jitasa-exchange",
    "jitasa-matching",
    "jitasa-print",
    "jitasa-sync",
    "jitasa-app",
    "jitasa-cli",
    "jitasa-webhost",
    "jitasa-server",
];

/// A package of others that only some of ours may name.
struct Outside {
    name: &'static str,
    only: &'static [&'static str],
    /// Whether the tests of any package may name it: what a test holds in its hand is not in the product.
    in_tests: bool,
    reason: &'static str,
}

const OUTSIDE: &[Outside] = &[
    Outside {
        name: "tauri",
        only: &["jitasa-desk"],
        in_tests: false,
        reason: "the window is one host of several, and everything else builds without it",
    },
    Outside {
        name: "rusqlite",
        only: &[
            "jitasa-store",
            "jitasa-server",
            "jitasa-sqlite3mc",
            "jitasa-tests",
        ],
        in_tests: true,
        reason: "SQL is written where rows are kept, nowhere else",
    },
    Outside {
        name: "postgres",
        only: &["jitasa-server", "jitasa-tests"],
        in_tests: true,
        reason: "SQL is written where rows are kept, nowhere else",
    },
    Outside {
        name: "axum",
        only: &["jitasa-server", "jitasa-webhost", "jitasa-tests"],
        in_tests: true,
        reason: "HTTP is answered by hosts",
    },
    Outside {
        name: "ureq",
        only: &["jitasa-sync", "jitasa-tests"],
        in_tests: true,
        reason: "the network is reached by the transports of sync",
    },
    Outside {
        name: "typst",
        only: &["jitasa-print"],
        in_tests: false,
        reason: "pages are laid out in one place",
    },
];

/// Packages of ours that keep no serialised form, so that no wire or row can come to depend on their insides.
/// `map` reads boundary files with serde; which part of it may is said in `source.rs`.
const WITHOUT_SERDE: &[&str] = &["jitasa-thai", "jitasa-matching"];

/// Reads the packages out of what `cargo metadata` printed.
pub(super) fn packages(metadata: &Value) -> Result<Vec<Package>> {
    let packages = metadata["packages"]
        .as_array()
        .context("cargo metadata lists no packages")?;
    packages.iter().map(package).collect()
}

fn package(value: &Value) -> Result<Package> {
    let name = value["name"]
        .as_str()
        .context("a package without a name")?
        .to_owned();
    let dependencies = value["dependencies"]
        .as_array()
        .context("no dependencies")?;
    let dependencies = dependencies.iter().map(|dependency| {
        let name = dependency["name"]
            .as_str()
            .context("a dependency without a name")?;
        Ok(Dependency {
            name: name.to_owned(),
            dev: dependency["kind"] == "dev",
        })
    });
    Ok(Package {
        name,
        dependencies: dependencies.collect::<Result<_>>()?,
    })
}

/// Finds every dependency that the law does not have.
pub(super) fn check(packages: &[Package]) -> Vec<Finding> {
    let ours: Vec<&str> = packages
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    let mut findings = Vec::new();
    for package in packages {
        let manifest = format!("Cargo.toml of {}", package.name);
        let mut broken = |words| findings.push(Finding::broken(&manifest, None, words));
        let Some(allowed) = LAW.iter().find(|row| row.package == package.name) else {
            broken(
                "the law does not know this package; say in xtask/src/tidy/law.rs whom it may know"
                    .to_owned(),
            );
            continue;
        };
        for dependency in &package.dependencies {
            let name = dependency.name.as_str();
            let known = allowed.normal.contains(&name)
                || (dependency.dev && allowed.dev.contains(&name))
                // A package names itself to switch features on in its tests.
                || name == package.name;
            if ours.contains(&name) && !known {
                broken(format!(
                    "{} must not know {name} (docs/ARCHITECTURE.md, who may know whom)",
                    package.name
                ));
            }
            if let Some(outside) = OUTSIDE
                .iter()
                .find(|outside| belongs_to(name, outside.name))
                && !outside.only.contains(&package.name.as_str())
                && !(dependency.dev && outside.in_tests)
            {
                broken(format!(
                    "{} must not know {name}: {}",
                    package.name, outside.reason
                ));
            }
            if name == "serde" && WITHOUT_SERDE.contains(&package.name.as_str()) {
                broken(format!(
                    "{} must not know serde: serialisation happens at the rims",
                    package.name
                ));
            }
        }
    }
    findings
}

/// `tauri-build` and `tauri-plugin-dialog` are tauri too.
fn belongs_to(name: &str, family: &str) -> bool {
    name.strip_prefix(family)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn a_package(name: &str, normal: &[&str], dev: &[&str]) -> Package {
        let of = |names: &[&str], dev| {
            names
                .iter()
                .map(|name| Dependency {
                    name: (*name).to_owned(),
                    dev,
                })
                .collect::<Vec<_>>()
        };
        Package {
            name: name.to_owned(),
            dependencies: [of(normal, false), of(dev, true)].concat(),
        }
    }

    fn words(packages: &[Package]) -> Vec<String> {
        check(packages)
            .into_iter()
            .map(|finding| finding.words)
            .collect()
    }

    #[test]
    fn the_law_as_it_is_written_down_is_kept_silently() {
        let packages = [
            a_package("jitasa-thai", &["jiff"], &["proptest"]),
            a_package("jitasa-domain", &["jitasa-thai", "serde"], &[]),
            a_package(
                "jitasa-store",
                &["jitasa-domain", "jitasa-thai", "rusqlite"],
                &["tempfile"],
            ),
            a_package(
                "jitasa-desk",
                &["jitasa-app", "tauri", "tauri-plugin-dialog"],
                &[],
            ),
            a_package("jitasa-app", &["jitasa-store"], &["jitasa-app"]),
        ];
        assert_eq!(words(&packages), Vec::<String>::new());
    }

    #[test]
    fn a_forbidden_dependency_is_found_also_among_those_for_tests() {
        let store = a_package("jitasa-store", &[], &[]);
        for server in [
            a_package("jitasa-server", &["jitasa-store"], &[]),
            a_package("jitasa-server", &[], &["jitasa-store"]),
        ] {
            let found = words(&[store.clone(), server]);
            assert!(
                found[0].contains("jitasa-server must not know jitasa-store"),
                "{found:?}"
            );
            assert_eq!(found.len(), 1);
        }
    }

    #[test]
    fn each_package_of_others_stays_where_it_belongs() {
        for (package, outside) in [
            ("jitasa-app", "tauri"),
            ("jitasa-app", "tauri-build"),
            ("jitasa-domain", "rusqlite"),
            ("jitasa-app", "axum"),
            ("jitasa-store", "ureq"),
            ("jitasa-matching", "serde"),
            ("jitasa-app", "typst-pdf"),
        ] {
            let found = words(&[a_package(package, &[outside], &[])]);
            assert!(
                found[0].contains(&format!("{package} must not know {outside}")),
                "{found:?}"
            );
        }
    }

    #[test]
    fn a_test_may_hold_what_the_product_may_not_but_never_the_window() {
        assert!(words(&[a_package("jitasa-server", &[], &["ureq"])]).is_empty());
        assert_eq!(words(&[a_package("jitasa-app", &[], &["tauri"])]).len(), 1);
    }

    #[test]
    fn a_package_the_law_does_not_know_is_found() {
        assert!(words(&[a_package("jitasa-weather", &[], &[])])[0].contains("does not know"));
    }

    #[test]
    fn dependencies_are_read_from_what_cargo_prints() {
        let printed = serde_json::json!({"packages": [{"name": "jitasa-map", "dependencies": [
            {"name": "jitasa-domain", "kind": null}, {"name": "proptest", "kind": "dev"},
            {"name": "cc", "kind": "build"},
        ]}]});
        let read = packages(&printed).unwrap();
        assert_eq!(
            read,
            [a_package(
                "jitasa-map",
                &["jitasa-domain", "cc"],
                &["proptest"]
            )]
            .map(|mut package| {
                package
                    .dependencies
                    .sort_by_key(|d| (d.name != "jitasa-domain", d.name != "proptest"));
                package
            })
        );
    }
}
