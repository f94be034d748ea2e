//! A bot of several real processes on PostgreSQL: two with a shard each, one that takes interactions over HTTP.
//!
//! What is published is answered from by all of them, whole, whoever is killed or cut off meanwhile.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use briefing_bot::cache::Cache;
use briefing_bot::fact::FactBase;
use briefing_bot::reload::{self, FactSource, Fingerprint, Published, Refusal, Reloaded, Reloader};
use briefing_bot::store::{Publication, PublishedFiles, Store, Timestamp};
use serde_json::json;
use tokio::runtime::Handle;

use crate::support::events::{self, ADMIN, IN_CHANNEL, IN_DIRECT, MEMBER, ON_SECOND_SHARD, OTHER_MEMBER, Place};
use crate::support::http::{free_address, wait_for};
use crate::support::over_http::public_key;
use crate::support::state::{Client, Fault, Inner, Slow};
use crate::support::{Database, Knowledge, Loopback, PATIENCE, Process, block_on};

const QUESTION: &str = "How high will the harbour wall be?";
const QUIET: (&str, &str) = ("RUST_LOG", "off,briefing_bot=warn");
/// Issue 5: a publication is answered from by every process within this time.
const ANSWERED_FROM_WITHIN: Duration = Duration::from_secs(2);

/// The two revisions that are published in turn. Each shows in two files, so an answer of half of one would be seen.
const REVISIONS: [(&str, &str); 2] = [
    ("to six metres in all", "Harbour wall to be raised"),
    ("to seven metres in all", "Harbour wall to be raised higher"),
];

struct Stage {
    discord: Loopback,
    knowledge: Knowledge,
    database: Database,
    interactions: SocketAddr,
    bots: Vec<Process>,
}

impl Stage {
    /// `None` where there is no PostgreSQL.
    fn new() -> Option<Self> {
        let database = block_on(Database::new())?;
        let mut stage = Self {
            discord: Loopback::start(),
            knowledge: Knowledge::harbour(),
            database,
            interactions: free_address(),
            bots: Vec::new(),
        };
        stage.publish();
        stage.bots = vec![
            stage.start(&[("SHARDS", "0/2")]),
            stage.start(&[("SHARDS", "1/2")]),
            stage.start_over_http(),
        ];
        for shard in 0..2 {
            stage.wait_for_shard(shard, &[]);
        }
        stage
            .discord
            .state()
            .wait("the commands", |inner| (!inner.commands.is_empty()).then_some(()));
        Some(stage)
    }

    fn start(&self, more: &[(&str, &str)]) -> Process {
        let url = self.database.url();
        let own = [QUIET, ("KNOWLEDGE_SOURCE", "database"), ("DATABASE_URL", &url)];
        let settings: Vec<_> = more.iter().copied().chain(own).collect();
        Process::run(&self.discord, &self.knowledge, &settings)
    }

    fn start_over_http(&self) -> Process {
        let health = free_address();
        let bot = self.start(&[
            ("SHARDS", "none"),
            ("DISCORD_PUBLIC_KEY", &public_key()),
            ("INTERACTIONS_LISTEN", &self.interactions.to_string()),
            ("HTTP_LISTEN", &health.to_string()),
        ]);
        wait_for(health, "/readyz", "readiness", |status, _| status == 200);
        bot
    }

    /// Waits until a shard is connected, in none of these sessions.
    fn wait_for_shard(&self, shard: u64, but: &[String]) {
        self.discord.state().wait("a shard", |inner| {
            let is_it = |client: &Client| client.shard == (shard, 2) && !but.contains(&client.session);
            inner.clients.iter().any(is_it).then_some(())
        });
    }

    /// Kills a bot by its place in the list, does something else, and puts another in its place.
    fn kill_bot(&mut self, index: usize, then: impl FnOnce()) {
        let in_session = |inner: &mut Inner| inner.clients.iter().map(|client| client.session.clone()).collect();
        let sessions: Vec<String> = self.discord.state().with(in_session);
        self.bots.remove(index).kill();
        then();
        let again = match index {
            0 | 1 => self.start(&[("SHARDS", &format!("{index}/2"))]),
            _ => self.start_over_http(),
        };
        if index < 2 {
            self.wait_for_shard(index as u64, &sessions);
        }
        self.bots.insert(index, again);
    }

    fn publish(&self) {
        let status = publishing(&self.database.url(), self.knowledge.path()).status();
        assert!(status.unwrap().success());
    }

