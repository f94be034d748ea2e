//! What every store must do, whatever it is made of.
//!
//! One list of tests, run on each backend with a store of its own for each.

use std::num::NonZeroU64;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use briefing_bot::fact::FactRef;
use briefing_bot::store::{
    AnswersIn, AskedChannel, FactCount, FactRating, KeptQuestion, MemberHasher, Page, PostgresStore, ProcessId,
    ProcessRecord, Pruned, Publication, Rating, Record, ReloadRecord, ReloadResult, Row, Scope, ServerSettings, Shard,
    Snowflake, SqliteStore, Store, StoreError, Timestamp, Unanswered, UnansweredCount, Vote,
};
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor};

use crate::support::proxy::Proxy;
use crate::support::{Database, PATIENCE, put_settings};

macro_rules! on_every_backend {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test]
                async fn $name() {
                    let folder = tempfile::tempdir().unwrap();
                    let store = super::SqliteStore::new(&folder.path().join("deep/store.sqlite"));
                    super::$name(super::Arc::new(store)).await;
                }
            )*
        }

        mod postgres {
            $(
                #[tokio::test]
                async fn $name() {
                    let Some(database) = crate::support::Database::new().await else {
                        return;
                    };
                    super::$name(super::Arc::new(database.store())).await;
                    database.drop().await;
                }
            )*
        }
    };
}

on_every_backend![
    an_empty_store_answers_every_question,
    answers_are_counted_by_fact_and_day,
    what_is_not_answered_is_counted_by_nearest_fact,
    kept_questions_are_counted_and_listed_by_server,
    no_id_of_a_mention_is_in_a_kept_question,
    a_kept_question_is_deleted_within_its_scope_only,
    a_member_has_one_vote_on_a_fact_and_can_take_all_back,
    settings_are_edited_as_they_are_at_that_moment,
    reloads_are_listed_the_latest_first,
    logins_are_counted,
    channels_that_were_asked_in_are_known_for_an_hour,
    the_publication_with_the_greatest_number_is_in_force,
    processes_are_listed_while_they_say_that_they_are_alive,
    what_one_process_has_claimed_no_other_has_until_it_is_given_back_or_over,
    what_is_old_is_pruned_at_its_day_and_not_before,
    however_much_is_old_is_pruned,
    a_server_that_was_left_is_forgotten_after_seven_days,
    a_server_that_was_joined_again_is_not_forgotten,
    a_server_that_the_next_session_misses_was_left,
    a_shard_may_have_very_many_servers,
    very_many_servers_may_be_joined_in_one_batch,
    joining_and_leaving_in_one_batch_count_in_their_order,
    a_batch_is_written_whole_or_not_at_all,
    everything_is_exported_and_imported,
    it_opens_again_after_it_was_closed,
    numbers_and_texts_at_their_limits_come_back_as_they_were,
    two_writers_lose_nothing,
];

type AnyStore = Arc<dyn Store>;

/// 2031-05-02, noon.
const NOON: Timestamp = Timestamp(1_935_489_600);
const DAY: i64 = 86_400;

fn later(seconds: i64) -> Timestamp {
    Timestamp(NOON.0 + seconds)
}

fn fact(id: &str) -> FactRef {
    FactRef {
        briefing: "harbour".to_owned(),
        fact: id.to_owned(),
    }
}

fn server(id: u64) -> Snowflake {
    NonZeroU64::new(id).unwrap().into()
}

fn answered(ids: &[&str], at: Timestamp) -> Record {
    Record::Answered {
        facts: ids.iter().map(|id| fact(id)).collect(),
        at,
    }
}

fn kept(id: u64, words: &str, at: Timestamp) -> Record {
    Record::Kept(question(Some(server(id)), words, at))
}

fn question(server: Option<Snowflake>, words: &str, at: Timestamp) -> KeptQuestion {
    KeptQuestion::new(server, words, Unanswered::Declined, Some(fact("pier")), 0.25, at)
}

fn vote(member: u64, id: &str, rating: Rating, at: Timestamp) -> Vote {
    Vote {
        member: hasher().hash(member),
        fact: fact(id),
        server: Some(server(1)),
        rating,
        at,
    }
}

fn hasher() -> MemberHasher {
    MemberHasher::new("the key".into())
}

fn reload(result: ReloadResult, at: Timestamp) -> ReloadRecord {
    ReloadRecord {
        at,
        by: "signal".to_owned(),
        result,
        revision: "0123abcd".to_owned(),
        n_facts: 12,
        refusal: if result == ReloadResult::Refused {
            "works.toml:3: wrong"
        } else {
            ""
        }
        .to_owned(),
    }
}

const FIRST: Page = Page { offset: 0, limit: 10 };

async fn words(store: &AnyStore, scope: Scope) -> Vec<String> {
    let listing = store.kept_questions(scope, FIRST).await.unwrap();
    listing.rows.into_iter().map(|row| row.entry.words).collect()
}

async fn rows(store: &AnyStore) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut sink = |row| {
        rows.push(row);
        Ok(())
    };
    store.export(&mut sink).await.unwrap();
    rows
}

async fn an_empty_store_answers_every_question(store: AnyStore) {
    store.ping().await.unwrap();
    assert!(store.all_settings().await.unwrap().is_empty());
    let listing = store.kept_questions(Scope::All, FIRST).await.unwrap();
    assert_eq!((listing.rows.len(), listing.n_total), (0, 0));
    assert!(!store.delete_kept_question(1, Scope::All).await.unwrap());
    assert!(store.votes_of(&hasher().hash(1)).await.unwrap().is_empty());
    assert_eq!(store.delete_votes_of(&hasher().hash(1)).await.unwrap(), 0);
    assert!(store.ratings().await.unwrap().is_empty());
    assert!(store.answer_counts(NOON.day()).await.unwrap().is_empty());
    assert!(store.unanswered_counts(NOON.day()).await.unwrap().is_empty());
    assert!(store.reloads(5).await.unwrap().is_empty());
    assert!(store.publications(5).await.unwrap().is_empty());
    assert!(store.asked_channels(Timestamp(0), 5).await.unwrap().is_empty());
    assert_eq!(store.n_identifies_since(Timestamp(0)).await.unwrap(), 0);
    assert_eq!(store.prune(NOON, 90).await.unwrap(), Pruned::default());
    assert!(rows(&store).await.is_empty());
    store.write(&[]).await.unwrap();
    store.import(&[]).await.unwrap();
}

