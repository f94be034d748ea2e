//! The rules of the house that can be read off the files: who may import whom, what the core may not name, how a
//! file begins.
//!
//! Text is searched, not syntax, so imports are to be written plainly; where that matters, a test demands it. Promise:
//! each table here lists only what is there, so nothing that went away stays allowed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Who may import whom. `docs/ARCHITECTURE.md` shows the same table.
pub(crate) const ONE_WAY: [(&str, &[&str]); 24] = [
    ("text", &[]),
    ("fact", &[]),
    ("matching", &["fact", "text"]),
    ("answer", &["fact", "matching", "text"]),
    ("engine", &["answer", "fact", "matching"]),
    ("diff", &["answer", "engine", "fact"]),
    ("curate", &["answer", "diff", "engine", "fact", "matching", "text"]),
    ("eval", &["answer", "fact"]),
    ("fit", &["answer", "engine", "eval", "fact", "matching"]),
    ("page", &["answer", "engine", "eval", "fact"]),
    ("picture", &[]),
    ("exit", &[]),
    ("config", &[]),
    ("cache", &["engine", "fact", "matching"]),
    ("knowledge_dir", &["fact"]),
    ("knowledge_edit", &["curate", "engine", "fact", "knowledge_dir"]),
    (
        "reload",
        &["cache", "diff", "engine", "eval", "fact", "knowledge_dir", "store"],
    ),
    ("store", &["fact"]),
    ("ops", &["config"]),
    (
        "discord",
        &[
            "answer", "config", "engine", "fact", "ops", "picture", "reload", "store",
        ],
    ),
    (
        "serve",
        &["cache", "config", "discord", "exit", "ops", "reload", "store"],
    ),
    (
        "workbench",
        &[
            "answer",
            "cache",
            "curate",
            "diff",
            "engine",
            "eval",
            "fact",
            "knowledge_dir",
            "knowledge_edit",
            "page",
        ],
    ),
    (
        "cli",
        &[
            "answer",
            "cache",
            "config",
            "curate",
            "diff",
            "engine",
            "eval",
            "exit",
            "fact",
            "fit",
            "knowledge_dir",
            "knowledge_edit",
            "matching",
            "page",
            "store",
            "workbench",
        ],
    ),
    ("main", &["cli", "exit", "serve"]),
];

/// The parts without I/O.
const CORE: [&str; 11] = [
    "text", "fact", "matching", "answer", "engine", "diff", "curate", "eval", "fit", "page", "picture",
];

/// What would let the outside world into the core; `std::{` would hide an import from this test.
const BANNED_IN_CORE: [&str; 12] = [
    "serenity",
    "tokio",
    "sqlx",
    "reqwest",
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::thread",
    "std::{",
    "SystemTime",
    "Instant",
];

/// The formats' crates, and the places at the core's edges that may name them.
const FORMATS: [&str; 6] = [
    "serde::",
    "serde_json::",
    "toml::",
    "schemars::",
    "miette::",
    "postcard::",
];
const FORMAT_PLACES: [&str; 6] = [
    "src/eval/parse.rs",
    "src/fact/article/paragraphs.rs",
    "src/fact/parse/",
    "src/fact/problem/",
    "src/fact/schema.rs",
    // What is learnt is written and read as it is: its parts have no other form.
    "src/matching/",
];

/// Who names serenity: the log names its targets, to keep them quiet.
const SERENITY_PLACES: [&str; 2] = ["src/discord/", "src/ops/logging.rs"];
/// Who names the database.
const DATABASE_PLACES: [&str; 1] = ["src/store/"];
/// Who reads the environment: the command line asks for `NO_COLOR`, which is no setting of this program.
const ENVIRONMENT_PLACES: [&str; 2] = ["src/cli/mod.rs", "src/config/mod.rs"];

#[test]
fn imports_go_one_way() {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in rust_files("src") {
        let part = part(&file.path);
        if part == "lib" {
            continue;
        }
        let imports = imports(&file.code());
        found
            .entry(part.clone())
            .or_default()
            .extend(imports.into_iter().filter(|import| *import != part));
    }
    let allowed = ONE_WAY
        .iter()
        .map(|(part, others)| {
            (
                (*part).to_owned(),
                others.iter().map(|other| (*other).to_owned()).collect(),
            )
        })
        .collect();
    assert_eq!(
        found, allowed,
        "left: what `src/` imports; right: what the table allows"
    );
}

