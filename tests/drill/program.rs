//! The bot as a program of its own, with a clock that can be set, as a user whom permission bits stop.

use std::fs::{self, File};
use std::os::unix::fs::{FileExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::process;
use crate::support::bot::settings;
use crate::support::nobody::{as_nobody, command_by, is_root};
use crate::support::state::TOKEN;
use crate::support::{Knowledge, Loopback};

/// The user that the bot is run as where the drill is root's ([`as_nobody`]).
const NOBODY: u32 = 65_534;
/// What the log must not be full of.
const LOG: &str = "off,briefing_bot=warn";

/// What every start of the bot has in common.
pub(crate) struct Program {
    stage: TempDir,
    program: PathBuf,
    is_root: bool,
    n_starts: u32,
}

impl Program {
    /// Puts this program where nobody may reach it, and makes its clock.
    pub(crate) fn new(program: &Path) -> Self {
        let stage = tempfile::tempdir().unwrap();
        open_to_all(stage.path());
        let own = stage.path().join("briefing-bot");
        fs::copy(program, &own).unwrap();
        let made = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-o"])
            .arg(stage.path().join("clock.so"))
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drill/clock.c"))
            .status();
        assert!(made.expect("a C compiler, as the build needs one").success());
        let program = Self {
            stage,
            program: own,
            is_root: is_root(),
            n_starts: 0,
        };
        program.set_clock(0);
        program
    }

    /// The bot's clock is so many seconds ahead from now on.
    pub(crate) fn set_clock(&self, seconds: i64) {
        let file = File::options()
            .write(true)
            .create(true)
            .truncate(false)
            .open(self.clock())
            .unwrap();
        file.write_all_at(&seconds.to_ne_bytes(), 0).unwrap();
    }

    /// Gives a file or folder, with all in it, to the bot's user.
    pub(crate) fn give(&self, path: &Path) {
        if self.is_root {
            chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
        }
        if path.is_dir() && !path.is_symlink() {
            for entry in fs::read_dir(path).unwrap() {
                self.give(&entry.unwrap().path());
            }
        }
    }

    /// Starts the bot.
    pub(crate) fn start(&mut self, discord: &Loopback, knowledge: &Knowledge) -> Running {
        self.n_starts += 1;
        let log = self.stage.path().join(format!("log-{}", self.n_starts));
        let file = File::create(&log).unwrap();
        let mut command = command_by(&as_nobody(), &self.program);
        // The first of a name wins, and of those given to the command the last.
        let settings = settings(discord, knowledge, &[("RUST_LOG", LOG)]).into_iter().rev();
        command
            .arg("run")
            .arg("--knowledge")
            .arg(knowledge.path())
            .env_clear()
            .envs(settings)
            .env("LD_PRELOAD", self.stage.path().join("clock.so"))
            .env("DRILL_CLOCK", self.clock())
            // Away from any `.env`.
            .current_dir(self.stage.path())
            .stdin(Stdio::null())
            .stdout(file.try_clone().unwrap())
            .stderr(file);
        Running {
            child: command.spawn().unwrap(),
            log,
        }
    }

    fn clock(&self) -> PathBuf {
        self.stage.path().join("clock")
    }
}

fn open_to_all(path: &Path) {
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// A bot that was started.
pub(crate) struct Running {
    child: Child,
    log: PathBuf,
}

impl Running {
    /// How it ended, where it has.
    pub(crate) fn end(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
    }

    /// Waits for its end, at most so long.
    pub(crate) fn ended_within(&mut self, at_most: Duration) -> Option<ExitStatus> {
        let deadline = Instant::now() + at_most;
        loop {
            match self.end() {
                None if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(5)),
                end => return end,
            }
        }
    }

    /// Tells it to stop.
    pub(crate) fn terminate(&self) {
        let status = Command::new("kill").arg(self.child.id().to_string()).status();
        assert!(status.unwrap().success());
    }

    /// Its resident memory in MiB; Linux only.
    pub(crate) fn mib(&self) -> Option<f64> {
        process::memory(self.child.id(), "VmRSS")
    }

    /// Seconds of the processor that it has used; Linux only.
    pub(crate) fn processor_seconds(&self) -> Option<f64> {
        process::processor_seconds(self.child.id())
    }

    /// What it wrote so far; it must not hold the token, nor a panic.
    pub(crate) fn written(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap();
        assert!(!text.contains(TOKEN), "the log holds the token");
        text
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself, which was noticed already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