async fn answers_are_counted_by_fact_and_day(store: AnyStore) {
    let batch = [
        answered(&["pier"], NOON),
        answered(&["pier", "crane"], NOON),
        answered(&["crane"], later(-DAY)),
        answered(&[], NOON),
    ];
    store.write(&batch).await.unwrap();
    store.write(&[answered(&["pier"], NOON)]).await.unwrap();
    let counts = |pairs: &[(&str, u64)]| -> Vec<FactCount> {
        pairs
            .iter()
            .map(|(id, n)| FactCount { fact: fact(id), n: *n })
            .collect()
    };
    let today = store.answer_counts(NOON.day()).await.unwrap();
    assert_eq!(today, counts(&[("pier", 3), ("crane", 1)]));
    let both = store.answer_counts(later(-DAY).day()).await.unwrap();
    assert_eq!(both, counts(&[("pier", 3), ("crane", 2)]));
    assert!(store.answer_counts(later(DAY).day()).await.unwrap().is_empty());
}

async fn what_is_not_answered_is_counted_by_nearest_fact(store: AnyStore) {
    let unanswered = |nearest: Option<&str>, outcome| Record::Unanswered {
        outcome,
        nearest: nearest.map(fact),
        at: NOON,
    };
    let batch = [
        unanswered(Some("pier"), Unanswered::Suggested),
        unanswered(Some("pier"), Unanswered::Suggested),
        unanswered(Some("pier"), Unanswered::Declined),
        unanswered(None, Unanswered::Declined),
        unanswered(None, Unanswered::Declined),
        unanswered(None, Unanswered::Declined),
    ];
    store.write(&batch).await.unwrap();
    let count = |nearest: Option<&str>, outcome, n| UnansweredCount {
        nearest: nearest.map(fact),
        outcome,
        n,
    };
    let expected = [
        count(None, Unanswered::Declined, 3),
        count(Some("pier"), Unanswered::Suggested, 2),
        count(Some("pier"), Unanswered::Declined, 1),
    ];
    assert_eq!(store.unanswered_counts(NOON.day()).await.unwrap(), expected);
}

async fn kept_questions_are_counted_and_listed_by_server(store: AnyStore) {
    let batch = [
        kept(1, "Who built it?", NOON),
        kept(1, "  who\nBUILT   it? ", later(60)),
        kept(1, "How deep is it?", later(30)),
        kept(2, "Who built it?", later(10)),
        Record::Kept(question(None, "Is it open?", NOON)),
        kept(1, " \u{0} \n", NOON),
    ];
    store.write(&batch).await.unwrap();
    assert_eq!(
        words(&store, Scope::Server(server(1))).await,
        ["Who built it?", "How deep is it?"]
    );
    assert_eq!(words(&store, Scope::Server(server(2))).await, ["Who built it?"]);
    assert_eq!(
        words(&store, Scope::All).await,
        ["Who built it?", "How deep is it?", "Who built it?", "Is it open?"]
    );
    assert!(words(&store, Scope::Server(server(3))).await.is_empty());

    let second = Page { offset: 1, limit: 1 };
    let listing = store.kept_questions(Scope::All, second).await.unwrap();
    assert_eq!(listing.n_total, 4);
    assert_eq!(listing.rows[0].entry.words, "How deep is it?");
    let listing = store.kept_questions(Scope::Server(server(1)), FIRST).await.unwrap();
    let expected = KeptQuestion {
        n_asked: 2,
        last_asked_at: later(60),
        ..question(Some(server(1)), "Who built it?", NOON)
    };
    assert_eq!(listing.rows[0].entry, expected);
}

async fn no_id_of_a_mention_is_in_a_kept_question(store: AnyStore) {
    let batch = [
        kept(1, "Did <@987654321987654321> sign it?", NOON),
        kept(1, "did <@!12> sign it?", later(1)),
        kept(1, "Is <@&3> told, in <#4>, <:wave:5>?", NOON),
        kept(1, "Did <@98765\u{0}4321> go?", NOON),
        kept(1, "Who is 987654321987654321?", NOON),
    ];
    store.write(&batch).await.unwrap();
    let expected = [
        "Did @someone sign it?",
        "Who is (id)?",
        "Did @someone go?",
        "Is @role told, in #channel, :wave:?",
    ];
    assert_eq!(words(&store, Scope::All).await, expected);
    // An export of an earlier version may have more in it.
    let folder = tempfile::tempdir().unwrap();
    let other: AnyStore = Arc::new(SqliteStore::new(&folder.path().join("store.sqlite")));
    let mut row = question(None, "Did", NOON);
    row.words.push_str(" <@12> sign it?");
    other.import(&[Row::KeptQuestion(row)]).await.unwrap();
    assert_eq!(words(&other, Scope::All).await, ["Did @someone sign it?"]);
}

async fn a_kept_question_is_deleted_within_its_scope_only(store: AnyStore) {
    store.write(&[kept(1, "Who built it?", NOON)]).await.unwrap();
    let number = store.kept_questions(Scope::All, FIRST).await.unwrap().rows[0].number;
    assert!(
        !store
            .delete_kept_question(number, Scope::Server(server(2)))
            .await
            .unwrap()
    );
    assert!(
        store
            .delete_kept_question(number, Scope::Server(server(1)))
            .await
            .unwrap()
    );
    assert!(!store.delete_kept_question(number, Scope::All).await.unwrap());
    store.write(&[kept(1, "Who built it?", NOON)]).await.unwrap();
    let again = store.kept_questions(Scope::All, FIRST).await.unwrap().rows[0].number;
    assert_ne!(again, number, "a number never names another question");
}

