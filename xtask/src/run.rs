//! `cargo xtask run`: from a fresh checkout to the program on the screen, with a made-up office inside and a
//! provincial server beside it. Where there is no screen it plays the tour instead: the same window, driven by a
//! script on a screen in memory, leaving pictures, the workbook and a log in `target/tour/`.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::Usage;
use crate::display::{self, Screen};
use crate::make::{self, Programs};
use crate::process::{self, Background};
use crate::repository::Repository;
use crate::setup::{self, Group};
use crate::{say, suite};

/// How `cargo xtask run` was asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Options {
    build_only: bool,
    tour: bool,
}

impl Options {
    /// Reads the flags.
    pub(crate) fn parse(arguments: &[&str]) -> Result<Self> {
        let mut options = Self::default();
        for argument in arguments {
            match *argument {
                "--build-only" => options.build_only = true,
                "--tour" => options.tour = true,
                other => bail!(Usage::new(&format!("`{other}` was not expected"))),
            }
        }
        Ok(options)
    }
}

/// Sets up, builds and starts. Returns the exit code of what was started.
pub(crate) fn run(repository: &Repository, options: Options) -> Result<u8> {
    let tour = options.tour || !display::is_present();
    setup::system(if tour {
        &[Group::Desktop, Group::Window]
    } else {
        &[Group::Desktop]
    })?;
    say::work("Building the pages");
    make::ui(repository)?;
    say::work("Building the programs; the first time this takes some minutes");
    make::desk(repository)?;
    make::hosts(repository)?;
    if options.build_only {
        say::work("Built, as asked; nothing is started");
        return Ok(0);
    }
    if tour {
        play_tour(repository)
    } else {
        open_window(repository)
    }
}

fn play_tour(repository: &Repository) -> Result<u8> {
    setup::npm(repository, "tests/e2e")?;
    // Always here, wherever cargo builds: it is the place the README names.
    let folder = repository.path("target/tour");
    remove_if_there(&folder)?;
    fs::create_dir_all(&folder)?;
    say::work("Playing the tour in a window on a screen in memory");
    let screen = Screen::start(repository)?;
    let mut tour = process::command("node", &["tests/e2e/tour.mjs"], repository.root());
    let tour = suite::on(&screen, suite::programs(&mut tour, repository)?);
    let status = process::status_of_group(tour.env("JITASA_TOUR_DIR", &folder))?;
    let code = process::exit_code(status);
    say::work(&match code {
        0 => "The tour ended well; its pictures, workbook and log are in target/tour/".to_owned(),
        code => format!("The tour failed with exit code {code}; see target/tour/"),
    });
    Ok(code)
}

fn open_window(repository: &Repository) -> Result<u8> {
    let programs = Programs::find(repository)?;
    let practice = Practice::at(repository);
    let _server = practice.serve(&programs, repository)?;
    practice.prepare_desk(&programs, repository)?;
    say::work("Opening the window on practice data; close it to end");
    say::detail(&format!("its data: {}", practice.desk().display()));
    say::detail("to begin again from nothing, delete target/run/");
    let mut desk = process::command(&programs.desk, &[] as &[&str], repository.root());
    let status = process::status_of_group(desk.env("JITASA_DATA", practice.desk()))?;
    Ok(process::exit_code(status))
}

/// The office and the server that a window opened by `run` works with; kept from one run to the next.
struct Practice {
    folder: PathBuf,
}

impl Practice {
    fn at(repository: &Repository) -> Self {
        Self {
            folder: repository.path("target/run"),
        }
    }

    fn desk(&self) -> PathBuf {
        self.folder.join("desk")
    }

    fn server(&self) -> PathBuf {
        self.folder.join("server")
    }

    /// The port the desk was enrolled at: it must be the same the next time.
    fn address(&self) -> Result<SocketAddr> {
        let file = self.folder.join("port");
        if let Ok(text) = fs::read_to_string(&file) {
            let port = text
                .trim()
                .parse()
                .context("target/run/port holds no port; delete it")?;
            return Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
        }
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        fs::create_dir_all(&self.folder)?;
        fs::write(file, free.port().to_string())?;
        Ok(free)
    }

