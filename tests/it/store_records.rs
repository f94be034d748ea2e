//! The queue and the settings before the store: whatever the store does, nothing here waits, and it heals.

use std::num::NonZeroU64;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use briefing_bot::fact::FactRef;
use briefing_bot::store::{
    ASKED_WITHIN, ProcessId, ProcessRecord, Rating, Record, Records, RecordsHealth, RolledBack, ServerSettings,
    Snowflake, SqliteStore, Store, StoreError, Timestamp, Vote,
};
use tempfile::TempDir;

use crate::support::{Fault, FaultyStore, Knowledge, PATIENCE};

const NOON: Timestamp = Timestamp(1_935_489_600);

struct Stage {
    faulty: Arc<FaultyStore>,
    records: Arc<Records>,
    _folder: TempDir,
}

impl Stage {
    fn new(fault: Fault) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> = Arc::new(SqliteStore::new(&folder.path().join("store.sqlite")));
        let faulty = FaultyStore::new(store, fault);
        let records = Records::start(Arc::clone(&faulty) as Arc<dyn Store>, "the key".into(), 90);
        Self {
            faulty,
            records,
            _folder: folder,
        }
    }

    /// Waits until the health is as wanted.
    async fn until(&self, what: &str, wanted: impl Fn(RecordsHealth) -> bool) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while !wanted(self.records.health()) {
            let health = self.records.health();
            assert!(
                tokio::time::Instant::now() < deadline,
                "not in time: {what}: {health:?}"
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn n_counted(&self) -> u64 {
        self.faulty.set(Fault::None);
        let counts = self
            .records
            .ask(|store| async move { store.answer_counts(NOON.day()).await });
        counts.await.unwrap().iter().map(|count| count.n).sum()
    }
}

fn answered() -> Record {
    Record::Answered {
        facts: vec![pier()],
        at: NOON,
    }
}

fn pier() -> FactRef {
    FactRef {
        briefing: "harbour".to_owned(),
        fact: "pier".to_owned(),
    }
}

fn server() -> Snowflake {
    NonZeroU64::new(7).unwrap().into()
}

fn process() -> ProcessRecord {
    ProcessRecord {
        id: ProcessId::random(),
        name: "machine:7".to_owned(),
        doors: "shard 0".to_owned(),
        version: "0.1.0".to_owned(),
        revision: "0123abcd".to_owned(),
        started_at: NOON,
        seen_at: NOON,
    }
}

fn private() -> ServerSettings {
    ServerSettings {
        is_private_by_default: true,
        ..ServerSettings::default()
    }
}

#[tokio::test]
async fn what_is_recorded_is_written() {
    let stage = Stage::new(Fault::None);
    for _ in 0..1000 {
        stage.records.record(answered());
    }
    stage.until("all written", |health| health.n_written == 1000).await;
    assert_eq!(stage.n_counted().await, 1000);
}

#[tokio::test]
async fn it_is_up_while_it_answers_and_said_when_it_was_pruned() {
    let stage = Stage::new(Fault::Fails);
    let ask = || stage.records.ask(|store| async move { store.ping().await });
    let note = || stage.records.note_process(process());
    let is_up = || stage.records.health().is_up;
    assert!(note().await.is_err());
    let health = stage.records.health();
    assert_eq!((health.is_up, health.pruned_at), (false, None));
    stage.faulty.set(Fault::None);
    ask().await.unwrap();
    assert!(!is_up(), "with a full disk it answers as well");
    note().await.unwrap();
    assert!(is_up());
    let unread = |_| async { Err::<(), _>(StoreError::Incompatible("a server's settings".to_owned())) };
    assert!(stage.records.ask(unread).await.is_err());
    assert!(is_up(), "one server's settings say nothing of the store");
    stage.faulty.set(Fault::Fails);
    assert!(ask().await.is_err());
    assert!(!is_up());
    let well = Stage::new(Fault::None);
    let now = Timestamp::now();
    well.until("it is pruned", |health| {
        health.pruned_at.is_some_and(|at| at >= now.seconds_before(5))
    })
    .await;
}

#[tokio::test]
async fn what_comes_one_by_one_is_written_together() {
    let stage = Stage::new(Fault::None);
    stage.records.record(answered());
    stage
        .until("the first is written", |health| health.n_written == 1)
        .await;
    let n_before = stage.faulty.n_calls();
    for _ in 0..20 {
        stage.records.record(answered());
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    stage.until("all written", |health| health.n_written == 21).await;
    let n_calls = stage.faulty.n_calls() - n_before;
    assert!(n_calls <= 10, "{n_calls} calls for 20 records");
    assert_eq!(stage.n_counted().await, 21);
}

#[tokio::test]
async fn closing_writes_what_is_queued_and_takes_no_more() {
    let stage = Stage::new(Fault::None);
    for _ in 0..100 {
        stage.records.record(answered());
    }
    stage.records.close(PATIENCE).await;
    let health = stage.records.health();
    assert_eq!((health.n_written, health.n_queued, health.n_lost), (100, 0, 0));
    stage.records.record(answered());
    assert_eq!(stage.records.health().n_lost, 1);
    assert_eq!(stage.n_counted().await, 100);
}

#[tokio::test]
async fn a_store_that_fails_costs_nothing_once_it_heals() {
    let stage = Stage::new(Fault::Fails);
    for _ in 0..100 {
        stage.records.record(answered());
    }
    stage
        .until("it is noticed", |health| health.is_failing && health.n_failures >= 2)
        .await;
    assert_eq!(stage.records.health().n_written, 0);
    stage.faulty.set(Fault::None);
    stage
        .until("all written", |health| health.n_written == 100 && !health.is_failing)
        .await;
    assert_eq!(stage.n_counted().await, 100);
    assert_eq!(stage.records.health().n_lost, 0);
}

#[tokio::test]
async fn a_store_that_hangs_loses_what_the_queue_cannot_hold_and_counts_it() {
    let stage = Stage::new(Fault::Hangs);
    let n_recorded = 20_000;
    for _ in 0..n_recorded {
        stage.records.record(answered());
    }
    let lost = stage.records.health().n_lost;
    assert!((10_000..n_recorded).contains(&lost), "{lost} lost");
    stage.faulty.set(Fault::None);
    stage
        .until("the rest is written", |health| health.n_written + lost == n_recorded)
        .await;
    assert_eq!(stage.n_counted().await, n_recorded - lost);
}

/// What is logged on this thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn n_lines_with(&self, words: &str) -> usize {
        let written = self.0.lock().unwrap();
        let written = String::from_utf8_lossy(&written);
        written.lines().filter(|line| line.contains(words)).count()
    }
}

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn losses_are_said_once_a_minute_while_the_store_hangs() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).finish();
    // With a second one tracing asks all of them whether a line is wanted, and not only the thread that first says it.
    let _beside = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::new());
    let _heard = tracing::subscriber::set_default(subscriber);
    let stage = Stage::new(Fault::Hangs);
    let lose = || (0..20_000).for_each(|_| stage.records.record(answered()));
    lose();
    // An attempt is given up after ten seconds.
    tokio::time::sleep(Duration::from_secs(15)).await;
    assert_eq!(log.n_lines_with("records were lost"), 1);
    for n_minutes in 1..=3 {
        lose();
        tokio::time::sleep(Duration::from_secs(75)).await;
        assert_eq!(log.n_lines_with("records were lost"), 1 + n_minutes);
    }
    assert!(log.n_lines_with("the store takes no records") >= 3);
}