async fn a_member_has_one_vote_on_a_fact_and_can_take_all_back(store: AnyStore) {
    let last = vote(7, "pier", Rating::NotHelpful, later(10));
    let batch = [
        vote(7, "pier", Rating::Helpful, NOON),
        last.clone(),
        vote(7, "crane", Rating::Helpful, later(20)),
        vote(8, "pier", Rating::Helpful, NOON),
    ];
    store.write(&batch.map(Record::Voted)).await.unwrap();
    let votes = store.votes_of(&hasher().hash(7)).await.unwrap();
    assert_eq!(votes, [vote(7, "crane", Rating::Helpful, later(20)), last]);
    let rating = |id, n_helpful, n_not_helpful| FactRating {
        fact: fact(id),
        n_helpful,
        n_not_helpful,
    };
    assert_eq!(
        store.ratings().await.unwrap(),
        [rating("pier", 1, 1), rating("crane", 1, 0)]
    );
    assert_eq!(store.delete_votes_of(&hasher().hash(7)).await.unwrap(), 2);
    assert!(store.votes_of(&hasher().hash(7)).await.unwrap().is_empty());
    assert_eq!(store.ratings().await.unwrap(), [rating("pier", 1, 0)]);
    let member = hasher().hash(8);
    let again = Record::Voted(vote(8, "crane", Rating::Helpful, later(30)));
    store
        .write(&[again.clone(), Record::VotesDeleted { member }, again])
        .await
        .unwrap();
    assert_eq!(store.ratings().await.unwrap(), [rating("crane", 1, 0)]);
}

async fn settings_are_edited_as_they_are_at_that_moment(store: AnyStore) {
    let mut settings = ServerSettings {
        answers_in: AnswersIn::Channels(vec![server(5)]),
        is_private_by_default: true,
        ..ServerSettings::default()
    };
    put_settings(&*store, server(1), &settings, NOON).await;
    put_settings(&*store, server(2), &ServerSettings::default(), NOON).await;
    let chooses = Box::new(|its: &mut ServerSettings| its.briefings.push("harbour".to_owned()));
    settings.briefings.push("harbour".to_owned());
    let edited = store.edit_settings(server(1), chooses, later(1)).await;
    assert_eq!(edited.unwrap(), settings);
    let all = store.all_settings().await.unwrap();
    assert_eq!(
        all,
        [
            (server(1), Ok(settings.clone())),
            (server(2), Ok(ServerSettings::default()))
        ]
    );
    let changed_at = later(1);
    let first = Row::Settings {
        server: server(1),
        settings,
        changed_at,
    };
    assert_eq!(rows(&store).await[0], first);
}

async fn reloads_are_listed_the_latest_first(store: AnyStore) {
    let history = [
        reload(ReloadResult::Replaced, NOON),
        reload(ReloadResult::Unchanged, later(1)),
        reload(ReloadResult::Refused, later(1)),
    ];
    let batch: Vec<Record> = history.iter().cloned().map(Record::Reloaded).collect();
    store.write(&batch).await.unwrap();
    let [first, second, third] = history;
    assert_eq!(store.reloads(2).await.unwrap(), [third.clone(), second.clone()]);
    assert_eq!(store.reloads(9).await.unwrap(), [third, second, first]);
}

async fn logins_are_counted(store: AnyStore) {
    let batch = [NOON, NOON, later(1), later(-5)].map(|at| Record::Identified { at });
    store.write(&batch).await.unwrap();
    assert_eq!(store.n_identifies_since(NOON).await.unwrap(), 3);
    assert_eq!(store.n_identifies_since(later(1)).await.unwrap(), 1);
    assert_eq!(store.n_identifies_since(later(2)).await.unwrap(), 0);
    store.prune(later(3 * DAY), 90).await.unwrap();
    assert_eq!(store.n_identifies_since(Timestamp(0)).await.unwrap(), 0);
}

fn asked_in(channel: u64, id: Option<u64>, asked_at: Timestamp, noted_at: Timestamp) -> AskedChannel {
    AskedChannel {
        channel: server(channel),
        server: id.map(server),
        asked_at,
        noted_at,
    }
}

async fn channels_that_were_asked_in_are_known_for_an_hour(store: AnyStore) {
    let last = asked_in(1, Some(7), later(10), later(70));
    let direct = asked_in(2, None, later(20), later(20));
    let elsewhere = asked_in(u64::MAX, Some(8), later(30), later(30));
    let batch = [asked_in(1, Some(7), NOON, NOON), last, direct, elsewhere];
    store.write(&batch.map(Record::AskedIn)).await.unwrap();
    // Noted earlier, and written late.
    let late = asked_in(1, Some(7), later(15), later(60));
    store.write(&[Record::AskedIn(late)]).await.unwrap();
    assert_eq!(store.asked_channels(NOON, 9).await.unwrap(), [last, elsewhere, direct]);
    assert_eq!(store.asked_channels(NOON, 1).await.unwrap(), [last]);
    assert_eq!(store.asked_channels(later(70), 9).await.unwrap(), [last]);
    let left = Record::ServerLeft {
        server: server(7),
        at: later(80),
    };
    store.write(&[left]).await.unwrap();
    assert_eq!(store.asked_channels(NOON, 9).await.unwrap(), [elsewhere, direct]);
    store.prune(later(20 + 60 * 60), 90).await.unwrap();
    assert_eq!(store.asked_channels(NOON, 9).await.unwrap(), [elsewhere, direct]);
    store.prune(later(21 + 60 * 60), 90).await.unwrap();
    assert_eq!(store.asked_channels(NOON, 9).await.unwrap(), [elsewhere]);
}

fn publication(revision: &str) -> Publication {
    let file = ("facts/works.toml".to_owned(), "# 한🚢\n".repeat(20_000));
    Publication {
        at: NOON,
        revision: revision.to_owned(),
        n_facts: 12,
        files: [("harbour".to_owned(), [file].into())].into(),
    }
}

async fn the_publication_with_the_greatest_number_is_in_force(store: AnyStore) {
    assert_eq!(store.latest_publication_number().await.unwrap(), None);
    assert_eq!(store.publication(None).await.unwrap(), None);
    let first = store.publish(&publication("00000001")).await.unwrap();
    let second = store.publish(&publication("00000002")).await.unwrap();
    assert!(second > first);
    assert_eq!(store.latest_publication_number().await.unwrap(), Some(second));
    let latest = store.publication(None).await.unwrap().unwrap();
    assert_eq!((latest.number, latest.entry), (second, publication("00000002")));
    let earlier = store.publication(Some(first)).await.unwrap().unwrap();
    assert_eq!(earlier.entry, publication("00000001"));
    assert_eq!(store.publication(Some(second + 1)).await.unwrap(), None);
    let listed = store.publications(9).await.unwrap();
    let listed: Vec<_> = listed.iter().map(|row| (row.number, &*row.entry.revision)).collect();
    assert_eq!(listed, [(second, "00000002"), (first, "00000001")]);
    assert_eq!(store.publications(1).await.unwrap().len(), 1);
}

