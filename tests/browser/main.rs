//! The workbench in a real browser, which `.ci/run` installs: `cargo test --test browser`.
//!
//! Apart from the other tests, since those need nothing but Rust. With `UPDATE_EXPECT=1` it makes the README's pictures.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot set up its stage fails, and the lint's own exception misses functions beside the tests"
)]

mod driver;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use driver::Browser;

fn test_file(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(path)
}

/// The workbench on a copy of the small fact base.
struct Workbench {
    child: Child,
    folder: tempfile::TempDir,
    url: String,
}

impl Workbench {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["source.toml", "glossary.toml", "facts/crane.toml", "facts/wall.toml"] {
            let target = folder.path().join("harbour").join(name);
            std::fs::create_dir_all(target.parent().unwrap()).unwrap();
            std::fs::copy(test_file("knowledge/harbour").join(name), target).unwrap();
        }
        let questions = folder.path().join("asked.txt");
        std::fs::write(
            &questions,
            "Which pub serves the best chowder?\nBest chowder in which pub?\nWho pays the ferryman?\n",
        )
        .unwrap();
        let mut child = Command::new(assert_cmd::cargo::cargo_bin!("briefing-bot"))
            .args(["workbench", "--listen", "127.0.0.1:0", "--knowledge"])
            .arg(folder.path())
            .arg("--questions")
            .arg(&questions)
            .arg("--eval")
            .arg(test_file("questions/harbour.jsonl"))
            .arg("--article")
            .arg(test_file("articles/harbour.jsonl"))
            .current_dir(folder.path())
            .env_remove("KNOWLEDGE_DIR")
            .env("CACHE_DIR", "none")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let url = line
            .split_whitespace()
            .find(|word| word.starts_with("http://"))
            .unwrap()
            .to_owned();
        Self { child, folder, url }
    }

    fn facts(&self) -> PathBuf {
        self.folder.path().join("harbour/facts/crane.toml")
    }

    fn page(&self, path: &str) -> String {
        format!("{}{path}", self.url.trim_end_matches('/'))
    }
}

impl Drop for Workbench {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Keeps a picture for the README, where pictures are being made anew.
fn keep(name: &str, picture: &[u8]) {
    assert!(picture.starts_with(b"\x89PNG"), "no picture");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pictures").join(name);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, picture).unwrap();
    } else {
        assert!(
            path.exists(),
            "no picture `docs/pictures/{name}`: UPDATE_EXPECT=1 makes it"
        );
    }
}

#[tokio::test]
async fn a_question_is_answered_beside_its_explanation_and_keys_lead_on() {
    let workbench = Workbench::start();
    let browser = Browser::start(1100, 800, false).await;
    browser.open(&workbench.page("/")).await;
    browser
        .wait_for(
            "the facts",
            "if (!document.getElementById('q')) location.reload(); return !!document.getElementById('q')",
        )
        .await;
    browser
        .type_into("#q", "wher will the old crane be moved\u{E007}")
        .await;
    browser
        .wait_for(
            "the answer",
            "return document.body.innerText.includes('The old crane will be moved to the east pier.')",
        )
        .await;
    let text = browser.script("return document.body.innerText").await;
    assert!(text.as_str().unwrap().contains("crane-move"), "{text}");
    keep("workbench-ask.png", &browser.picture().await);

    // The keys work where no field has the focus.
    browser.script("document.activeElement.blur()").await;
    browser.type_into("body", "gt").await;
    browser
        .wait_for("the time line", "return location.pathname === '/timeline'")
        .await;
    browser.type_into("body", "/").await;
    browser
        .wait_for("the first page", "return location.pathname === '/'")
        .await;
    for path in ["/facts", "/unanswered", "/eval", "/timeline"] {
        browser.open(&workbench.page(path)).await;
        assert_eq!(
            browser.script("return document.querySelectorAll('h1').length").await,
            1,
            "{path}"
        );
    }
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
}

#[tokio::test]
async fn problems_appear_as_files_are_saved_and_go_when_they_are_mended() {
    let workbench = Workbench::start();
    let browser = Browser::start(1100, 800, true).await;
    browser.open(&workbench.page("/problems")).await;
    browser
        .wait_for(
            "the remarks",
            "return document.body.innerText.includes('thin: 3 phrasings')",
        )
        .await;
    keep("workbench-problems-dark.png", &browser.picture().await);
    let good = std::fs::read_to_string(workbench.facts()).unwrap();
    std::fs::write(workbench.facts(), good.replace("standing = ", "standign = ")).unwrap();
    browser
        .wait_for(
            "the error",
            "return document.body.innerText.includes('unknown key `standign`')",
        )
        .await;
    std::fs::write(workbench.facts(), good).unwrap();
    browser
        .wait_for("the mend", "return !document.body.innerText.includes('standign')")
        .await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
}

#[tokio::test]
async fn a_group_is_accepted_after_its_change_was_shown() {
    let workbench = Workbench::start();
    let browser = Browser::start(1100, 800, false).await;
    browser.open(&workbench.page("/unanswered")).await;
    browser
        .wait_for(
            "the groups",
            "if (!document.querySelector('form')) location.reload(); return !!document.querySelector('form')",
        )
        .await;
    keep("workbench-unanswered.png", &browser.picture().await);
    browser
        .script("document.querySelector('input[name=fact]').value = 'harbour/ferry-runs'")
        .await;
    browser.click("button[value=accept]").await;
    browser
        .wait_for(
            "the change",
            "return document.body.innerText.includes('What would be written:')",
        )
        .await;
    let before = std::fs::read_to_string(workbench.facts()).unwrap();
    assert!(!before.contains("chowder") && !before.contains("ferryman"));
    browser.click("form button").await;
    browser
        .wait_for(
            "the groups again",
            "return !document.body.innerText.includes('What would be written:')",
        )
        .await;
    let after = std::fs::read_to_string(workbench.facts()).unwrap();
    assert!(after.contains("chowder") || after.contains("ferryman"), "{after}");
    browser.close().await;
}

#[tokio::test]
async fn every_page_fits_a_phone() {
    let workbench = Workbench::start();
    let browser = Browser::start(390, 844, false).await;
    for path in [
        "/?q=Where%20is%20the%20crane",
        "/facts",
        "/problems",
        "/unanswered",
        "/eval",
        "/timeline",
    ] {
        browser.open(&workbench.page(path)).await;
        let overflow = browser
            .script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
            .await;
        assert_eq!(overflow, 0, "{path} is wider than a phone");
    }
    browser.open(&workbench.page("/eval")).await;
    browser
        .wait_for(
            "the evaluation",
            "if (!document.querySelector('svg')) location.reload(); return !!document.querySelector('svg')",
        )
        .await;
    keep("workbench-phone.png", &browser.picture().await);
    browser.close().await;
}
