//! The stage: Discord, the bot on it, its facts, its store, its clock, and the questions that flow.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crate::dice::Dice;
use crate::facts::Facts;
use crate::faults::{HEARTBEAT, nonsense};
use crate::flow::{self, Flow};
use crate::ledger::Ledger;
use crate::program::{Program, Running};
use crate::store::StoreFile;
use crate::support::proxy::Proxy;
use crate::support::state::{Fault as Scripted, Frame};
use crate::support::{Knowledge, Loopback};

/// For the bot to be connected; the goal is less.
const CONNECTED_WITHIN: Duration = Duration::from_mins(1);
/// A frame of a question's is some 700 bytes long.
const CUT_WITHIN: usize = 1500;
/// The two ways that answers go.
const WAYS_OUT: [&str; 2] = ["/messages", "/callback"];

/// All that a drill has to do with.
pub(crate) struct Stage {
    pub(crate) discord: Arc<Loopback>,
    pub(crate) gateway: Proxy,
    pub(crate) knowledge: Knowledge,
    pub(crate) facts: Facts,
    pub(crate) store: StoreFile,
    pub(crate) program: Program,
    pub(crate) bot: Option<Running>,
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) flow: Flow,
    pub(crate) dice: Dice,
    /// The text whose first half was written.
    pub(crate) half_written: String,
    /// Logins when the bot was started.
    n_logins_before: usize,
    /// The memory of this bot once it had answered for a while.
    settled_mib: Option<f64>,
    /// What went wrong, in words.
    pub(crate) failures: Vec<String>,
}

impl Stage {
    /// Sets it up, without the bot.
    pub(crate) fn set_up(program: &std::path::Path, rate: f64, seed: u64) -> Self {
        let discord = Arc::new(Loopback::start());
        let address = discord.url().trim_start_matches("http://").to_owned();
        let gateway = Proxy::to(&address);
        let ledger = Arc::new(Ledger::default());
        discord.state().with(|inner| {
            inner.gateway_url = Some(format!("ws://{}", gateway.address()));
            inner.watcher = Some(Arc::clone(&ledger) as _);
            // Answers that come too late are counted in the ledger.
            inner.is_lenient = true;
        });
        let knowledge = Knowledge::harbour();
        let facts = Facts::lay_out(&knowledge);
        let program = Program::new(program);
        let store = StoreFile::of(&knowledge);
        program.give(knowledge.path());
        program.give(&store.folder());
        Self {
            flow: Flow::start(&discord, &ledger, rate, seed),
            discord,
            gateway,
            knowledge,
            facts,
            store,
            program,
            bot: None,
            ledger,
            dice: Dice::new(seed ^ 0xd1ce),
            half_written: String::new(),
            n_logins_before: 0,
            settled_mib: None,
            failures: Vec::new(),
        }
    }

    /// Starts the bot, and the flow once it is connected; gives how long that took.
    pub(crate) fn start(&mut self) -> Duration {
        self.store.forget_logins();
        let began = Instant::now();
        self.discord.state().with(|inner| {
            inner.clients.clear();
            inner.heartbeat = None;
            self.n_logins_before = inner.n_identifies;
        });
        let mut bot = self.program.start(&self.discord, &self.knowledge);
        while self.discord.state().with(|inner| inner.clients.is_empty()) {
            assert!(
                bot.end().is_none() && began.elapsed() < CONNECTED_WITHIN,
                "the bot does not connect: {}",
                bot.written()
            );
            thread::sleep(Duration::from_millis(5));
        }
        let took = began.elapsed();
        self.bot = Some(bot);
        self.settled_mib = None;
        self.greet_everywhere();
        self.flow.switches().pause(false);
        took
    }

    /// Lets what was asked be answered, and stops the bot as a supervisor does.
    pub(crate) fn stop(&mut self) {
        self.flow.switches().pause(true);
        let deadline = Instant::now() + Duration::from_secs(30);
        while self.ledger.n_waiting() > 0 && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(20));
        }
        let Some(mut bot) = self.bot.take() else { return };
        if let Some(status) = bot.end() {
            self.failures.push(format!("the bot ended by itself with {status}"));
        } else {
            bot.terminate();
            match bot.ended_within(Duration::from_secs(35)) {
                Some(status) if status.code() == Some(0) => {}
                end => self.failures.push(format!("told to stop, the bot ended with {end:?}")),
            }
        }
        self.look_through(&bot.written());
    }

    /// Whether the bot could log in so often again without being held back.
    pub(crate) fn can_log_in(&self, n: usize) -> bool {
        let so_far = self.discord.state().with(|inner| inner.n_identifies);
        so_far - self.n_logins_before + n <= 5
    }

    /// Notes what no log may hold.
    pub(crate) fn look_through(&mut self, log: &str) {
        if let Some(line) = log.lines().find(|line| line.contains("panicked")) {
            self.failures.push(format!("the bot panicked: {line}"));
        }
    }

    pub(crate) fn cut(&mut self) {
        let n_bytes = 1 + self.dice.below(CUT_WITHIN);
        self.gateway.cut_after(n_bytes);
    }

    pub(crate) fn close(&mut self, code: u16) {
        self.discord.send(&Frame::Close(code));
    }

    pub(crate) fn close_without_code(&mut self) {
        self.discord.send(&Frame::CloseWithoutCode);
    }

    pub(crate) fn raw(&mut self, text: &str) {
        self.discord.send(&Frame::Raw(text.to_owned()));
    }

    pub(crate) fn invalidate(&mut self) {
        self.discord.state().with(|inner| {
            inner.end_sessions();
            inner.send(&Frame::Raw(r#"{"op":9,"t":null,"s":null,"d":false}"#.to_owned()));
        });
    }

    /// A session with a heartbeat that can be waited for, and then silence.
    pub(crate) fn hush(&mut self) {
        let before = self.discord.state().with(|inner| {
            inner.heartbeat = Some(HEARTBEAT);
            inner.n_identifies
        });
        self.invalidate();
        self.discord.state().wait("another session", |inner| {
            (inner.n_identifies > before && !inner.clients.is_empty()).then_some(())
        });
        // What was missed is looked for, and the first heartbeats are answered.
        thread::sleep(HEARTBEAT);
        self.discord.state().with(|inner| inner.heartbeat = None);
        self.discord.send(&Frame::Hush);
    }

    pub(crate) fn send_nonsense(&mut self) {
        let mut frames = nonsense();
        self.dice.shuffle(&mut frames);
        for frame in &frames {
            self.discord.send(frame);
        }
    }

    /// The next requests that carry answers meet this.
    pub(crate) fn script(&mut self, times: usize, fault: impl Fn(&'static str) -> Scripted) {
        for path in WAYS_OUT {
            let mut scripted = fault(path);
            scripted.times = times;
            self.discord.script(scripted);
        }
    }

    /// The next requests to this path are refused so.
    pub(crate) fn script_on(&mut self, path: &'static str, status: u16, body: &str) {
        self.discord.script(Scripted::new(path, 20, status, body));
    }

    /// The bot is asked in each channel, since it looks for what it has missed only where it was asked.
    pub(crate) fn greet_everywhere(&self) {
        flow::ask_everywhere(&self.discord, &self.ledger);
    }

    /// From now on its memory is compared with what it is now.
    pub(crate) fn settle_memory(&mut self) {
        self.settled_mib = self.bot.as_ref().and_then(Running::mib);
    }

    /// The memory when it had settled, and now.
    pub(crate) fn growth(&self) -> Option<(f64, f64)> {
        self.settled_mib.zip(self.bot.as_ref()?.mib())
    }
}