fn process(name: &str, revision: &str, seen_at: Timestamp) -> ProcessRecord {
    ProcessRecord {
        id: ProcessId::random(),
        name: name.to_owned(),
        doors: "shards 0..2/4".to_owned(),
        version: "0.1.0".to_owned(),
        revision: revision.to_owned(),
        started_at: seen_at,
        seen_at,
    }
}

async fn processes_are_listed_while_they_say_that_they_are_alive(store: AnyStore) {
    let silent = process("b:7", "11111111", NOON);
    let mut alive = process("a:7", "11111111", NOON);
    // Of the same name, as where a container was started again.
    let other = process("a:7", "11111111", later(1));
    for process in [&silent, &alive, &other] {
        store.note_process(process).await.unwrap();
    }
    assert_eq!(
        store.processes(NOON).await.unwrap(),
        [alive.clone(), other.clone(), silent.clone()]
    );
    "22222222".clone_into(&mut alive.revision);
    alive.seen_at = later(60);
    store.note_process(&alive).await.unwrap();
    assert_eq!(store.processes(later(60)).await.unwrap(), [alive.clone()]);
    store.forget_process(&other.id).await.unwrap();
    assert_eq!(store.processes(NOON).await.unwrap(), [alive.clone(), silent.clone()]);
    store.prune(later(60 * 60), 90).await.unwrap();
    assert_eq!(store.processes(NOON).await.unwrap(), [alive.clone(), silent]);
    store.prune(later(60 * 60 + 1), 90).await.unwrap();
    assert_eq!(store.processes(NOON).await.unwrap(), [alive]);
}

async fn what_one_process_has_claimed_no_other_has_until_it_is_given_back_or_over(store: AnyStore) {
    let (one, other) = (ProcessId::random(), ProcessId::random());
    let claims = |who: &ProcessId, what: &'static str, now: i64| {
        let (store, who) = (Arc::clone(&store), who.clone());
        async move { store.claim(what, &who, later(now), later(now + 60)).await.unwrap() }
    };
    assert!(claims(&one, "commands", 0).await);
    assert!(!claims(&other, "commands", 59).await);
    assert!(claims(&other, "something else", 59).await);
    assert!(claims(&one, "commands", 30).await, "its own again, and for longer");
    assert!(!claims(&other, "commands", 89).await);
    assert!(
        claims(&other, "commands", 90).await,
        "whoever has it may have been killed"
    );
    store.release("commands", &one).await.unwrap();
    assert!(!claims(&one, "commands", 91).await, "it was not one's to give back");
    store.release("commands", &other).await.unwrap();
    assert!(claims(&one, "commands", 91).await);
}

async fn what_is_old_is_pruned_at_its_day_and_not_before(store: AnyStore) {
    let batch = [
        kept(1, "Who built it?", NOON),
        Record::Voted(vote(7, "pier", Rating::Helpful, NOON)),
        Record::Reloaded(reload(ReloadResult::Replaced, NOON)),
        answered(&["pier"], NOON),
        Record::Unanswered {
            outcome: Unanswered::Declined,
            nearest: None,
            at: NOON,
        },
    ];
    store.write(&batch).await.unwrap();
    put_settings(&*store, server(1), &ServerSettings::default(), NOON).await;
    let before = store.prune(later(90 * DAY), 90).await.unwrap();
    assert_eq!(before.n_expired, 0);
    assert_eq!(rows(&store).await.len(), 6);
    // A second later what has a time goes; what has a day goes with its day.
    let after = store.prune(later(90 * DAY + 1), 90).await.unwrap();
    assert_eq!(after.n_expired, 3);
    let next_day = store.prune(later(91 * DAY), 90).await.unwrap();
    assert_eq!(next_day.n_expired, 2);
    let left = rows(&store).await;
    assert!(matches!(left[..], [Row::Settings { .. }]), "{left:?}");
}

/// More counts of a day than go in one transaction, of facts that are ordered as their numbers.
const N_MANY: usize = 6000;

async fn count_very_many(store: &dyn Store) {
    let facts: Vec<FactRef> = (0..N_MANY).map(|number| fact(&format!("fact-{number:04}"))).collect();
    for facts in facts.chunks(N_MANY / 2) {
        let facts = facts.to_vec();
        store.write(&[Record::Answered { facts, at: NOON }]).await.unwrap();
    }
}

async fn however_much_is_old_is_pruned(store: AnyStore) {
    count_very_many(&*store).await;
    let pruned = store.prune(later(91 * DAY), 90).await.unwrap();
    assert_eq!(pruned.n_expired, N_MANY as u64);
    assert!(rows(&store).await.is_empty());
}

#[tokio::test]
async fn what_was_pruned_before_a_failure_stays_gone() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::new(&folder.path().join("store.sqlite"));
    count_very_many(&store).await;
    let options = SqliteConnectOptions::new().filename(store.path());
    let mut connection = options.connect().await.unwrap();
    let last_stays = "CREATE TRIGGER stays BEFORE DELETE ON answer_counts WHEN OLD.fact = 'harbour/fact-5999'
        BEGIN SELECT RAISE(ABORT, 'told to stay'); END";
    connection.execute(last_stays).await.unwrap();
    connection.close().await.unwrap();
    for _ in 0..2 {
        store.prune(later(91 * DAY), 90).await.unwrap_err();
        assert_eq!(store.answer_counts(NOON.day()).await.unwrap().len(), 1000);
    }
    store.close().await;
}