    /// The folder from one revision to the other.
    fn edit(&self, from: usize, to: usize) {
        self.knowledge.edit(REVISIONS[from].0, REVISIONS[to].0);
        let path = self.knowledge.path().join("harbour-works/source.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        let title = |revision: usize| format!("title = \"{}\"", REVISIONS[revision].1);
        assert!(text.contains(&title(from)), "{text}");
        std::fs::write(&path, text.replace(&title(from), &title(to))).unwrap();
    }

    /// The revision that this place is answered from.
    #[track_caller]
    fn revision_at(&self, place: Place) -> usize {
        revision_of(&self.discord.asked(place, QUESTION))
    }

    /// The revision that an interaction over HTTP is answered from.
    #[track_caller]
    fn revision_over_http(&self, user: u64) -> usize {
        let options = json!([{"name": "question", "type": 3, "value": QUESTION}]);
        let ask = |id| events::command(id, IN_CHANNEL.by(user), "ask", &options);
        let id = self.discord.interacts_over_http(self.interactions, ask);
        revision_of(self.discord.response_to(id).0["content"].as_str().unwrap())
    }

    /// Waits until every process answers from a revision; gives how long that took.
    #[track_caller]
    fn until_all_answer_from(&self, revision: usize) -> Duration {
        let began = Instant::now();
        loop {
            let answers = [
                self.revision_at(IN_CHANNEL),
                self.revision_at(ON_SECOND_SHARD),
                self.revision_over_http(MEMBER),
            ];
            if answers == [revision; 3] {
                return began.elapsed();
            }
            assert!(began.elapsed() < PATIENCE, "{answers:?} instead of {revision}");
        }
    }

    /// Publishes the revisions in turn, so many times, whatever is done before each; every time all must answer from the new
    /// one in time. The machine may be busy with other work for a moment, so each may be late once.
    #[track_caller]
    fn publish_in_turn(&self, n_rounds: usize, before: impl Fn()) {
        let (mut current, mut n_late) = (0, 0);
        for round in 0..n_rounds {
            loop {
                before();
                let next = 1 - current;
                self.edit(current, next);
                self.publish();
                let took = self.until_all_answer_from(next);
                current = next;
                if took < ANSWERED_FROM_WITHIN {
                    n_late = 0;
                    break;
                }
                n_late += 1;
                assert!(n_late < 2, "round {round} was late twice, now by {took:?}");
            }
        }
    }

    /// Ends the connections that are listened on; gives how many there were.
    fn cut_listening(&self) -> usize {
        self.of_listening("pg_terminate_backend(pid)")
    }

    #[track_caller]
    fn until_all_listen(&self) {
        let began = Instant::now();
        while self.of_listening("pid") < 3 {
            assert!(began.elapsed() < PATIENCE);
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn of_listening(&self, what: &str) -> usize {
        let url = self.database.url();
        let (_, name) = url.rsplit_once('/').unwrap();
        let question = format!("SELECT {what} FROM pg_stat_activity WHERE datname = '{name}' AND query LIKE 'LISTEN%'");
        block_on(self.database.n_rows(&question))
    }

    fn end(self) {
        for bot in &self.bots {
            bot.signal("TERM");
        }
        for bot in self.bots {
            let (status, written) = bot.ended();
            assert_eq!(status.code(), Some(0), "{written}");
            assert!(!written.contains("panicked"), "{written}");
        }
        block_on(self.database.drop());
    }
}

fn publishing(url: &str, knowledge: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_briefing-bot"));
    command
        .arg("publish")
        .arg("--knowledge")
        .arg(knowledge)
        .env_clear()
        .env("DATABASE_URL", url)
        .current_dir(knowledge)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// The revision that an answer is of, which must be whole: the claim and the source's title of the same.
#[track_caller]
fn revision_of(answer: &str) -> usize {
    let is_of = |(claim, title): &(&str, &str)| {
        // The other title begins with the same words.
        let after = answer.split(title).nth(1);
        answer.contains(claim) && after.is_some_and(|after| !after.starts_with(" higher"))
    };
    let found = REVISIONS.iter().position(is_of);
    found.unwrap_or_else(|| panic!("of no revision, or of half of one: {answer}"))
}

#[test]
fn what_is_published_is_answered_from_by_all_and_never_by_halves() {
    let Some(stage) = Stage::new() else {
        return;
    };
    stage.until_all_answer_from(0);
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        // Somebody asks without pause; each answer is checked to be whole.
        let asking = scope.spawn(|| {
            let mut n_asked = 0;
            let began = Instant::now();
            // Not for ever, where the others fail.
            while !is_over.load(Ordering::Relaxed) && began.elapsed() < 2 * PATIENCE {
                stage.revision_at(IN_CHANNEL.by(OTHER_MEMBER));
                n_asked += 1;
            }
            n_asked
        });
        stage.publish_in_turn(6, || {});
        is_over.store(true, Ordering::Relaxed);
        assert!(asking.join().unwrap() > 10);
    });
    let action = json!([{"name": "status", "type": 1, "options": []}]);
    let status = |id| events::command(id, IN_DIRECT.by(ADMIN), "admin", &action);
    let id = stage.discord.interacts_over_http(stage.interactions, status);
    let status = stage.discord.response_to(id).0["content"].to_string();
    for part in ["Processes: 3", "shards 0..1/2", "shards 1..2/2", "interactions"] {
        assert!(status.contains(part), "{part} in {status}");
    }
    stage.end();
}

#[test]
fn with_the_listening_cut_the_next_revision_still_arrives() {
    let Some(stage) = Stage::new() else {
        return;
    };
    stage.until_all_answer_from(0);
    stage.publish_in_turn(3, || {
        stage.until_all_listen();
        assert_eq!(stage.cut_listening(), 3, "each process listens, and it was cut");
    });
    stage.end();
}

/// What was published, as a process hears of it and asks for it hardly ever.
#[derive(Debug)]
struct Heard(Published);

#[async_trait]
impl FactSource for Heard {
    fn fingerprint(&self) -> Result<Fingerprint, Refusal> {
        self.0.fingerprint()
    }