#[tokio::test]
async fn every_call_may_fail_in_turn_and_nothing_is_lost() {
    for n in 0..12 {
        let stage = Stage::new(Fault::FailsAt(n));
        for written in 1..=10 {
            stage.records.record(answered());
            stage.until("it is written", |health| health.n_written == written).await;
        }
        assert!(stage.faulty.n_calls() > n, "only {} calls", stage.faulty.n_calls());
        assert_eq!(stage.n_counted().await, 10, "with call {n} failing");
        assert_eq!(stage.records.health().n_lost, 0, "with call {n} failing");
    }
}

#[tokio::test]
async fn a_question_to_a_store_that_hangs_is_given_up_in_time() {
    let stage = Stage::new(Fault::Hangs);
    let began = std::time::Instant::now();
    let asked = stage.records.ask(|store| async move { store.ratings().await });
    assert_eq!(asked.await, Err(StoreError::Late));
    assert!(began.elapsed() < ASKED_WITHIN + PATIENCE);
}

#[tokio::test]
async fn what_was_published_again_without_a_word_is_looked_for_before_a_failure_is_told() {
    let stage = Stage::new(Fault::None);
    let knowledge = Knowledge::harbour();
    stage
        .faulty
        .publish(&knowledge.publication(Timestamp(1)))
        .await
        .unwrap();
    knowledge.edit("in June", "in July");
    stage
        .faulty
        .publish(&knowledge.publication(Timestamp(2)))
        .await
        .unwrap();
    let roll_back = |number, at_most| stage.records.roll_back(number, NOON, at_most);
    assert_eq!(roll_back(2, PATIENCE).await, Ok(RolledBack::InForce(2)));
    assert_eq!(roll_back(7, PATIENCE).await, Ok(RolledBack::Unknown));

    stage.faulty.set(Fault::PublishesInSilence);
    assert_eq!(roll_back(1, Duration::from_secs(3)).await, Ok(RolledBack::As(3)));
    stage.faulty.set(Fault::LosesAnswers);
    assert_eq!(roll_back(2, PATIENCE).await, Ok(RolledBack::As(4)));
    stage.faulty.set(Fault::Fails);
    let failed = StoreError::Unavailable("told to fail".to_owned());
    assert_eq!(roll_back(1, PATIENCE).await, Err(failed));
    stage.faulty.set(Fault::Hangs);
    assert_eq!(roll_back(2, Duration::from_millis(50)).await, Err(StoreError::Late));
}

