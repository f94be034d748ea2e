//! A folder of what was learnt, through whatever may happen to it.

use std::path::Path;

use super::*;
use crate::fact::files::{Content, File as Read, Files, Folder};
use crate::fact::parse;
use crate::matching::Context;

const QUESTIONS: [&str; 5] = [
    "How high is the wall?",
    "how hgih is teh wall",
    "who is the harbour master",
    "when does the work end, and what does it cost?",
    "What colour is the moon?",
];

fn base() -> FactBase {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/discord/harbour-works");
    let read = |name: &str| Read {
        name: name.to_owned(),
        content: Content::Bytes(fs::read(folder.join(name)).unwrap()),
    };
    let names = ["facts/works.toml", "glossary.toml", "source.toml", "synonyms.toml"];
    let files = Files {
        folders: vec![Folder {
            briefing: "harbour-works".to_owned(),
            files: names.map(read).into(),
        }],
        ..Files::default()
    };
    parse::load(&files).unwrap().base
}

/// The facts with another answer, so that they are others.
fn other(number: usize) -> FactBase {
    let mut briefings = base().briefings;
    briefings[0].facts[0].answer = format!("It is {number} m high.");
    let first = format!("How high is the wall in year {number}?");
    let fact = &mut briefings[0].facts[0];
    fact.phrasings = std::iter::once(first.as_str())
        .chain(fact.phrasings.iter().skip(1))
        .collect();
    FactBase::new(briefings)
}

/// Everything that answers are made from, to the last bit.
fn answers(snapshot: &Snapshot) -> Vec<String> {
    let matcher = snapshot.matcher();
    let find = |question: &&str| {
        let found = matcher.find(&matcher.analyse(&question.to_lowercase()), &Context::default());
        format!("{found:?}")
    };
    QUESTIONS.iter().map(find).collect()
}

/// The files of a folder, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

/// A folder with what was learnt, and the file.
fn learnt() -> (tempfile::TempDir, Cache, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::new(Some(folder.path().join("made").join("here")));
    let _ = cache.learn(base());
    let file = files(&folder.path().join("made/here")).pop().unwrap();
    (folder, cache, file)
}

#[test]
fn what_is_remembered_answers_as_what_is_learnt() {
    let (_folder, cache, file) = learnt();
    assert!(recall(&file, &base(), Key::of(&base())).is_ok());
    assert_eq!(answers(&cache.learn(base())), answers(&Snapshot::new(base())));
    assert_eq!(
        answers(&Cache::default().learn(base())),
        answers(&Snapshot::new(base()))
    );
}

#[test]
fn a_file_that_was_changed_anywhere_is_learnt_anew_and_replaced() {
    let (_folder, cache, file) = learnt();
    let whole = fs::read(&file).unwrap();
    let expected = answers(&Snapshot::new(base()));
    // The magic, the key, the checksum, and all over the content.
    for place in [0, 9, 50, 72, whole.len() / 3, whole.len() / 2, whole.len() - 1] {
        let mut torn = whole.clone();
        torn[place] ^= 0x10;
        fs::write(&file, torn).unwrap();
        assert!(recall(&file, &base(), Key::of(&base())).is_err(), "byte {place}");
        assert_eq!(answers(&cache.learn(base())), expected, "byte {place}");
        assert_eq!(fs::read(&file).unwrap(), whole, "byte {place}");
    }
    for length in [0, 7, 40, 71, whole.len() - 1] {
        fs::write(&file, &whole[..length]).unwrap();
        assert_eq!(answers(&cache.learn(base())), expected, "{length} bytes");
        assert_eq!(fs::read(&file).unwrap(), whole, "{length} bytes");
    }
}

#[test]
fn an_edit_is_never_answered_from_what_was_learnt_before() {
    let (_folder, cache, file) = learnt();
    let edited = other(7);
    assert_eq!(answers(&cache.learn(other(7))), answers(&Snapshot::new(other(7))));
    let own = file.with_file_name(format!("{}.learnt", Key::of(&edited)));
    assert!(own.exists());
    // Put in the place of the other.
    fs::copy(&file, &own).unwrap();
    assert!(matches!(
        recall(&own, &edited, Key::of(&edited)),
        Err(Fault::Unfit(Unfit::OtherKey))
    ));
    assert_eq!(answers(&cache.learn(other(7))), answers(&Snapshot::new(edited)));
}

