//! Makes a fresh machine ready: Debian packages, the UI's npm packages, the tests' Python packages. It installs
//! what it can, as root or with sudo; where it cannot it says exactly what is missing and the one command to type,
//! and it fails.
//!
//! It only adds what is missing, so every command may call it every time: on a ready machine it takes a moment.

use std::io::IsTerminal;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::oracle;
use crate::process;
use crate::repository::Repository;
use crate::say;

/// A set of Debian packages that one kind of work needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    /// Compiling and linking the desktop program.
    Desktop,
    /// Showing its window where there is no screen, and driving it.
    Window,
    /// The browser specs.
    Browser,
    /// Opening the exported workbooks with other programs.
    Office,
    /// The provincial server's other ledger: its stories run on a real PostgreSQL.
    Database,
    /// Refusing the programs' writes.
    Faults,
}

/// Everything the CI needs.
pub(crate) const ALL: &[Group] = &[
    Group::Desktop,
    Group::Window,
    Group::Browser,
    Group::Office,
    Group::Database,
    Group::Faults,
];

impl Group {
    const fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Desktop => &[
                "build-essential",
                "pkg-config",
                "libwebkit2gtk-4.1-dev",
                "librsvg2-dev",
            ],
            // openbox draws the title bar, the Thai fonts are for what GTK itself writes, poppler reads the
            // printed papers back: their text is checked and the tour leaves a picture of each.
            Self::Window => &[
                "webkit2gtk-driver",
                "xvfb",
                "xauth",
                "openbox",
                "imagemagick",
                "poppler-utils",
                "fonts-thai-tlwg",
            ],
            Self::Browser => &["chromium", "fonts-thai-tlwg"],
            Self::Office => &[
                "python3",
                "python3-venv",
                "python3-openpyxl",
                "libreoffice-calc-nogui",
            ],
            // Its programs only: the tests make a server of their own in a temporary folder, as another user than root.
            Self::Database => &["postgresql"],
            Self::Faults => &["strace"],
        }
    }

    const fn purpose(self) -> &'static str {
        match self {
            Self::Desktop => "building the window",
            Self::Window => "a window without a screen",
            Self::Browser => "browser specs",
            Self::Office => "opening exported workbooks",
            Self::Database => "the provincial server on PostgreSQL",
            Self::Faults => "full and broken disks",
        }
    }
}

/// Installs all there is to install. The other commands take from it what they need.
pub(crate) fn everything(repository: &Repository) -> Result<()> {
    system(ALL)?;
    npm(repository, "ui")?;
    npm(repository, "tests/e2e")?;
    oracle::ready(repository)?;
    say::work("Everything is here");
    Ok(())
}

/// Installs the system packages of these groups where that is possible.
pub(crate) fn system(groups: &[Group]) -> Result<()> {
    let wanted = wanted(groups);
    if !is_debian(&std::fs::read_to_string("/etc/os-release").unwrap_or_default()) {
        say::work("System packages: this is no Debian; these are not installed by this command");
        for group in groups {
            say::detail(&format!(
                "{}: what Debian calls {}",
                group.purpose(),
                group.packages().join(" ")
            ));
        }
        return Ok(());
    }
    let missing: Vec<&str> = wanted
        .iter()
        .copied()
        .filter(|name| !is_installed(name))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    say::work(&format!(
        "Debian packages are missing: {}",
        missing.join(" ")
    ));
    let Some(prefix) = privilege() else {
        bail!(cannot_install(&missing))
    };
    apt(prefix, &missing).with_context(|| cannot_install(&missing))?;
    let still: Vec<&str> = missing
        .into_iter()
        .filter(|name| !is_installed(name))
        .collect();
    if still.is_empty() {
        return Ok(());
    }
    bail!(cannot_install(&still))
}

/// Installs a folder's npm packages when they are not the ones of its `package-lock.json`.
/// A folder without `package.json` has none.
pub(crate) fn npm(repository: &Repository, folder: &str) -> Result<()> {
    let folder_path = repository.path(folder);
    if !folder_path.join("package.json").exists() {
        return Ok(());
    }
    node()?;
    let lock = std::fs::read(folder_path.join("package-lock.json")).with_context(|| {
        format!("{folder}/package-lock.json is missing: commit it beside package.json")
    })?;
    // A copy of the lock that was installed: times lie after a checkout, contents do not.
    let stamp = folder_path.join("node_modules/.installed-lock");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    say::work(&format!("Installing the npm packages of {folder}/"));
    process::run(&mut process::npm(
        &["ci", "--no-audit", "--no-fund"],
        &folder_path,
    ))?;
    // npm makes no such folder for a package that needs nothing.
    std::fs::create_dir_all(folder_path.join("node_modules"))?;
    std::fs::write(stamp, lock).context("node_modules cannot be written")
}