    fn load(&self) -> Result<(Fingerprint, FactBase), Refusal> {
        self.0.load()
    }

    fn polled_every(&self) -> Duration {
        Duration::from_hours(1)
    }

    fn watched(&self) -> Option<&Path> {
        None
    }

    fn is_always_whole(&self) -> bool {
        true
    }

    async fn hinted(&self) {
        self.0.hinted().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_hears_of_a_publication_without_asking() {
    let Some(database) = Database::new().await else {
        return;
    };
    let (knowledge, url) = (Knowledge::harbour(), database.url());
    let publish = || assert!(publishing(&url, knowledge.path()).status().unwrap().success());
    publish();
    let store: Arc<dyn Store> = Arc::new(database.store());
    let source = Arc::new(Heard(Published::new(Arc::clone(&store), Handle::current())));
    let start = move || Reloader::start(source, Cache::default()).unwrap();
    let reloader = Arc::new(tokio::task::spawn_blocking(start).await.unwrap());
    let mut told = reloader.subscribe();
    let watching = tokio::spawn({
        let reloader = Arc::clone(&reloader);
        async move { reload::watch(&reloader).await }
    });
    let (_, name) = url.rsplit_once('/').unwrap();
    let listening = format!("SELECT pid FROM pg_stat_activity WHERE datname = '{name}' AND query LIKE 'LISTEN%'");
    let deadline = Instant::now() + PATIENCE;
    while database.n_rows(&listening).await == 0 {
        assert!(Instant::now() < deadline, "nobody listens");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // The look that follows the listening finds nothing new.
    tokio::time::sleep(Duration::from_secs(1)).await;
    knowledge.edit(REVISIONS[0].0, REVISIONS[1].0);
    publish();
    let heard = tokio::time::timeout(PATIENCE, told.recv()).await;
    assert!(matches!(heard, Ok(Ok((_, Reloaded::Replaced { .. })))), "{heard:?}");
    watching.abort();
    store.close().await;
    database.drop().await;
}

#[test]
fn whoever_is_killed_while_it_is_published_comes_back_on_a_whole_revision() {
    let Some(mut stage) = Stage::new() else {
        return;
    };
    stage.until_all_answer_from(0);
    let url = stage.database.url();
    let mut current = 0;
    // Whoever publishes, and each of the bots in turn: those with a shard too.
    let killed = [None, Some(2), None, Some(0), None, Some(1)];
    for (round, bot) in killed.into_iter().enumerate() {
        let next = 1 - current;
        stage.edit(current, next);
        let mut publishing = publishing(&url, stage.knowledge.path()).spawn().unwrap();
        // From before anything is written to after it was taken.
        std::thread::sleep(Duration::from_millis(round as u64 * 40));
        match bot {
            None => {
                publishing.kill().unwrap();
                publishing.wait().unwrap();
            }
            Some(index) => stage.kill_bot(index, || _ = publishing.wait().unwrap()),
        }
        // Whatever became of it, what is in force is whole, and the same for all once it has settled.
        let in_force = block_on(async {
            let store = stage.database.store();
            let in_force = store.publication(None).await.unwrap().unwrap();
            store.close().await;
            in_force
        });
        let text = &in_force.entry.files["harbour-works"]["facts/works.toml"];
        let found = REVISIONS.iter().position(|(claim, _)| text.contains(claim)).unwrap();
        stage.until_all_answer_from(found);
        // The folder may be ahead of what is in force, where the publishing was killed first.
        if found != next {
            stage.publish();
            stage.until_all_answer_from(next);
        }
        current = next;
    }
    stage.end();
}

#[test]
fn of_processes_that_start_at_once_one_registers_the_commands() {
    const N_PROCESSES: usize = 3;
    let Some(database) = block_on(Database::new()) else {
        return;
    };
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let url = database.url();
    assert!(publishing(&url, knowledge.path()).status().unwrap().success());
    // Whoever reads them has time to be overtaken.
    let mut slow = Fault::new("/commands", 2 * N_PROCESSES, 200, "");
    slow.delay = Duration::from_millis(500);
    slow.only_slow = Some(Slow::ToAnswer);
    discord.script(slow);
    let bots: Vec<Process> = (0..N_PROCESSES)
        .map(|_| {
            let (interactions, key) = (free_address().to_string(), public_key());
            let settings = [
                QUIET,
                ("KNOWLEDGE_SOURCE", "database"),
                ("DATABASE_URL", &url),
                ("SHARDS", "none"),
                ("DISCORD_PUBLIC_KEY", &key),
                ("INTERACTIONS_LISTEN", &interactions),
            ];
            Process::run(&discord, &knowledge, &settings)
        })
        .collect();
    discord.state().wait("every process to have looked", |inner| {
        (inner.n_comparisons == N_PROCESSES).then_some(())
    });
    // What is in flight is finished before they end.
    for bot in &bots {
        bot.signal("TERM");
    }
    for bot in bots {
        let (status, written) = bot.ended();
        assert_eq!(status.code(), Some(0), "{written}");
    }
    assert_eq!(discord.state().with(|inner| inner.n_overwrites), 1);
    block_on(database.drop());
}

/// What a unit with `ProcSubset=pid` leaves of `/proc` for the program that follows.
const HARDENED: [&str; 5] = [
    "unshare",
    "--mount",
    "sh",
    "-c",
    "mount -t proc -o subset=pid proc /proc && exec \"$0\" \"$@\"",
];

#[test]
fn a_process_is_listed_by_its_machine_s_name_where_the_unit_hides_the_most_of_proc() {
    let hardened = |words: &[&str]| {
        let mut command = Command::new(HARDENED[0]);
        command.args(&HARDENED[1..]).args(words).stderr(Stdio::null());
        command.status().unwrap().success()
    };
    if !hardened(&["true"]) {
        // A container may forbid mounts altogether.
        assert!(
            std::env::var_os("CI").is_none(),
            "nothing can be mounted on this machine"
        );
        return;
    }
    assert!(!hardened(&["test", "-e", "/proc/sys"]), "the most of it is hidden");
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let program = Path::new(env!("CARGO_BIN_EXE_briefing-bot"));
    let bot = Process::run_by(&HARDENED, program, &discord, &knowledge, &[QUIET]);
    discord.wait_until_ready();
    let machine = Command::new("uname").arg("-n").output().unwrap();
    let name = format!("\n{}:{}, ", String::from_utf8(machine.stdout).unwrap().trim(), bot.id());
    let began = Instant::now();
    loop {
        let (status, _) = discord.response_to(discord.admin(IN_DIRECT.by(ADMIN), "status"));
        let status = status["content"].as_str().unwrap();
        if status.contains(&name) {
            break;
        }
        assert!(began.elapsed() < PATIENCE, "no {name:?} in {status}");
        std::thread::sleep(Duration::from_secs(1));
    }
    bot.signal("TERM");
    let (status, written) = bot.ended();
    assert_eq!(status.code(), Some(0), "{written}");
}

fn publication(revision: &str) -> Publication {
    Publication {
        at: Timestamp(1_935_489_600),
        revision: revision.to_owned(),
        n_facts: 0,
        files: PublishedFiles::default(),
    }
}

#[test]
fn a_publication_is_announced_to_whoever_listens() {
    let Some(database) = block_on(Database::new()) else {
        return;
    };
    block_on(async {
        let (listening, publishing) = (database.store(), database.store());
        // Something may have been published before anybody listened.
        listening.publication_announced().await.unwrap();
        let soon = Duration::from_millis(300);
        let nothing = tokio::time::timeout(soon, listening.publication_announced()).await;
        assert!(nothing.is_err(), "announced without a publication");
        for revision in ["11111111", "22222222"] {
            let heard = listening.publication_announced();
            let published = async { publishing.publish(&publication(revision)).await.unwrap() };
            let both = async { tokio::join!(heard, published) };
            let (heard, _) = tokio::time::timeout(PATIENCE, both).await.unwrap();
            heard.unwrap();
        }
        listening.close().await;
        publishing.close().await;
    });
    block_on(database.drop());
}