async fn a_server_that_was_left_is_forgotten_after_seven_days(store: AnyStore) {
    for id in [1, 2] {
        put_settings(&*store, server(id), &ServerSettings::default(), NOON).await;
    }
    let elsewhere = Vote {
        server: None,
        ..vote(8, "crane", Rating::Helpful, NOON)
    };
    let batch = [
        kept(1, "Who built it?", NOON),
        kept(2, "Who built it?", NOON),
        Record::Voted(vote(7, "pier", Rating::Helpful, NOON)),
        Record::Voted(elsewhere.clone()),
        answered(&["pier"], NOON),
        Record::ServerLeft {
            server: server(1),
            at: NOON,
        },
        Record::ServerLeft {
            server: server(1),
            at: later(DAY),
        },
    ];
    store.write(&batch).await.unwrap();
    let before = store.prune(later(7 * DAY), 90).await.unwrap();
    assert_eq!(before.n_of_left_servers, 0);
    let after = store.prune(later(7 * DAY + 1), 90).await.unwrap();
    // Settings, question, vote, and the entry that it was left.
    assert_eq!(after.n_of_left_servers, 4);
    assert_eq!(
        store.all_settings().await.unwrap(),
        [(server(2), Ok(ServerSettings::default()))]
    );
    assert!(words(&store, Scope::Server(server(1))).await.is_empty());
    assert_eq!(words(&store, Scope::Server(server(2))).await.len(), 1);
    assert!(store.votes_of(&hasher().hash(7)).await.unwrap().is_empty());
    assert_eq!(store.votes_of(&hasher().hash(8)).await.unwrap(), [elsewhere]);
    assert_eq!(store.answer_counts(NOON.day()).await.unwrap().len(), 1);
}

async fn a_server_that_was_joined_again_is_not_forgotten(store: AnyStore) {
    let left = Record::ServerLeft {
        server: server(1),
        at: NOON,
    };
    let joined = Record::ServerJoined { server: server(1) };
    store
        .write(&[kept(1, "Who built it?", NOON), left, joined])
        .await
        .unwrap();
    let pruned = store.prune(later(30 * DAY), 90).await.unwrap();
    assert_eq!(pruned, Pruned::default());
    assert_eq!(words(&store, Scope::Server(server(1))).await.len(), 1);
}

async fn a_server_that_the_next_session_misses_was_left(store: AnyStore) {
    let of_first_shard = |number: u64| server(number << 23);
    let of_second_shard = server((1 << 23) + (1 << 22));
    let session = |number, servers: &[Snowflake], at| Record::SessionBegan {
        shard: Shard { number, total: 2 },
        servers: servers.to_vec(),
        at,
    };
    let ids = [of_first_shard(1), of_first_shard(2), of_second_shard, server(3 << 23)];
    let questions = ids.map(|id| Record::Kept(question(Some(id), "Who built it?", NOON)));
    let joined = Record::ServerJoined {
        server: of_first_shard(2),
    };
    // The last is a server that only a member has brought the bot to.
    let batch = [
        session(0, &[of_first_shard(1)], NOON),
        session(1, &[of_second_shard], NOON),
        joined,
    ];
    store.write(&batch).await.unwrap();
    store.write(&questions).await.unwrap();
    // The bot was away meanwhile, and was removed from the second server.
    store
        .write(&[session(0, &[of_first_shard(1)], later(DAY))])
        .await
        .unwrap();
    let before = store.prune(later(8 * DAY), 90).await.unwrap();
    assert_eq!(before.n_of_left_servers, 0);
    let after = store.prune(later(8 * DAY + 1), 90).await.unwrap();
    assert_eq!(after.n_of_left_servers, 2);
    let n_left = |id| {
        let store = Arc::clone(&store);
        async move { words(&store, Scope::Server(id)).await.len() }
    };
    assert_eq!(n_left(of_first_shard(1)).await, 1);
    assert_eq!(n_left(of_first_shard(2)).await, 0);
    assert_eq!(n_left(of_second_shard).await, 1);
    assert_eq!(n_left(server(3 << 23)).await, 1);
    // It was missed once, and is no longer counted on.
    store
        .write(&[session(0, &[of_first_shard(1)], later(9 * DAY))])
        .await
        .unwrap();
    assert_eq!(store.prune(later(30 * DAY), 90).await.unwrap(), Pruned::default());
}

async fn a_shard_may_have_very_many_servers(store: AnyStore) {
    let n_servers = 2_500;
    let servers: Vec<Snowflake> = (1..=n_servers).map(server).collect();
    let left = servers.iter().map(|id| Record::ServerLeft { server: *id, at: NOON });
    store.write(&left.collect::<Vec<_>>()).await.unwrap();
    let began = Record::SessionBegan {
        shard: Shard { number: 0, total: 1 },
        servers: [&servers[..], &servers[..1]].concat(),
        at: later(DAY),
    };
    store.write(&[began]).await.unwrap();
    let rows = rows(&store).await;
    let n_joined = rows
        .iter()
        .filter(|row| matches!(row, Row::JoinedServer { .. }))
        .count();
    assert_eq!((n_joined, rows.len()), (2_500, 2_500));
}

/// A batch of the largest size, as after a start: Discord tells of each server by itself.
fn very_many_joined() -> Vec<Record> {
    let joined = |id| Record::ServerJoined { server: server(id) };
    (1..=2_048).map(joined).collect()
}

async fn very_many_servers_may_be_joined_in_one_batch(store: AnyStore) {
    let left = (1..=2_048).map(|id| Record::ServerLeft {
        server: server(id),
        at: NOON,
    });
    store.write(&left.collect::<Vec<_>>()).await.unwrap();
    for _ in 0..2 {
        store.write(&very_many_joined()).await.unwrap();
        let rows = rows(&store).await;
        let n_joined = rows
            .iter()
            .filter(|row| matches!(row, Row::JoinedServer { .. }))
            .count();
        assert_eq!((n_joined, rows.len()), (2_048, 2_048));
    }
}

async fn joining_and_leaving_in_one_batch_count_in_their_order(store: AnyStore) {
    let left = |id, at| Record::ServerLeft { server: server(id), at };
    let joined = |id| Record::ServerJoined { server: server(id) };
    let session = |servers: &[u64], at| Record::SessionBegan {
        shard: Shard { number: 0, total: 1 },
        servers: servers.iter().copied().map(server).collect(),
        at,
    };
    store.write(&[left(1, NOON), left(2, NOON)]).await.unwrap();
    let batch = [
        joined(1),
        left(1, later(DAY)),
        joined(2),
        left(3, later(DAY)),
        joined(3),
        // It misses the fourth, and knows of the fifth, which goes at once.
        joined(4),
        session(&[2, 3, 5], later(2 * DAY)),
        left(5, later(3 * DAY)),
        joined(6),
    ];
    store.write(&batch).await.unwrap();
    let joined = |id| Row::JoinedServer { server: server(id) };
    let left = |id, days| Row::LeftServer {
        server: server(id),
        left_at: later(days * DAY),
    };
    let expected = [joined(2), joined(3), joined(6), left(1, 1), left(4, 2), left(5, 3)];
    assert_eq!(rows(&store).await, expected);
}