#[test]
fn no_import_climbs_out_of_its_part_by_super() {
    let mut climbing = Vec::new();
    for file in rust_files("src") {
        let depth = depth(&file.path);
        let code = file.code();
        let tests_at = code.find("\nmod tests {").unwrap_or(code.len());
        for (at, _) in code.match_indices("super::") {
            let is_within = code[..at].ends_with("super::");
            let n_steps = code[at..]
                .split("super::")
                .take_while(|between| between.is_empty())
                .count();
            // The module `tests` of a file is one step deeper.
            let n_free = if at > tests_at { depth } else { depth.saturating_sub(1) };
            if !is_within && n_steps > n_free {
                climbing.push(format!("{}: `{}super`", file.path, "super::".repeat(n_steps - 1)));
            }
        }
    }
    assert_eq!(
        climbing,
        Vec::<String>::new(),
        "write `crate::…`, so that the one-way rule sees it"
    );
}

#[test]
fn the_core_names_nothing_of_the_outside_world() {
    let mut named = Vec::new();
    for file in rust_files("src")
        .iter()
        .filter(|file| CORE.contains(&part(&file.path).as_str()))
    {
        let code = file.code();
        let words = BANNED_IN_CORE.iter().filter(|word| has_word(&code, word));
        named.extend(words.map(|word| format!("{}: `{word}`", file.path)));
    }
    assert_eq!(named, Vec::<String>::new());
}

#[test]
fn formats_serenity_the_database_and_the_environment_are_named_in_their_places_only() {
    let files = rust_files("src");
    let core: Vec<&File> = files
        .iter()
        .filter(|file| CORE.contains(&part(&file.path).as_str()))
        .collect();
    assert_named_in(&core, &FORMATS, &FORMAT_PLACES);
    let all: Vec<&File> = files.iter().collect();
    assert_named_in(&all, &["serenity"], &SERENITY_PLACES);
    assert_named_in(&all, &["sqlx"], &DATABASE_PLACES);
    assert_named_in(&all, &["std::env"], &ENVIRONMENT_PLACES);
}

#[test]
fn what_only_some_systems_have_is_asked_of_them_only() {
    let guards = ["#[cfg(unix)]", "#[cfg(target_os = \"linux\")]"];
    let mut unguarded = Vec::new();
    for file in rust_files("src").iter().filter(|file| !file.path.ends_with("tests.rs")) {
        // A function that is for one system stands in one piece below its guard.
        let pieces = file.text.split("\n\n").filter(|piece| piece.contains("::unix::"));
        let bare = pieces.filter(|piece| !guards.iter().any(|guard| piece.contains(guard)));
        unguarded.extend(bare.map(|piece| format!("{}: {piece}", file.path)));
    }
    assert_eq!(unguarded, Vec::<String>::new());
}

#[test]
fn every_file_of_code_says_first_what_it_is() {
    let silent: Vec<String> = ["src", "tests", "examples", "benches"]
        .into_iter()
        .flat_map(rust_files)
        .filter(|file| !file.text.starts_with("//! "))
        .map(|file| file.path)
        .collect();
    assert_eq!(silent, Vec::<String>::new(), "these do not open with `//!`");
}

#[test]
fn nothing_names_a_registry_or_the_machine_that_it_was_written_on() {
    // Put together here, so that this file does not name them either.
    let traces = [
        concat!("crates", ".io"),
        concat!("pypi", ".org"),
        concat!("pythonhosted", ".org"),
        concat!("npmjs", ".org"),
        concat!("/wo", "rk/"),
        concat!("/ro", "ot/"),
        concat!("../", "shared"),
    ];
    let mut found = Vec::new();
    // Cargo itself writes the lock file, with the index in it.
    for file in text_files().iter().filter(|file| file.path != "Cargo.lock") {
        let in_file = traces.iter().filter(|trace| file.text.contains(**trace));
        found.extend(in_file.map(|trace| format!("{}: `{trace}`", file.path)));
    }
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn the_lock_file_names_no_other_source_than_the_public_index() {
    let lock = read("Cargo.lock");
    let index = concat!("source = \"registry+https://github.com/rust-lang/crates", ".io-index\"");
    let others: Vec<&str> = lock
        .lines()
        .filter(|line| line.starts_with("source = ") && *line != index)
        .collect();
    assert_eq!(others, Vec::<&str>::new());
}

/// A text file, its path from the package's folder on, with `/` between its parts.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    /// The text without comments, as far as they can be told by their lines.
    fn code(&self) -> String {
        let lines = self.text.lines().filter(|line| !line.trim_start().starts_with("//"));
        lines
            .map(|line| line.split(" // ").next().unwrap().to_owned() + "\n")
            .collect()
    }
}