    fn serve(&self, programs: &Programs, repository: &Repository) -> Result<Background> {
        let address = self.address()?;
        ensure!(
            TcpListener::bind(address).is_ok(),
            "port {} is in use, perhaps by another `cargo xtask run`; end that, or delete target/run/",
            address.port()
        );
        fs::create_dir_all(self.server())?;
        let log = fs::File::create(self.folder.join("server.log"))?;
        say::work(&format!(
            "Starting the provincial server at http://{address}"
        ));
        say::detail("its log: target/run/server.log");
        let (data, listen) = (self.server(), address.to_string());
        let arguments = [
            "--data",
            &data.to_string_lossy(),
            "serve",
            "--listen",
            &listen,
        ];
        let mut command = process::command(&programs.province, &arguments, repository.root());
        command.stdout(log.try_clone()?).stderr(log);
        let mut server = Background::start(&mut command)?;
        for _ in 0..200 {
            if TcpStream::connect(address).is_ok() {
                return Ok(server);
            }
            if let Some(status) = server.ended()? {
                bail!("the provincial server ended at once ({status}); see target/run/server.log");
            }
            process::pause(Duration::from_millis(50));
        }
        bail!("the provincial server does not answer; see target/run/server.log")
    }

    /// Makes the practice office and enrols it, the first time only.
    fn prepare_desk(&self, programs: &Programs, repository: &Repository) -> Result<()> {
        let (desk, done) = (self.desk(), self.folder.join("enrolled"));
        if done.exists() {
            return Ok(());
        }
        // Half a preparation is worth nothing and holds only made-up people.
        remove_if_there(&desk)?;
        say::work("Making a practice office (อำเภอหนองพอก; all people made up)");
        let cli = |arguments: &[&str]| {
            let data = desk.to_string_lossy();
            let arguments = [&["--data", &data], arguments].concat();
            process::output(&mut process::command(
                &programs.cli,
                &arguments,
                repository.root(),
            ))
        };
        cli(&["init", "--practice"])?;
        let status: serde_json::Value = serde_json::from_str(&cli(&["call", "status.get"])?)?;
        let office = status["office"]["code"]
            .as_str()
            .context("the office has no code")?;
        let code = self.one_time_code(office, programs, repository)?;
        let url = format!("http://{}", self.address()?);
        cli(&["enrol", "--server", &url, "--code", &code])?;
        fs::write(done, "").context("target/run cannot be written")
    }

    fn one_time_code(
        &self,
        office: &str,
        programs: &Programs,
        repository: &Repository,
    ) -> Result<String> {
        let data = self.server();
        let arguments = [
            "--data",
            &data.to_string_lossy(),
            "enrol",
            "--office",
            office,
        ];
        let mut command = process::command(&programs.province, &arguments, repository.root());
        let printed = process::output(&mut command)?;
        let code = printed
            .split_whitespace()
            .last()
            .context("the server gave no code")?;
        Ok(code.to_owned())
    }
}

fn remove_if_there(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("{} cannot be cleared", folder.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_read_and_a_wrong_one_is_a_question_of_usage() {
        let options = Options::parse(&["--tour", "--build-only"]).unwrap();
        assert_eq!(
            options,
            Options {
                build_only: true,
                tour: true
            }
        );
        assert_eq!(Options::parse(&[]).unwrap(), Options::default());
        assert!(Options::parse(&["--fast"]).unwrap_err().is::<Usage>());
    }

    #[test]
    fn the_server_keeps_its_port_from_one_run_to_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let practice = Practice::at(&Repository::at(folder.path()));
        let first = practice.address().unwrap();
        assert_eq!(practice.address().unwrap(), first);
        assert!(first.ip().is_loopback());
    }
}
