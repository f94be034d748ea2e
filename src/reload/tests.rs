//! Reloading from a source whose content the test decides.

use std::path::Path;
use std::time::Duration;

use super::*;
use crate::fact::files::Files;
use crate::fact::parse;

/// Content, or the reason why it is refused.
type Content = Result<&'static str, &'static str>;

#[derive(Debug)]
struct Scripted {
    content: Mutex<Content>,
    /// Loads that cannot be had.
    n_unreachable: Mutex<usize>,
    n_loads: Mutex<usize>,
}

impl Scripted {
    fn new(content: Content) -> Arc<Self> {
        Arc::new(Self {
            content: Mutex::new(content),
            n_unreachable: Mutex::new(0),
            n_loads: Mutex::new(0),
        })
    }

    fn set(&self, content: Content) {
        *self.content.lock().unwrap() = content;
    }

    fn is_unreachable(&self, n_loads: usize) {
        *self.n_unreachable.lock().unwrap() = n_loads;
    }

    fn n_loads(&self) -> usize {
        *self.n_loads.lock().unwrap()
    }
}

impl FactSource for Scripted {
    fn fingerprint(&self) -> Result<Fingerprint, Refusal> {
        Ok(Fingerprint(format!("{:?}", self.content.lock().unwrap())))
    }

    fn load(&self) -> Result<(Fingerprint, FactBase), Refusal> {
        *self.n_loads.lock().unwrap() += 1;
        let mut n_unreachable = self.n_unreachable.lock().unwrap();
        if *n_unreachable > 0 {
            *n_unreachable -= 1;
            return Err(Refusal::passing("the store is away"));
        }
        let content = *self.content.lock().unwrap();
        let answers = content.map_err(Refusal::new)?;
        Ok((self.fingerprint()?, base(answers)))
    }

    fn watched(&self) -> Option<&Path> {
        None
    }

    fn polled_every(&self) -> Duration {
        Duration::from_secs(30)
    }
}

/// One fact for each answer.
fn base(answers: &str) -> FactBase {
    let facts = answers.split_whitespace().enumerate().map(|(index, answer)| {
        format!(
            "[[fact]]\nid = \"fact-{index}\"\nanswer = \"It is {answer}.\"\nstanding = \"stated\"\ngives = [\"what\"]\n\
             entities = []\nphrasings = [\"What is number {index}?\"]\n[[fact.citation]]\nparagraph = 1\n"
        )
    });
    let facts = format!(
        "topic = \"works\"\ntitle = \"The works\"\n{}",
        facts.collect::<String>()
    );
    let source = "format = 1\ntitle = \"Harbour wall\"\n[paragraphs]\n1 = \"0123456789abcdef\"\n";
    let files = Files::of_briefing("harbour", &[("source.toml", source), ("facts/works.toml", &facts)]);
    parse::load(&files)
        .unwrap_or_else(|problems| panic!("{}", problems.render(crate::fact::problem::Look::Plain)))
        .base
}

/// A folder, and how often it was looked at.
#[derive(Debug)]
struct Counted {
    folder: Directory,
    n_looks: Mutex<usize>,
}

impl Counted {
    fn n_looks(&self) -> usize {
        *self.n_looks.lock().unwrap()
    }
}

impl FactSource for Counted {
    fn fingerprint(&self) -> Result<Fingerprint, Refusal> {
        *self.n_looks.lock().unwrap() += 1;
        self.folder.fingerprint()
    }

    fn load(&self) -> Result<(Fingerprint, FactBase), Refusal> {
        Ok((self.folder.fingerprint()?, base("high")))
    }

    fn watched(&self) -> Option<&Path> {
        self.folder.watched()
    }

    fn polled_every(&self) -> Duration {
        self.folder.polled_every()
    }
}

fn start(source: &Arc<Scripted>) -> Reloader {
    Reloader::start(Arc::clone(source) as Arc<dyn FactSource>, Cache::default()).unwrap()
}