#[tokio::test]
async fn settings_hold_at_once_and_stay_where_the_store_does_not_take_others() {
    let stage = Stage::new(Fault::None);
    assert_eq!(*stage.records.settings_of(Some(server())), ServerSettings::default());
    stage.records.change_settings(server(), private()).await.unwrap();
    assert_eq!(*stage.records.settings_of(Some(server())), private());
    assert_eq!(*stage.records.settings_of(None), ServerSettings::default());

    stage.faulty.set(Fault::Fails);
    let refused = stage.records.change_settings(server(), ServerSettings::default()).await;
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    assert_eq!(*stage.records.settings_of(Some(server())), private());
}

#[tokio::test]
async fn two_who_change_different_settings_at_once_both_have_their_way() {
    let stage = Stage::new(Fault::None);
    let makes_private = stage
        .records
        .edit_settings(server(), |now| now.is_private_by_default = true);
    let chooses = stage
        .records
        .edit_settings(server(), |now| now.briefings = vec!["harbour".to_owned()]);
    let (made, chosen) = tokio::join!(makes_private, chooses);
    assert!(made.is_ok() && chosen.is_ok());
    let now = stage.records.settings_of(Some(server()));
    assert!(now.is_private_by_default);
    assert_eq!(now.briefings, ["harbour"]);
}

#[tokio::test]
async fn what_another_process_has_set_stays() {
    let stage = Stage::new(Fault::None);
    let store = Arc::clone(&stage.faulty) as Arc<dyn Store>;
    let other = Records::start(store, "the key".into(), 90);
    // Both have read them by now.
    for records in [&stage.records, &other] {
        records
            .change_settings(server(), ServerSettings::default())
            .await
            .unwrap();
    }
    let made = stage
        .records
        .edit_settings(server(), |now| now.is_private_by_default = true);
    made.await.unwrap();
    let chosen = other.edit_settings(server(), |now| now.briefings = vec!["harbour".to_owned()]);
    let now = chosen.await.unwrap();
    assert!(now.is_private_by_default);
    assert_eq!(now.briefings, ["harbour"]);
    assert_eq!(other.settings_of(Some(server())), now);
}

#[tokio::test]
async fn votes_that_still_wait_are_deleted_with_the_others() {
    let stage = Stage::new(Fault::Fails);
    let member = stage.records.hash(7);
    stage.records.record(Record::Voted(Vote {
        member: member.clone(),
        fact: pier(),
        server: None,
        rating: Rating::Helpful,
        at: NOON,
    }));
    // The pause before the next attempt is long by then.
    stage.until("it is tried", |health| health.n_failures >= 5).await;
    let refused = stage.records.delete_votes_of(member.clone()).await;
    assert!(refused.is_err(), "nothing may be called deleted that is not");
    stage.faulty.set(Fault::None);
    assert_eq!(stage.records.delete_votes_of(member.clone()).await, Ok(0));
    stage
        .until("all written", |health| health.n_written >= 1 && health.n_queued == 0)
        .await;
    let left = stage.records.ask(|store| async move { store.votes_of(&member).await });
    assert_eq!(left.await, Ok(Vec::new()));
}

#[tokio::test]
async fn what_is_being_written_waits_too() {
    let stage = Stage::new(Fault::Hangs);
    for _ in 0..10 {
        stage.records.record(answered());
    }
    stage.until("it is begun", |_| stage.faulty.n_calls() > 2).await;
    assert_eq!(stage.records.health().n_queued, 10);
    stage.records.close(Duration::from_millis(10)).await;
    assert_eq!(stage.records.health().n_queued, 10);
}

#[tokio::test]
async fn settings_are_known_after_a_restart() {
    let stage = Stage::new(Fault::None);
    stage.records.change_settings(server(), private()).await.unwrap();
    stage.records.close(PATIENCE).await;
    let store = Arc::clone(&stage.faulty) as Arc<dyn Store>;
    let again = Records::start(store, "the key".into(), 90);
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while *again.settings_of(Some(server())) != private() {
        assert!(tokio::time::Instant::now() < deadline, "the settings were not read");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