/// Fails unless all places, and nobody else, name one of these outside their tests.
fn assert_named_in(files: &[&File], words: &[&str], places: &[&str]) {
    let mut silent: BTreeSet<&str> = places.iter().copied().collect();
    let mut elsewhere = Vec::new();
    for file in files.iter().filter(|file| !file.path.ends_with("tests.rs")) {
        let code = file.code();
        let code = code.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let Some(word) = words.iter().find(|word| has_word(code, word)) else {
            continue;
        };
        match places.iter().find(|place| file.path.starts_with(**place)) {
            Some(place) => _ = silent.remove(place),
            None => elsewhere.push(format!("{}: `{word}`", file.path)),
        }
    }
    assert_eq!(elsewhere, Vec::<String>::new(), "only {places:?} may name {words:?}");
    assert_eq!(
        silent,
        BTreeSet::new(),
        "these no longer name any of {words:?}, so the table need not allow it"
    );
}

/// Whether it stands there as a word of its own.
fn has_word(code: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).any(|(at, _)| {
        let is_begun = code[..at].ends_with(|c| is_part(c) || c == '.');
        let goes_on = word.ends_with(is_part) && code[at + word.len()..].starts_with(is_part);
        !is_begun && !goes_on
    })
}

/// The parts that code names, each as the first name after the crate's.
fn imports(code: &str) -> BTreeSet<String> {
    let mut imports = BTreeSet::new();
    for after in ["crate::", "briefing_bot::"]
        .into_iter()
        .flat_map(|before| code.split(before).skip(1))
    {
        match after.strip_prefix('{') {
            Some(group) => imports.extend(heads(group)),
            None => imports.extend(name(after)),
        }
    }
    imports
}

/// The first names of a group, up to the brace that closes it.
fn heads(group: &str) -> Vec<String> {
    let mut depth = 0_usize;
    let mut heads: Vec<String> = name(group.trim_start()).into_iter().collect();
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => heads.extend(name(group[at + 1..].trim_start())),
            _ => {}
        }
    }
    heads
}

fn name(code: &str) -> Option<String> {
    let name = code.split(|c: char| !c.is_alphanumeric() && c != '_').next()?;
    (!name.is_empty()).then(|| name.to_owned())
}

/// `src/fact/parse/mod.rs` is of `fact`.
fn part(path: &str) -> String {
    let part = path.split('/').nth(1).unwrap();
    part.strip_suffix(".rs").unwrap_or(part).to_owned()
}

/// How many modules lead to the file: 1 for `src/fact/mod.rs`.
fn depth(path: &str) -> usize {
    let n_names = path.split('/').count() - 1;
    if path.ends_with("/mod.rs") {
        n_names - 1
    } else {
        n_names
    }
}

pub(crate) fn root() -> PathBuf {
    env!("CARGO_MANIFEST_DIR").into()
}

pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

pub(crate) fn extension(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, extension)| extension)
}

fn rust_files(folder: &str) -> Vec<File> {
    let mut files = Vec::new();
    gather(&root().join(folder), &[], &mut files);
    files.retain(|file| extension(&file.path) == "rs");
    files
}

pub(crate) fn text_files() -> Vec<File> {
    let mut files = Vec::new();
    // Cargo marks a target folder only when it made it: `.ci/deny` may have come first.
    let ignored: Vec<String> = read(".gitignore")
        .lines()
        .filter_map(|line| line.strip_prefix('/'))
        .map(|name| name.trim_end_matches('/').to_owned())
        .collect();
    gather(&root(), &ignored, &mut files);
    assert!(files.len() > 100, "only {} files were found", files.len());
    files
}

/// Every text file below a folder that is part of the project: not the folders that `.gitignore` names, what Cargo builds, or
/// what an editor keeps in folders with a dot.
fn gather(folder: &Path, ignored: &[String], files: &mut Vec<File>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        let from_root = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
        let name = from_root.rsplit('/').next().unwrap();
        if path.is_dir() {
            let is_kept = !name.starts_with('.') || [".ci", ".cargo", ".github"].contains(&name);
            if is_kept && !ignored.contains(&from_root) && !path.join("CACHEDIR.TAG").exists() {
                gather(&path, ignored, files);
            }
        } else if name != ".env" && name != ".git" {
            // What is not UTF-8 is no text.
            let text = fs::read(&path).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            files.extend(text.map(|text| File { path: from_root, text }));
        }
    }
}