fn revision(reloader: &Reloader) -> Revision {
    reloader.engine().snapshot().base().revision
}

#[tokio::test(start_paused = true)]
async fn other_facts_are_put_in_place_and_the_difference_is_told() {
    let source = Scripted::new(Ok("high low"));
    let reloader = start(&source);
    let before = revision(&reloader);
    source.set(Ok("higher low new"));
    let Reloaded::Replaced {
        from,
        to,
        n_facts,
        changes,
    } = reloader.reload(ReloadedBy::Admin(7)).await
    else {
        panic!("not replaced");
    };
    assert_eq!((from, to, n_facts), (before, revision(&reloader), 3));
    assert_ne!(from, to);
    let ids = |facts: &[FactRef]| facts.iter().map(|fact| fact.fact.clone()).collect::<Vec<_>>();
    assert_eq!(
        (ids(&changes.added), ids(&changes.changed)),
        (vec!["fact-2".to_owned()], vec!["fact-0".to_owned()])
    );
    assert!(changes.removed.is_empty());
    assert_eq!(reloader.status().last.by, ReloadedBy::Admin(7));
}

#[tokio::test(start_paused = true)]
async fn a_question_in_flight_keeps_the_facts_it_began_with() {
    let source = Scripted::new(Ok("high"));
    let reloader = start(&source);
    let in_flight = reloader.engine().snapshot();
    source.set(Ok("low"));
    reloader.reload(ReloadedBy::Signal).await;
    assert_ne!(in_flight.base().revision, revision(&reloader));
    assert_eq!(in_flight.base().facts().next().unwrap().1.answer, "It is high.");
}

#[tokio::test(start_paused = true)]
async fn facts_with_an_error_change_nothing_and_are_remembered_until_mended() {
    let source = Scripted::new(Ok("high"));
    let reloader = start(&source);
    let before = revision(&reloader);
    source.set(Err("works.toml:3: wrong"));
    let outcome = reloader.reload(ReloadedBy::Signal).await;
    assert_eq!(
        outcome,
        Reloaded::Refused {
            revision: before,
            refusal: Refusal::new("works.toml:3: wrong")
        }
    );
    assert_eq!(revision(&reloader), before);
    assert_eq!(reloader.status().refused, Some(Refusal::new("works.toml:3: wrong")));
    assert_eq!(reloader.status().last.by, ReloadedBy::Start);
    source.set(Ok("high"));
    assert!(matches!(
        reloader.reload(ReloadedBy::Signal).await,
        Reloaded::Unchanged { .. }
    ));
    assert_eq!(reloader.status().refused, None);
}

#[test]
fn a_start_on_facts_with_an_error_is_refused() {
    let source = Scripted::new(Err("works.toml:3: wrong"));
    assert!(Reloader::start(source, Cache::default()).is_err());
}

#[tokio::test(start_paused = true)]
async fn edits_are_noticed_without_hints_and_a_broken_one_is_tried_once() {
    let source = Scripted::new(Ok("high"));
    let reloader = Arc::new(start(&source));
    let watching = tokio::spawn({
        let reloader = Arc::clone(&reloader);
        async move { watch(&reloader).await }
    });
    let before = revision(&reloader);
    tokio::time::sleep(Duration::from_secs(65)).await;
    assert_eq!(source.n_loads(), 1, "nothing was edited");
    source.set(Err("works.toml:3: wrong"));
    tokio::time::sleep(Duration::from_secs(100)).await;
    assert_eq!((source.n_loads(), revision(&reloader)), (2, before));
    source.set(Ok("low"));
    tokio::time::sleep(Duration::from_secs(35)).await;
    assert_eq!(source.n_loads(), 3);
    assert_ne!(revision(&reloader), before);
    assert_eq!(reloader.status().last.by, ReloadedBy::Edit);
    watching.abort();
}

