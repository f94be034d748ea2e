//! The workbench without a browser: what is written, and that it was shown before. Its pages are in `tests/browser`.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::support::http::{send, wait_for};

const QUESTION: &str = "Which pub serves the best chowder?";
const OTHER: &str = "Where is chowder served best?";
const SHOWN: &str = "What would be written:";

/// The workbench on a copy of the small fact base.
struct Workbench {
    child: Child,
    folder: tempfile::TempDir,
    address: SocketAddr,
}

impl Workbench {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/knowledge/harbour");
        for name in ["source.toml", "glossary.toml", "facts/crane.toml", "facts/wall.toml"] {
            let target = folder.path().join("harbour").join(name);
            std::fs::create_dir_all(target.parent().unwrap()).unwrap();
            std::fs::copy(data.join(name), target).unwrap();
        }
        let questions = folder.path().join("asked.txt");
        std::fs::write(&questions, QUESTION).unwrap();
        let mut child = Command::new(assert_cmd::cargo::cargo_bin!("briefing-bot"))
            .args(["workbench", "--listen", "127.0.0.1:0", "--knowledge"])
            .arg(folder.path())
            .arg("--questions")
            .arg(&questions)
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
        let (_, url) = line.split_once("http://").unwrap();
        let address = url.split(['/', ' ', '\n']).next().unwrap().parse().unwrap();
        Self { child, folder, address }
    }

    fn facts(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("harbour/facts/crane.toml")).unwrap()
    }

    /// Sends a form, as its own page does; gives the page that comes of it.
    fn press(&self, fields: &[(&str, &str)]) -> String {
        let fields: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        let (body, address) = (fields.join("&"), self.address);
        let request = format!(
            "POST /unanswered HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        send(address, request.as_bytes()).text
    }
}

impl Drop for Workbench {
    fn drop(&mut self) {
        // Has ended already, unless the test goes well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn encoded(value: &str) -> String {
    value.bytes().fold(String::new(), |mut text, byte| {
        write!(text, "%{byte:02X}").unwrap();
        text
    })
}

/// The value of a hidden field.
#[track_caller]
fn hidden<'p>(page: &'p str, name: &str) -> &'p str {
    let field = format!("name=\"{name}\" value=\"");
    let (_, value) = page
        .split_once(&field)
        .unwrap_or_else(|| panic!("no `{name}` in {page}"));
    value.split('"').next().unwrap()
}

#[test]
fn nothing_is_written_but_the_change_that_was_shown() {
    let workbench = Workbench::start();
    let page = wait_for(workbench.address, "/unanswered", "the group", |_, text| {
        text.contains("name=\"group\"")
    });
    let group = hidden(&page, "group").to_owned();
    let accept = |phrasing: &str, shown: &str| {
        workbench.press(&[
            ("group", &group),
            ("action", "accept"),
            ("fact", "harbour/ferry-runs"),
            ("phrasing", phrasing),
            ("shown", shown),
        ])
    };
    let before = workbench.facts();
    let first = accept("", "");
    assert!(first.contains(SHOWN) && first.contains("chowder"), "{first}");
    // The phrasing was edited on the page that asks for confirmation: another change, which is shown.
    let second = accept(OTHER, hidden(&first, "shown"));
    assert!(second.contains(SHOWN) && second.contains(OTHER), "{second}");
    assert_eq!(workbench.facts(), before);
    let done = accept(OTHER, hidden(&second, "shown"));
    assert!(!done.contains(SHOWN), "{done}");
    let after = workbench.facts();
    assert!(after.contains(OTHER) && !after.contains(QUESTION), "{after}");
}