async fn a_batch_is_written_whole_or_not_at_all(store: AnyStore) {
    // SQLite stores what is not a number as NULL, which the tables do not allow; PostgreSQL takes no NUL in a text.
    let broken = KeptQuestion {
        confidence: f64::NAN,
        words: "Who built\0 it?".to_owned(),
        ..question(None, "Who built it?", NOON)
    };
    let first = Record::Reloaded(reload(ReloadResult::Replaced, NOON));
    let batch = [first, Record::Kept(broken), answered(&["pier"], NOON)];
    let refused = store.write(&batch).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    assert!(rows(&store).await.is_empty());
    store.write(&batch[..1]).await.unwrap();
}

async fn everything_is_exported_and_imported(store: AnyStore) {
    put_settings(&*store, server(1), &ServerSettings::default(), NOON).await;
    let batch = [
        kept(1, "Who built it?", NOON),
        kept(1, "who built it?", later(5)),
        Record::Voted(vote(7, "pier", Rating::NotHelpful, NOON)),
        Record::Reloaded(reload(ReloadResult::Refused, NOON)),
        answered(&["pier", "crane"], NOON),
        Record::Unanswered {
            outcome: Unanswered::Suggested,
            nearest: Some(fact("pier")),
            at: NOON,
        },
        Record::Identified { at: NOON },
        Record::AskedIn(asked_in(5, Some(2), NOON, later(1))),
        Record::ServerJoined { server: server(2) },
        Record::ServerLeft {
            server: server(1),
            at: NOON,
        },
    ];
    store.write(&batch).await.unwrap();
    store.publish(&publication("00000001")).await.unwrap();
    let exported = rows(&store).await;
    assert_eq!(exported.len(), 12);
    let lines: Vec<String> = exported.iter().map(|row| serde_json::to_string(row).unwrap()).collect();
    let read: Vec<Row> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(read, exported);

    let folder = tempfile::tempdir().unwrap();
    let other: AnyStore = Arc::new(SqliteStore::new(&folder.path().join("store.sqlite")));
    other.import(&read).await.unwrap();
    assert_eq!(rows(&other).await, exported);
}

async fn it_opens_again_after_it_was_closed(store: AnyStore) {
    store.write(&[answered(&["pier"], NOON)]).await.unwrap();
    store.close().await;
    store.close().await;
    assert_eq!(store.answer_counts(NOON.day()).await.unwrap()[0].n, 1);
    store.write(&[answered(&["pier"], NOON)]).await.unwrap();
    assert_eq!(store.answer_counts(NOON.day()).await.unwrap()[0].n, 2);
}

async fn numbers_and_texts_at_their_limits_come_back_as_they_were(store: AnyStore) {
    let ids = [1, u64::MAX >> 1, (u64::MAX >> 1) + 1, u64::MAX];
    for id in ids {
        put_settings(&*store, server(id), &ServerSettings::default(), NOON).await;
    }
    let mut found: Vec<u64> = store
        .all_settings()
        .await
        .unwrap()
        .iter()
        .map(|(id, _)| id.get())
        .collect();
    found.sort_unstable();
    assert_eq!(found, ids);

    let long = "한🚢\u{202e}א'\"; DROP TABLE votes; --%_\\ ".repeat(200);
    store
        .write(&[Record::Kept(question(Some(server(u64::MAX)), &long, NOON))])
        .await
        .unwrap();
    let kept = store
        .kept_questions(Scope::All, FIRST)
        .await
        .unwrap()
        .rows
        .remove(0)
        .entry;
    assert_eq!(kept.words.chars().count(), 4000);
    assert_eq!(kept, question(Some(server(u64::MAX)), &long, NOON));
}

async fn two_writers_lose_nothing(store: AnyStore) {
    let writer = |ids: [&'static str; 2]| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            for _ in 0..50 {
                store.write(&[answered(&ids, NOON)]).await.unwrap();
            }
        })
    };
    let (one, other) = (writer(["pier", "crane"]), writer(["crane", "pier"]));
    one.await.unwrap();
    other.await.unwrap();
    let counts = store.answer_counts(NOON.day()).await.unwrap();
    assert_eq!(counts.iter().map(|count| count.n).collect::<Vec<_>>(), [100, 100]);
}