#[tokio::test(start_paused = true)]
async fn what_could_not_be_had_is_tried_until_it_can_and_is_said_once() {
    let source = Scripted::new(Ok("high"));
    let reloader = Arc::new(start(&source));
    let mut told = reloader.subscribe();
    let watching = tokio::spawn({
        let reloader = Arc::clone(&reloader);
        async move { watch(&reloader).await }
    });
    let before = revision(&reloader);
    source.set(Ok("low"));
    source.is_unreachable(3);
    tokio::time::sleep(Duration::from_secs(100)).await;
    assert_eq!((source.n_loads(), revision(&reloader)), (4, before));
    assert!(reloader.status().refused.is_some());
    tokio::time::sleep(Duration::from_secs(35)).await;
    assert_ne!(revision(&reloader), before);
    assert_eq!((source.n_loads(), reloader.status().refused), (5, None));
    assert!(matches!(told.try_recv(), Ok((_, Reloaded::Refused { .. }))));
    assert!(matches!(told.try_recv(), Ok((_, Reloaded::Replaced { .. }))));
    watching.abort();
}

/// Whether the watcher loads what is there by itself.
async fn is_loaded_by_the_watcher(reloader: &Arc<Reloader>) -> bool {
    let watching = tokio::spawn({
        let reloader = Arc::clone(reloader);
        async move { watch(&reloader).await }
    });
    let before = revision(reloader);
    tokio::time::sleep(Duration::from_secs(65)).await;
    watching.abort();
    before != revision(reloader)
}

#[tokio::test(start_paused = true)]
async fn what_a_confirmation_only_showed_is_still_loaded_by_the_watcher() {
    let source = Scripted::new(Ok("high"));
    let reloader = Arc::new(start(&source));
    source.set(Ok("low"));
    let shown = reloader.preview(ReloadedBy::Admin(1)).await.unwrap().to;
    source.set(Ok("deep"));
    assert!(reloader.reload_to(shown, ReloadedBy::Admin(1)).await.is_err());
    assert!(is_loaded_by_the_watcher(&reloader).await);
}

#[tokio::test]
#[expect(
    clippy::await_holding_lock,
    reason = "it is what loading waits for, on a thread of its own"
)]
async fn what_nobody_waited_for_is_still_loaded_by_the_watcher() {
    let source = Scripted::new(Ok("high"));
    let reloader = Arc::new(start(&source));
    source.set(Ok("low"));
    // Loading stands still for as long as this is held.
    let held = source.n_loads.lock().unwrap();
    let reload = tokio::time::timeout(Duration::from_secs(1), reloader.reload(ReloadedBy::Admin(1)));
    let given_up = reload.await.is_err();
    drop(held);
    assert!(given_up);
    tokio::time::pause();
    assert!(is_loaded_by_the_watcher(&reloader).await);
}

#[tokio::test]
async fn looking_at_a_folder_is_no_reason_to_look_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("harbour").join("source.toml");
    std::fs::create_dir(file.parent().unwrap()).unwrap();
    std::fs::write(&file, "format = 1").unwrap();
    let source = Arc::new(Counted {
        folder: Directory::new(folder.path().to_owned()),
        n_looks: Mutex::new(0),
    });
    let reloader = Reloader::start(Arc::clone(&source) as Arc<dyn FactSource>, Cache::default()).unwrap();
    let watching = tokio::spawn(async move { watch(&reloader).await });
    let deadline = tokio::time::Instant::now() + Duration::from_mins(1);
    let mut n_looks = 0;
    loop {
        // Again, since the folder may not have been watched yet.
        if n_looks == 0 {
            std::fs::write(&file, "format = 1 # edited").unwrap();
        }
        tokio::time::sleep(Duration::from_secs(3)).await;
        let n_before = std::mem::replace(&mut n_looks, source.n_looks());
        if n_looks > 0 && n_looks == n_before {
            break;
        }
        assert!(
            tokio::time::Instant::now() < deadline,
            "{n_looks} looks, and still looking"
        );
    }
    watching.abort();
}
