//! The real program, run on the small fact base under `tests/data/knowledge`.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// A file under `tests/data`.
pub(crate) fn test_file(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(path)
}

/// The program with these arguments and the small fact base, apart from this machine's settings: `tests/data` has a
/// `.env` without any, beyond which none is looked for.
pub(crate) fn program(arguments: &[&str]) -> Command {
    program_on(&test_file("knowledge"), arguments)
}

/// The same on another knowledge folder.
fn program_on(knowledge: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("briefing-bot"));
    command
        .args(arguments)
        .arg("--knowledge")
        .arg(knowledge)
        .current_dir(test_file(""))
        .env_remove("KNOWLEDGE_DIR")
        .env("CACHE_DIR", "none")
        .env_remove("NO_COLOR")
        .stdin(Stdio::null());
    command
}

/// What came of it.
pub(crate) struct Finished {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs it to its end.
pub(crate) fn run(arguments: &[&str]) -> Finished {
    finished(program(arguments).output().unwrap())
}

/// Runs it to its end with this as standard input.
pub(crate) fn run_with_input(arguments: &[&str], input: &[u8]) -> Finished {
    with_input(program(arguments), input)
}

/// The same on the facts that are shipped.
pub(crate) fn run_shipped_with_input(arguments: &[&str], input: &[u8]) -> Finished {
    let shipped = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("knowledge");
    with_input(program_on(&shipped, arguments), input)
}

fn with_input(mut program: Command, input: &[u8]) -> Finished {
    let mut file = tempfile::tempfile().unwrap();
    std::io::Write::write_all(&mut file, input).unwrap();
    std::io::Seek::rewind(&mut file).unwrap();
    finished(program.stdin(file).output().unwrap())
}

/// Runs it with a standard output that nobody reads any more.
pub(crate) fn run_with_closed_output(arguments: &[&str]) -> Finished {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let child = program(arguments)
        .stdout(writer)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    wait(child)
}

/// Waits for a program that was started by hand.
pub(crate) fn wait(child: Child) -> Finished {
    finished(child.wait_with_output().unwrap())
}

fn finished(output: Output) -> Finished {
    Finished {
        status: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}