/// Runs statements on the tables, so that they are as another version of the program left them, then looks at them as this
/// one does: in a file, and in PostgreSQL where there is a server.
async fn after_another_version(statements: &[&'static str], look: impl AsyncFn(AnyStore)) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::new(&folder.path().join("store.sqlite"));
    store.ping().await.unwrap();
    store.close().await;
    let options = SqliteConnectOptions::new().filename(store.path());
    let mut connection = options.connect().await.unwrap();
    for statement in statements {
        connection.execute(*statement).await.unwrap();
    }
    connection.close().await.unwrap();
    look(Arc::new(store)).await;

    let Some(database) = Database::new().await else {
        return;
    };
    let store = database.store();
    store.ping().await.unwrap();
    store.close().await;
    let options = PgConnectOptions::from_str(&database.url()).unwrap();
    let mut connection = options.connect().await.unwrap();
    for statement in statements {
        connection.execute(*statement).await.unwrap();
    }
    connection.close().await.unwrap();
    look(Arc::new(store)).await;
    database.drop().await;
}

#[tokio::test]
async fn admins_whom_an_earlier_version_named_are_not_named_any_more() {
    let once_written = [
        "INSERT INTO reloads (at, requested_by, result, revision, n_facts, refusal)
         VALUES (1, 'admin 123456789', 'replaced', '0123abcd', 12, ''), (2, 'signal', 'replaced', '0123abcd', 12, '')",
        "DELETE FROM _sqlx_migrations WHERE version = 7",
    ];
    after_another_version(&once_written, async |store| {
        let reloads = store.reloads(9).await.unwrap();
        let by: Vec<&str> = reloads.iter().map(|reload| reload.by.as_str()).collect();
        assert_eq!(by, ["signal", "admin"]);
    })
    .await;
}

#[tokio::test]
async fn ids_in_questions_that_an_earlier_version_kept_go_with_the_first_pruning() {
    let once_written = [
        "INSERT INTO kept_questions
             (server, words, digest, outcome, nearest, confidence, n_asked, first_asked_at, last_asked_at)
         VALUES (1, 'Did <@98765> sign it?', 'a', 'declined', '', 0.25, 3, 1935489600, 1935489600),
                (1, 'did <@!1234> sign it?', 'b', 'declined', '', 0.25, 2, 1935489601, 1935489601),
                (1, 'Who built it?', 'c', 'declined', '', 0.25, 1, 1935489600, 1935489600)",
        "DROP TABLE questions_to_read_again",
        "DELETE FROM _sqlx_migrations WHERE version = 9",
    ];
    after_another_version(&once_written, async |store| {
        for _ in 0..2 {
            assert_eq!(store.prune(NOON, 90).await.unwrap(), Pruned::default());
            let listing = store.kept_questions(Scope::All, FIRST).await.unwrap();
            let kept = listing
                .rows
                .iter()
                .map(|row| (row.entry.words.as_str(), row.entry.n_asked));
            assert_eq!(
                kept.collect::<Vec<_>>(),
                [("Did @someone sign it?", 5), ("Who built it?", 1)]
            );
        }
    })
    .await;
}

#[tokio::test]
async fn very_many_questions_that_an_earlier_version_kept_are_read_in_parts_and_counted_as_one() {
    // The earlier ones have the greater numbers, and come in later parts.
    let once_written = [
        "INSERT INTO kept_questions
             (server, words, digest, outcome, nearest, confidence, n_asked, first_asked_at, last_asked_at)
         WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < 1200)
         SELECT 1, 'Did <@' || (10000 + n) || '> sign it?', 'digest ' || n, 'declined', '', 0.25, 1,
                1935480000 - n, 1935489600 - n FROM series",
        "DROP TABLE questions_to_read_again",
        "DELETE FROM _sqlx_migrations WHERE version = 9",
    ];
    after_another_version(&once_written, async |store| {
        assert_eq!(store.prune(NOON, 90).await.unwrap(), Pruned::default());
        let listing = store.kept_questions(Scope::All, FIRST).await.unwrap();
        let [row] = &listing.rows[..] else {
            panic!("{} questions", listing.n_total);
        };
        let entry = &row.entry;
        assert_eq!((entry.words.as_str(), entry.n_asked), ("Did @someone sign it?", 1200));
        let asked = (entry.first_asked_at, entry.last_asked_at);
        assert_eq!(asked, (Timestamp(1_935_480_000 - 1200), Timestamp(1_935_489_600 - 1)));
    })
    .await;
}

#[tokio::test]
async fn a_later_version_may_have_added_to_the_tables() {
    let later = [
        "ALTER TABLE votes ADD COLUMN note TEXT",
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         SELECT 9999, 'later', success, checksum, execution_time FROM _sqlx_migrations WHERE version = 1",
    ];
    after_another_version(&later, async |store| {
        store.ping().await.unwrap();
        let given = vote(7, "pier", Rating::Helpful, NOON);
        store.write(&[Record::Voted(given.clone())]).await.unwrap();
        assert_eq!(store.votes_of(&hasher().hash(7)).await.unwrap(), [given]);
    })
    .await;
}