#[test]
fn the_last_few_stay_and_nothing_else_is_touched() {
    let (_folder, cache, file) = learnt();
    let folder = file.parent().unwrap().to_owned();
    fs::write(folder.join("notes.txt"), "mine").unwrap();
    fs::write(folder.join("left.behind.unfinished"), "half").unwrap();
    fs::write(folder.join("just.begun.unfinished"), "half").unwrap();
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_hours(24);
    let old = File::options()
        .write(true)
        .open(folder.join("left.behind.unfinished"))
        .unwrap();
    old.set_modified(long_ago).unwrap();
    File::options()
        .write(true)
        .open(&file)
        .unwrap()
        .set_modified(long_ago)
        .unwrap();
    for number in 0..N_KEPT {
        let _ = cache.learn(other(number));
    }
    let left = files(&folder);
    let n_learnt = left
        .iter()
        .filter(|path| path.extension().is_some_and(|it| it == EXTENSION))
        .count();
    assert_eq!(n_learnt, N_KEPT);
    assert!(!file.exists(), "the oldest goes");
    assert!(folder.join(format!("{}.learnt", Key::of(&other(N_KEPT - 1)))).exists());
    assert!(folder.join("notes.txt").exists() && folder.join("just.begun.unfinished").exists());
    assert!(!folder.join("left.behind.unfinished").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn what_others_could_have_written_is_not_read() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let (_folder, cache, file) = learnt();
    let folder = file.parent().unwrap().to_owned();
    let allow = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let recalled = || recall(&file, &base(), Key::of(&base()));
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&file)), (0o700, 0o644));
    for writable in [0o664, 0o646] {
        allow(&file, writable);
        assert!(matches!(recalled(), Err(Fault::NotOurs)));
    }
    allow(&file, 0o644);
    allow(&folder, 0o777);
    assert!(matches!(recalled(), Err(Fault::NotOurs)));
    allow(&folder, 0o700);
    assert!(recalled().is_ok());
    let elsewhere = folder.join("elsewhere");
    fs::rename(&file, &elsewhere).unwrap();
    symlink(&elsewhere, &file).unwrap();
    assert!(matches!(recalled(), Err(Fault::NotAFile)));
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    assert!(matches!(recalled(), Err(Fault::NotAFile)));
    // A folder in its place cannot be replaced, and costs nothing but the time.
    assert_eq!(answers(&cache.learn(base())), answers(&Snapshot::new(base())));
}

#[test]
fn one_file_that_cannot_be_removed_keeps_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let names: Vec<String> = (0..N_KEPT + 2).map(|number| format!("{number}.learnt")).collect();
    for (age, name) in (1..).zip(&names) {
        let path = folder.path().join(name);
        fs::write(&path, "").unwrap();
        let at = SystemTime::UNIX_EPOCH + Duration::from_hours(age);
        File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .set_modified(at)
            .unwrap();
    }
    let not_the_first = |path: &Path| {
        if path.ends_with("0.learnt") {
            return Err(io::Error::from(io::ErrorKind::PermissionDenied));
        }
        remove(path)
    };
    let tidied = tidy(folder.path(), &folder.path().join(&names[N_KEPT + 1]), not_the_first);
    assert_eq!(tidied.unwrap_err().kind(), io::ErrorKind::PermissionDenied);
    let left: Vec<bool> = names.iter().map(|name| folder.path().join(name).exists()).collect();
    assert_eq!(left, [true, false, true, true, true, true, true]);
}

#[test]
fn a_folder_that_cannot_be_made_costs_no_answer() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let cache = Cache::new(Some(folder.path().join("file/folder")));
    assert_eq!(answers(&cache.learn(base())), answers(&Snapshot::new(base())));
}
