//! No secret leaves the program: every output is searched for the token and for a database's password.
//!
//! The program is the real one, logs at `trace`, meets its faults, and is looked at from outside as another user's `ps`
//! sees it. The search is shown to find the token where it must be: in the requests to Discord.

use std::fs;
use std::net::SocketAddr;
use std::process::Command;

use briefing_bot::cli::Cli;
use clap::CommandFactory;

use crate::support::events::{IN_CHANNEL, IN_DIRECT};
use crate::support::http::{free_address, wait_for};
use crate::support::state::{Frame, TOKEN};
use crate::support::{Knowledge, Loopback, Process};

/// A part of the token that is in nothing else.
const PART: &str = "secret-part";
const PASSWORD: &str = "hush-of-the-database";
const QUESTION: &str = "How high will the harbour wall be?";

#[track_caller]
fn holds_no_secret(what: &str, text: &str) {
    for secret in [TOKEN, PART, PASSWORD] {
        let line = text.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "`{secret}` in {what}");
    }
}

/// A whole response; waits until somebody listens.
#[track_caller]
fn get(address: SocketAddr, path: &str) -> String {
    wait_for(address, path, "a response", |status, _| status != 0)
}

#[test]
fn no_output_of_a_running_bot_holds_the_token() {
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    for format in ["text", "json"] {
        let address = free_address();
        let settings = [
            ("RUST_LOG", "trace"),
            ("LOG_FORMAT", format),
            ("LOG_QUESTIONS", "on"),
            ("HTTP_LISTEN", &address.to_string()),
        ];
        let bot = Process::run(&discord, &knowledge, &settings);
        discord.wait_until_ready();
        discord.asked(IN_CHANNEL, QUESTION);
        discord.answer_to(discord.says(IN_DIRECT, "what is your token?"));
        discord.response_to(discord.ask(IN_CHANNEL, QUESTION, &serde_json::json!([])));
        discord.send(&Frame::Dispatch("MESSAGE_CREATE", serde_json::json!({"content": 7})));
        for path in ["/metrics", "/readyz", "/livez", "/no-such-page"] {
            holds_no_secret(path, &get(address, path));
        }
        // What `ps` shows to everybody, and what `top` and `lsof` take from the same place.
        for file in ["cmdline", "comm", "status", "stat"] {
            let text = fs::read(format!("/proc/{}/{file}", bot.id())).unwrap();
            assert!(!text.is_empty(), "{file}");
            holds_no_secret(file, &String::from_utf8_lossy(&text).replace('\0', "\n"));
        }
        bot.signal("TERM");
        let (status, written) = bot.ended();
        assert_eq!(status.code(), Some(0), "{written}");
        assert!(written.contains("TRACE"), "the log was to be at its loudest: {written}");
        holds_no_secret("the log", &written);
        discord.state().with(|inner| inner.clients.clear());
    }
    // Where the token must be it is found: the loopback answers 401 to every request without it.
    assert!(discord.requests().len() > 4, "{:?}", discord.requests());
    // What it leaves on the disk: the store, whose key is made of the token.
    for entry in fs::read_dir(knowledge.store().parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        holds_no_secret(&path.display().to_string(), &String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn no_error_holds_the_token_or_a_password() {
    let knowledge = Knowledge::harbour();
    let discord = Loopback::start();
    let closed = format!("http://{}", free_address());
    let database = format!("postgres://bot:{PASSWORD}@{}/briefing", free_address());
    let broken_database = format!("mysql://bot:{PASSWORD}@localhost/briefing");
    let white_space = format!("{TOKEN} {TOKEN}");
    let refused = format!("{TOKEN}-of-another");
    let cases = [
        (
            "a token with white space in it",
            vec![("DISCORD_TOKEN", white_space.as_str())],
            78,
        ),
        ("a token that is refused", vec![("DISCORD_TOKEN", refused.as_str())], 78),
        ("no network", vec![("DISCORD_API_URL", closed.as_str())], 1),
        (
            "a setting that means nothing",
            vec![("DATABASE_URL", broken_database.as_str())],
            78,
        ),
        (
            "facts that are not there",
            vec![("KNOWLEDGE_SOURCE", "database"), ("DATABASE_URL", database.as_str())],
            1,
        ),
    ];
    for (what, settings, status) in cases {
        let settings: Vec<(&str, &str)> = std::iter::once(("RUST_LOG", "trace")).chain(settings).collect();
        let (found, written) = Process::run(&discord, &knowledge, &settings).ended();
        assert!(written.contains("error"), "{what} must be said: {written}");
        holds_no_secret(what, &written);
        assert_eq!(found.code(), Some(status), "{what}: {written}");
    }
}

#[test]
fn no_sub_command_prints_a_secret_of_its_environment() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("postgres://bot:{PASSWORD}@{}/briefing", free_address());
    // A line that cannot be read, in a file that holds the token.
    fs::write(
        folder.path().join(".env"),
        format!("DISCORD_TOKEN={TOKEN}\nDISCORD_TOKEN '{PART}\n"),
    )
    .unwrap();
    let cli = Cli::command();
    let names = cli.get_subcommands().map(|command| command.get_name().to_owned());
    let mut runs: Vec<Vec<String>> = names.map(|name| vec![name, "--help".to_owned()]).collect();
    for words in [
        "check",
        "ask how?",
        "export",
        "store prune",
        "store reloads",
        "publish",
        "unanswered",
        "run",
        "--help",
        "no-such",
    ] {
        runs.push(words.split(' ').map(str::to_owned).collect());
    }
    for arguments in runs {
        let output = Command::new(assert_cmd::cargo::cargo_bin!("briefing-bot"))
            .args(&arguments)
            .current_dir(folder.path())
            .env_clear()
            .env("DISCORD_TOKEN", TOKEN)
            .env("DATABASE_URL", &database)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert!(!said.is_empty(), "{arguments:?} says something");
        holds_no_secret(&arguments.join(" "), &said);
    }
}

/// Whether the kernel wrote a dump of a process that was aborted.
#[cfg(target_os = "linux")]
fn is_dumped(status: std::process::ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    const ABORTED: i32 = 6;
    assert_eq!(status.signal(), Some(ABORTED), "{status}");
    status.core_dumped()
}

#[cfg(target_os = "linux")]
#[test]
fn a_crash_leaves_no_core_dump() {
    const UNLIMITED: &str = "ulimit -c unlimited 2>/dev/null; exec \"$@\"";
    let folder = tempfile::tempdir().unwrap();
    let other = Command::new("sh")
        .args(["-c", UNLIMITED, "sh", "sh", "-c", "kill -ABRT $$"])
        .current_dir(folder.path())
        .status()
        .unwrap();
    if !is_dumped(other) {
        // A container may forbid dumps altogether.
        assert!(std::env::var_os("CI").is_none(), "this machine dumps no process at all");
        return;
    }
    let (discord, knowledge) = (Loopback::start(), Knowledge::harbour());
    let starter = ["sh", "-c", UNLIMITED, "sh"];
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_briefing-bot"));
    let bot = Process::run_by(&starter, program, &discord, &knowledge, &[]);
    discord.wait_until_ready();
    bot.signal("ABRT");
    let (status, _) = bot.ended();
    assert!(!is_dumped(status), "{status}");
}

#[cfg(target_os = "linux")]
#[test]
fn another_process_of_its_user_cannot_read_its_environment() {
    use crate::support::nobody::{as_nobody, command_by};
    use crate::support::until;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    let (discord, knowledge, stage) = (Loopback::start(), Knowledge::harbour(), tempfile::tempdir().unwrap());
    // Root may read everything. Another user may not reach the build's own folder, so the program is put where it may.
    let program = stage.path().join("briefing-bot");
    fs::copy(env!("CARGO_BIN_EXE_briefing-bot"), &program).unwrap();
    for folder in [stage.path(), knowledge.path()] {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let as_nobody = as_nobody();
    let environment = |process: u32| {
        let mut reader = command_by(&as_nobody, Path::new("/bin/cat"));
        reader.arg(format!("/proc/{process}/environ")).env("LC_ALL", "C");
        let output = reader.output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (text(&output.stdout), text(&output.stderr))
    };
    // Of a process that has told the kernel nothing it can be read, once it is that user's.
    let mut other = command_by(&as_nobody, Path::new("/bin/sleep"));
    let mut other = other.arg("90").env("DISCORD_TOKEN", TOKEN).spawn().unwrap();
    until(|| {
        let (read, said) = environment(other.id());
        if read.contains(TOKEN) { Ok(()) } else { Err(said) }
    });
    other.kill().unwrap();
    other.wait().unwrap();

    let bot = Process::run_by(&as_nobody, &program, &discord, &knowledge, &[]);
    discord.wait_until_ready();
    let (read, said) = environment(bot.id());
    assert_eq!(read, "");
    assert!(said.contains("Permission denied"), "{said}");
    bot.signal("TERM");
    let (status, written) = bot.ended();
    assert_eq!(status.code(), Some(0), "{written}");
}