/// Says so when there is no Node, or one that the UI's tools do not run on.
pub(crate) fn node() -> Result<()> {
    let needed = "Node.js 20.19 or newer with npm is needed (Debian 12 brings 18; nodejs.org has newer ones)";
    let version = process::output(&mut process::command(
        "node",
        &["--version"],
        Path::new("."),
    ))
    .context(needed)?;
    anyhow::ensure!(
        node_is_new_enough(&version),
        "{needed}; found {}",
        version.trim()
    );
    Ok(())
}

fn node_is_new_enough(version: &str) -> bool {
    let mut numbers = version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .map(str::parse::<u32>);
    let (Some(Ok(major)), Some(Ok(minor))) = (numbers.next(), numbers.next()) else {
        return false;
    };
    // Vite's own words: ^20.19 or >= 22.12.
    (major == 20 && minor >= 19) || (major == 22 && minor >= 12) || major > 22
}

fn wanted(groups: &[Group]) -> Vec<&'static str> {
    let mut wanted = Vec::new();
    for name in groups.iter().flat_map(|group| group.packages()) {
        if !wanted.contains(name) {
            wanted.push(*name);
        }
    }
    wanted
}

fn is_debian(os_release: &str) -> bool {
    os_release.lines().any(|line| {
        let Some((key, value)) = line.split_once('=') else {
            return false;
        };
        matches!(key, "ID" | "ID_LIKE")
            && value
                .trim_matches('"')
                .split(' ')
                .any(|name| name == "debian")
    })
}

fn is_installed(package: &str) -> bool {
    let arguments = ["-W", "-f", "${db:Status-Status}", package];
    process::output(&mut process::command(
        "dpkg-query",
        &arguments,
        Path::new("/"),
    ))
    .is_ok_and(|status| status == "installed")
}

/// How to become root: by nothing when we are, by sudo when that will answer, else not at all.
fn privilege() -> Option<&'static [&'static str]> {
    let id = process::output(&mut process::command("id", &["-u"], Path::new("/")));
    if id.is_ok_and(|id| id.trim() == "0") {
        return Some(&[]);
    }
    // With nobody at the terminal a password question would wait for ever.
    let asks = if std::io::stdin().is_terminal() {
        "--version"
    } else {
        "--non-interactive"
    };
    let arguments: &[&str] = if asks == "--version" {
        &[asks]
    } else {
        &[asks, "true"]
    };
    process::output(&mut process::command("sudo", arguments, Path::new("/"))).ok()?;
    Some(&["sudo"])
}

fn apt(prefix: &[&str], packages: &[&str]) -> Result<()> {
    let install = ["install", "-y", "--no-install-recommends"];
    for arguments in [&["update"][..], &[&install[..], packages].concat()] {
        let line = [
            prefix,
            &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"],
            arguments,
        ]
        .concat();
        let (program, arguments) = line.split_first().context("no program")?;
        process::run(&mut process::command(program, arguments, Path::new("/")))?;
    }
    Ok(())
}

fn cannot_install(missing: &[&str]) -> String {
    format!(
        "these Debian packages are missing and could not be installed from here: {}\n\
         as root, type:\n\n    \
         apt-get update && apt-get install -y --no-install-recommends {}\n",
        missing.join(" "),
        missing.join(" ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_and_what_is_made_from_it_are_recognised() {
        assert!(is_debian(
            "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\n"
        ));
        assert!(is_debian("ID=ubuntu\nID_LIKE=debian\n"));
        assert!(is_debian("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"));
        assert!(!is_debian("ID=fedora\nNAME=\"not debian\"\n"));
        assert!(!is_debian(""));
    }

    #[test]
    fn a_package_that_two_groups_need_is_asked_for_once() {
        let wanted = wanted(ALL);
        let fonts = wanted
            .iter()
            .filter(|name| **name == "fonts-thai-tlwg")
            .count();
        assert_eq!(fonts, 1);
    }

    #[test]
    fn node_is_judged_by_the_versions_the_ui_tools_run_on() {
        for good in ["v20.19.0\n", "v20.20.2", "v22.12.0", "v24.0.1"] {
            assert!(node_is_new_enough(good), "{good}");
        }
        for old in [
            "v18.20.4", "v20.18.9", "v21.7.0", "v22.11.0", "", "nonsense",
        ] {
            assert!(!node_is_new_enough(old), "{old}");
        }
    }

    #[test]
    fn what_cannot_be_installed_comes_with_the_command_to_type() {
        let words = cannot_install(&["xvfb", "openbox"]);
        assert!(words.contains("apt-get install -y --no-install-recommends xvfb openbox"));
    }
}
