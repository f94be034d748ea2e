//! The real bot, in this process or as the program itself.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use briefing_bot::config::Config;
use briefing_bot::discord::Overheard;
use briefing_bot::ops::signals::Control;
use briefing_bot::reload::Directory;
use briefing_bot::serve::{self, ServeError};
use briefing_bot::store::Store;

use super::events::{ADMIN, HOME};
use super::nobody::command_by;
use super::state::{PATIENCE, TOKEN};
use super::{Knowledge, Loopback};

/// The bot on a thread of this process, through `serve`; stopped when dropped.
pub(crate) struct TestBot {
    control: Control,
    thread: Option<JoinHandle<Result<(), ServeError>>>,
}

impl TestBot {
    /// Starts it, with [`ADMIN`] as its admin and [`HOME`] as its home, and waits until it is connected.
    #[track_caller]
    pub(crate) fn start(discord: &Loopback, knowledge: &Knowledge) -> Self {
        let bot = Self::start_with(discord, knowledge, &[]);
        discord.wait_until_ready();
        bot
    }

    /// Starts it with more settings, and does not wait.
    pub(crate) fn start_with(discord: &Loopback, knowledge: &Knowledge, more: &[(&str, &str)]) -> Self {
        Self::start_by(discord, knowledge, more, None)
    }

    /// Starts it on this store, and does not wait.
    pub(crate) fn start_on(discord: &Loopback, knowledge: &Knowledge, store: Arc<dyn Store>) -> Self {
        Self::start_by(discord, knowledge, &[], Some(store))
    }

    fn start_by(
        discord: &Loopback,
        knowledge: &Knowledge,
        more: &[(&str, &str)],
        store: Option<Arc<dyn Store>>,
    ) -> Self {
        let settings = settings(discord, knowledge, more);
        let lookup = |name: &str| {
            settings
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.clone())
        };
        let config = Config::read(&lookup).unwrap();
        let source = Arc::new(Directory::new(knowledge.path().to_path_buf()));
        let control = Control::default();
        let thread = std::thread::spawn({
            let control = control.clone();
            move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .unwrap();
                let overheard = Overheard::default();
                runtime.block_on(async {
                    match store {
                        Some(store) => serve::serve_on(store, config, source, &overheard, &control).await,
                        None => serve::serve(config, source, &overheard, &control).await,
                    }
                })
            }
        });
        Self {
            control,
            thread: Some(thread),
        }
    }

    /// Asks for a reload, as SIGHUP does.
    pub(crate) fn hang_up(&self) {
        self.control.reload();
    }

    /// Stops it cleanly.
    pub(crate) fn stop(mut self) -> Result<(), ServeError> {
        self.control.stop();
        self.thread.take().unwrap().join().unwrap()
    }

    /// Waits until it ends by itself.
    pub(crate) fn ended(mut self) -> Result<(), ServeError> {
        self.thread.take().unwrap().join().unwrap()
    }
}

impl Drop for TestBot {
    fn drop(&mut self) {
        self.control.stop();
        if let Some(thread) = self.thread.take() {
            let end = thread.join();
            if !std::thread::panicking() {
                end.unwrap().unwrap();
            }
        }
    }
}

/// The store is beside the facts, so that a bot that is started again on them finds it.
pub(crate) fn settings(discord: &Loopback, knowledge: &Knowledge, more: &[(&str, &str)]) -> Vec<(String, String)> {
    let store = knowledge.store_url();
    let (admin, home, url) = (ADMIN.to_string(), HOME.to_string(), discord.url());
    let own = [
        ("DISCORD_TOKEN", TOKEN),
        ("DISCORD_API_URL", &url),
        ("ADMIN_USER_IDS", &admin),
        ("HOME_GUILD_ID", &home),
        ("DATABASE_URL", &store),
        // The tests' members ask faster than people.
        ("MEMBER_RATE", "0"),
        ("SERVER_RATE", "0"),
    ];
    // The first of a name wins.
    let all = more.iter().copied().chain(own);
    all.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The program itself.
pub(crate) struct Process {
    child: Child,
    /// What it writes to its standard output and error, read while it runs: a pipe that is full would stop it.
    written: Vec<JoinHandle<String>>,
}

impl Process {
    /// Starts `briefing-bot run` with these settings beside the usual ones, and no others.
    pub(crate) fn run(discord: &Loopback, knowledge: &Knowledge, more: &[(&str, &str)]) -> Self {
        Self::run_by(
            &[],
            Path::new(env!("CARGO_BIN_EXE_briefing-bot")),
            discord,
            knowledge,
            more,
        )
    }

    /// Starts it by another program, which is handed the path of this one and what follows.
    pub(crate) fn run_by(
        starter: &[&str],
        program: &Path,
        discord: &Loopback,
        knowledge: &Knowledge,
        more: &[(&str, &str)],
    ) -> Self {
        let mut command = command_by(starter, program);
        // The first of a name wins, and of those given to the command the last.
        let settings = settings(discord, knowledge, more).into_iter().rev();
        command
            .arg("run")
            .arg("--knowledge")
            .arg(knowledge.path())
            .env_clear()
            .envs(settings);
        // Away from any `.env`.
        command.current_dir(knowledge.path());
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let written = vec![
            read_on(child.stdout.take().unwrap()),
            read_on(child.stderr.take().unwrap()),
        ];
        Self { child, written }
    }

    /// Its number.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills it, whatever it is doing.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Sends a signal by its name.
    #[track_caller]
    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .arg(format!("-{name}"))
            .arg(self.child.id().to_string())
            .status();
        assert!(status.unwrap().success());
    }

    /// Waits until it has ended; gives its status and everything it wrote.
    #[track_caller]
    pub(crate) fn ended(mut self) -> (ExitStatus, String) {
        let deadline = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            if Instant::now() > deadline {
                self.child.kill().unwrap();
                panic!("the program did not end; it wrote: {}", self.written());
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        (status, self.written())
    }

    fn written(&mut self) -> String {
        let written = self.written.drain(..);
        written.map(|reader| reader.join().unwrap()).collect()
    }
}

/// Reads on a thread of its own until the other end is closed.
fn read_on(mut output: impl Read + Send + 'static) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut text = String::new();
        output.read_to_string(&mut text).unwrap();
        text
    })
}

impl Drop for Process {
    fn drop(&mut self) {
        // Has ended already, unless the test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
