//! Parses the arguments, calls the library, turns the result into an exit status.

use std::io::Write;
use std::process::ExitCode;

use briefing_bot::cli::{self, Cli, Command, Outcome};
use briefing_bot::exit::{Exit, Failure};
use briefing_bot::serve;
use clap::{CommandFactory, Parser};

/// musl's own allocator is slow where threads share it. glibc's is as fast as this one, and gives back what reading and
/// learning the facts left free, where this one holds twice as much memory.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Before the arguments are parsed, since they take defaults from the environment, and before any thread is started.
    let dotenv = dotenvy::dotenv();
    let cli = Cli::parse();
    let result = accept_dotenv(dotenv, &cli).and_then(|()| dispatch(&cli));
    end(result).into()
}

fn dispatch(cli: &Cli) -> Outcome {
    let knowledge = cli.knowledge.as_path();
    match &cli.command {
        None => {
            Cli::command().print_help()?;
            Ok(Exit::Done)
        }
        Some(Command::Run) => serve::run(knowledge),
        Some(Command::Chat) => cli::chat::run(knowledge),
        Some(Command::Ask(arguments)) => cli::ask::run(arguments, knowledge),
        Some(Command::Check(arguments)) => cli::check::run(arguments, knowledge),
        Some(Command::New(arguments)) => cli::new::run(arguments, knowledge),
        Some(Command::Export) => cli::export::run(knowledge),
        Some(Command::Eval(arguments)) => cli::eval::run(arguments, knowledge),
        Some(Command::Diff(arguments)) => cli::diff::run(arguments),
        Some(Command::Unanswered(arguments)) => cli::unanswered::run(arguments, knowledge),
        Some(Command::Workbench(arguments)) => cli::workbench::run(arguments, knowledge),
        Some(Command::Fit(arguments)) => cli::fit::run(arguments, knowledge),
        Some(Command::Publish(arguments)) => cli::publish::run(arguments, knowledge),
        Some(Command::Store(command)) => cli::store::run(command),
    }
}

/// A `.env` that is not there is no fault. One that cannot be read stops only `run`, which lives by it.
fn accept_dotenv(dotenv: dotenvy::Result<std::path::PathBuf>, cli: &Cli) -> anyhow::Result<()> {
    let fault = match dotenv {
        Ok(_) => return Ok(()),
        Err(error) if error.not_found() => return Ok(()),
        // The error's own text would quote the line, and that may hold the token.
        Err(dotenvy::Error::LineParse(..)) => "`.env`: a line is not of the form `NAME=value`".to_owned(),
        Err(error) => format!("`.env` cannot be read: {error}"),
    };
    if matches!(cli.command, Some(Command::Run)) {
        return Err(Failure::configuration(format!("{fault}\nhint: see `.env.example`")).into());
    }
    write_message(&format!("warning: {fault}"));
    Ok(())
}

/// Says what went wrong, once, with its causes.
fn end(result: Outcome) -> Exit {
    match result {
        Ok(exit) => exit,
        Err(error) if is_closed_pipe(&error) => Exit::Done,
        Err(error) => {
            write_message(&format!("error: {error:#}"));
            error
                .downcast_ref::<Failure>()
                .map_or(Exit::NotHeld, |failure| failure.exit)
        }
    }
}

/// Whoever read the output has read enough.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}

fn write_message(message: &str) {
    // Where standard error is closed there is nobody left to tell.
    let _ = writeln!(std::io::stderr(), "{message}");
}