#[tokio::test]
async fn settings_of_a_later_version_are_kept_and_those_that_cannot_be_read_never_written_over() {
    let later = [r#"INSERT INTO server_settings (server, settings, changed_at)
        VALUES (1, '{"colour":"red"}', 1), (2, '{"answers_in":"nowhere"}', 1)"#];
    after_another_version(&later, async |store| {
        let edit = || Box::new(|its: &mut ServerSettings| its.briefings.push("harbour".to_owned()));
        store.edit_settings(server(1), edit(), NOON).await.unwrap();
        for _ in 0..2 {
            let refused = store.edit_settings(server(2), edit(), NOON).await;
            assert!(matches!(refused, Err(StoreError::Incompatible(_))), "{refused:?}");
        }
        let all = store.all_settings().await.unwrap();
        let [(_, Ok(kept)), (_, Err(StoreError::Incompatible(_)))] = &all[..] else {
            panic!("{all:?}");
        };
        assert_eq!(kept.briefings, ["harbour"]);
        assert_eq!(kept.unknown["colour"], "red");
        let exported = rows(&store).await;
        let as_it_is = Row::UnreadSettings {
            server: server(2),
            text: r#"{"answers_in":"nowhere"}"#.to_owned(),
            changed_at: Timestamp(1),
        };
        assert!(exported.len() == 2 && exported[1] == as_it_is, "{exported:?}");
        store.import(&exported).await.unwrap();
        assert_eq!(rows(&store).await, exported);
    })
    .await;
}

#[tokio::test]
async fn a_publication_that_cannot_be_read_keeps_no_other_entry_from_an_export() {
    let spoiled = ["INSERT INTO publications (published_at, revision, n_facts, files) VALUES (1, '0123abcd', 7, '{')"];
    after_another_version(&spoiled, async |store| {
        let refused = store.publication(None).await;
        assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
        store.write(&[answered(&["pier"], NOON)]).await.unwrap();
        let exported = rows(&store).await;
        let [Row::AnswerCount { .. }, Row::UnreadPublication { number: 1, reason }] = &exported[..] else {
            panic!("{exported:?}");
        };
        assert!(reason.starts_with("publication 1 cannot be read: "), "{reason}");
        store.import(&exported[1..]).await.unwrap();
        assert_eq!(rows(&store).await, exported);
    })
    .await;
}

#[tokio::test]
async fn tables_that_are_slow_to_change_are_changed_once_although_nobody_waits_so_long() {
    let Some(database) = Database::new().await else {
        return;
    };
    let made = database.store();
    made.ping().await.unwrap();
    made.close().await;
    let options = PgConnectOptions::from_str(&database.url()).unwrap();
    let mut connection = options.connect().await.unwrap();
    // As another process that changes them for long.
    let held = "BEGIN; LOCK TABLE _sqlx_migrations IN ACCESS EXCLUSIVE MODE";
    connection.execute(sqlx::raw_sql(held)).await.unwrap();
    let store = database.store();
    for _ in 0..5 {
        let given_up = tokio::time::timeout(Duration::from_millis(200), store.ping()).await;
        assert!(given_up.is_err(), "{given_up:?}");
    }
    let url = database.url();
    let (_, name) = url.rsplit_once('/').unwrap();
    let waiting = format!("SELECT 1 FROM pg_stat_activity WHERE datname = '{name}' AND wait_event_type = 'Lock'");
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while database.n_rows(&waiting).await != 1 {
        assert!(tokio::time::Instant::now() < deadline, "not one of them changes them");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // Nor do others join it.
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(database.n_rows(&waiting).await, 1);
    connection.execute("COMMIT").await.unwrap();
    store.ping().await.unwrap();
    connection.close().await.unwrap();
    store.close().await;
    database.drop().await;
}

#[tokio::test]
async fn tables_that_were_made_otherwise_are_not_touched() {
    let otherwise = ["UPDATE _sqlx_migrations
         SET checksum = (SELECT checksum FROM _sqlx_migrations WHERE version = 2) WHERE version = 1"];
    after_another_version(&otherwise, async |store| {
        let refused = store.write(&[answered(&["pier"], NOON)]).await;
        assert!(matches!(refused, Err(StoreError::Incompatible(_))), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn pruning_may_take_longer_than_other_operations() {
    let Some(database) = Database::new().await else {
        return;
    };
    let store = database.store();
    store.ping().await.unwrap();
    let options = PgConnectOptions::from_str(&database.url()).unwrap();
    let mut connection = options.connect().await.unwrap();
    // As with very many votes; other statements are given up after eight seconds.
    let slow =
        "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(9); RETURN NULL; END';
        CREATE TRIGGER slow BEFORE DELETE ON votes FOR EACH STATEMENT EXECUTE FUNCTION slow()";
    connection.execute(sqlx::raw_sql(slow)).await.unwrap();
    store.prune(Timestamp(0), 90).await.unwrap();
    connection.close().await.unwrap();
    store.close().await;
    database.drop().await;
}

#[tokio::test]
async fn a_database_that_takes_no_writes_is_not_up() {
    let Some(database) = Database::new().await else {
        return;
    };
    let store = database.store();
    store.ping().await.unwrap();
    let url = database.url();
    let (_, name) = url.rsplit_once('/').unwrap();
    // As on a standby that the address leads to from now on.
    let read_only = format!("ALTER DATABASE {name} SET default_transaction_read_only = on");
    database.tell(&read_only).await;
    let cut = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    database.tell(&cut).await;
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        let pinged = store.ping().await;
        if pinged == Err(StoreError::Unavailable("the database is read-only".to_owned())) {
            break;
        }
        assert!(tokio::time::Instant::now() < deadline, "{pinged:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    store.close().await;
    database.drop().await;
}

#[tokio::test]
async fn an_export_may_take_longer_than_other_operations() {
    let Some(database) = Database::new().await else {
        return;
    };
    let store = database.store();
    let given = vote(7, "pier", Rating::Helpful, NOON);
    store.write(&[Record::Voted(given.clone())]).await.unwrap();
    let options = PgConnectOptions::from_str(&database.url()).unwrap();
    let mut connection = options.connect().await.unwrap();
    // As with very many votes, or a slow reader of them; other statements are given up after eight seconds.
    let slow = "ALTER TABLE votes RENAME TO all_votes;
        CREATE FUNCTION slow() RETURNS SETOF all_votes LANGUAGE plpgsql
            AS 'BEGIN PERFORM pg_sleep(9); RETURN QUERY SELECT * FROM all_votes; END';
        CREATE VIEW votes AS SELECT * FROM slow()";
    connection.execute(sqlx::raw_sql(slow)).await.unwrap();
    let store: AnyStore = Arc::new(store);
    assert_eq!(rows(&store).await, [Row::Vote(given)]);
    // The next operation on that connection has the usual time again.
    let slow = store.ratings().await;
    assert!(matches!(slow, Err(StoreError::Unavailable(_))), "{slow:?}");
    connection.close().await.unwrap();
    store.close().await;
    database.drop().await;
}

#[tokio::test]
async fn very_many_servers_are_joined_in_time_where_the_way_to_the_database_is_long() {
    let Some(database) = Database::new().await else {
        return;
    };
    let proxy = Proxy::to(&database.server_address());
    let store = PostgresStore::new(database.url_by(proxy.address()).into());
    store.ping().await.unwrap();
    proxy.slow_down(Duration::from_millis(5));
    // A batch that takes longer than ten seconds is given up, and tried again.
    let written = tokio::time::timeout(Duration::from_secs(5), store.write(&very_many_joined())).await;
    written.expect("the batch takes a way for each server").unwrap();
    store.close().await;
    database.drop().await;
}

/// Two processes, as it were, edit different settings of one server at once, many times; no edit may be lost.
async fn every_edit_stays(one: impl Store + 'static, other: impl Store + 'static) {
    const N_EDITS: u64 = 50;
    // The tables are made by one of them.
    one.ping().await.unwrap();
    let opens = tokio::spawn(async move {
        for id in 1..=N_EDITS {
            let edit = Box::new(move |its: &mut ServerSettings| its.ask_channels.push(server(id)));
            one.edit_settings(server(1), edit, NOON).await.unwrap();
        }
    });
    for number in 1..=N_EDITS {
        let edit = Box::new(move |its: &mut ServerSettings| its.briefings.push(number.to_string()));
        other.edit_settings(server(1), edit, NOON).await.unwrap();
    }
    opens.await.unwrap();
    let all = other.all_settings().await.unwrap();
    let expected = ServerSettings {
        ask_channels: (1..=N_EDITS).map(server).collect(),
        briefings: (1..=N_EDITS).map(|number| number.to_string()).collect(),
        ..ServerSettings::default()
    };
    assert_eq!(all, [(server(1), Ok(expected))]);
    other.close().await;
}

#[tokio::test]
async fn no_edit_of_settings_by_two_processes_is_lost_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.sqlite");
    every_edit_stays(SqliteStore::new(&path), SqliteStore::new(&path)).await;
}

#[tokio::test]
async fn no_edit_of_settings_by_two_processes_is_lost_in_postgresql() {
    let Some(database) = Database::new().await else {
        return;
    };
    every_edit_stays(database.store(), database.store()).await;
    database.drop().await;
}
