//! The program keeps what it learnt, and answers alike with it, without it, and where it cannot be kept.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::program::program;
use crate::support::nobody::{as_nobody, command_by};
use crate::support::{Knowledge, Loopback, TestBot};

const QUESTION: &str = "By how many metres will the wall be raised?";

/// The answer, without the time that it took.
fn answer(command: &mut Command) -> Value {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{said}");
    let mut answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    answer["elapsed_us"] = Value::Null;
    answer
}

fn ask() -> Command {
    program(&["ask", "--json", "--explain", QUESTION])
}

fn learnt(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.extension().is_some_and(|it| it == "learnt"))
        .collect()
}

#[test]
fn an_answer_is_the_same_learnt_remembered_or_torn() {
    let folder = tempfile::tempdir().unwrap();
    let expected = answer(&mut ask());
    assert_eq!(expected["outcome"], "answer");
    assert_eq!(answer(ask().env("CACHE_DIR", folder.path())), expected);
    let files = learnt(folder.path());
    let [file] = files.as_slice() else {
        panic!("{files:?}");
    };
    let whole = std::fs::read(file).unwrap();
    let written_at = std::fs::metadata(file).unwrap().modified().unwrap();
    assert_eq!(answer(ask().env("CACHE_DIR", folder.path())), expected);
    let still = std::fs::metadata(file).unwrap().modified().unwrap();
    assert_eq!(still, written_at, "what is remembered is not written again");
    std::fs::write(file, &whole[..whole.len() / 2]).unwrap();
    assert_eq!(answer(ask().env("CACHE_DIR", folder.path())), expected);
    assert_eq!(std::fs::read(file).unwrap(), whole);
}

#[test]
fn without_a_setting_it_is_kept_among_the_users_caches_and_with_none_nowhere() {
    let home = tempfile::tempdir().unwrap();
    let kept = home.path().join(".cache/briefing-bot");
    let _ = answer(
        ask()
            .env("HOME", home.path())
            .env_remove("XDG_CACHE_HOME")
            .env("CACHE_DIR", "none"),
    );
    assert!(!kept.exists());
    let _ = answer(
        ask()
            .env("HOME", home.path())
            .env_remove("XDG_CACHE_HOME")
            .env_remove("CACHE_DIR"),
    );
    assert_eq!(learnt(&kept).len(), 1);
}

#[test]
fn a_folder_that_may_not_be_written_to_costs_no_answer() {
    let stage = tempfile::tempdir().unwrap();
    let allow = |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    allow(stage.path(), 0o755);
    // The other user may not reach the build's own folder, so the program and the facts are put where it may.
    let bot = stage.path().join("briefing-bot");
    std::fs::copy(assert_cmd::cargo::cargo_bin!("briefing-bot"), &bot).unwrap();
    let knowledge = Knowledge::harbour();
    allow(knowledge.path(), 0o755);
    let cache = stage.path().join("cache");
    std::fs::create_dir(&cache).unwrap();
    allow(&cache, 0o555);
    let by_nobody = |program: &Path| {
        let mut command = command_by(&as_nobody(), program);
        command.env_clear().current_dir("/");
        command
    };
    let touched = by_nobody(Path::new("/bin/touch"))
        .arg(cache.join("probe"))
        .output()
        .unwrap();
    assert!(
        !touched.status.success(),
        "the fault must really be there, but the folder can be written to"
    );

    let ask = |folder: &Path| {
        let mut command = by_nobody(&bot);
        let words = ["ask", "--json", "--explain", QUESTION, "--knowledge"];
        command.args(words).arg(knowledge.path()).env("CACHE_DIR", folder);
        answer(&mut command)
    };
    let expected = ask(Path::new("none"));
    assert_eq!(ask(&cache), expected);
    assert!(learnt(&cache).is_empty());
    // As its owner brings it along in an image: it may be read, not written.
    allow(&cache, 0o755);
    let words = ["ask", "--json", "--explain", QUESTION, "--knowledge"];
    let mut by_owner = Command::new(&bot);
    by_owner.args(words).arg(knowledge.path());
    by_owner.env("CACHE_DIR", &cache).current_dir("/");
    assert_eq!(answer(&mut by_owner), expected);
    assert_eq!(learnt(&cache).len(), 1);
    allow(&cache, 0o555);
    assert_eq!(ask(&cache), expected);
    // Else whoever is not root could not remove it.
    allow(&cache, 0o755);
}

#[test]
fn the_bot_remembers_its_facts_however_they_are_commented_and_learns_others() {
    let (knowledge, cache) = (Knowledge::harbour(), tempfile::tempdir().unwrap());
    let start_and_stop = || {
        let discord = Loopback::start();
        let setting = [("CACHE_DIR", cache.path().to_str().unwrap())];
        let bot = TestBot::start_with(&discord, &knowledge, &setting);
        discord.wait_until_ready();
        bot.stop().unwrap();
        learnt(cache.path()).len()
    };
    assert_eq!(start_and_stop(), 1);
    knowledge.append("facts/works.toml", "\n# a comment changes no answer\n");
    assert_eq!(start_and_stop(), 1);
    knowledge.edit("six metres in all", "seven metres in all");
    assert_eq!(start_and_stop(), 2);
}

#[test]
fn check_takes_and_keeps_it_too() {
    let folder = tempfile::tempdir().unwrap();
    let check = || {
        let mut check = program(&["check", "--quick"]);
        let output = check.env("CACHE_DIR", folder.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    let said = check();
    assert_eq!(learnt(folder.path()).len(), 1);
    assert_eq!(check(), said);
}
