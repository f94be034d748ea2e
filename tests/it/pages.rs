//! What the pages say, held against what is so: sub-commands, options, links, the one-way table.
//!
//! Deliberately absent: transcripts, which are of their day.

use std::collections::BTreeSet;

use briefing_bot::cli::Cli;
use clap::CommandFactory;

use crate::tidy::{ONE_WAY, extension, read, root, text_files};

const MAX_ARCHITECTURE_LINES: usize = 120;

#[test]
fn the_readme_names_every_sub_command_and_no_other() {
    let readme = read("README.md");
    let named: BTreeSet<&str> = ["`briefing-bot ", "cargo run --release -- "]
        .into_iter()
        .flat_map(|before| readme.split(before).skip(1))
        .map(|after| {
            after
                .split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
                .next()
                .unwrap()
        })
        .collect();
    let cli = Cli::command();
    let known: BTreeSet<&str> = cli.get_subcommands().map(clap::Command::get_name).collect();
    assert_eq!(named, known);
}

#[test]
fn every_alert_is_explained_to_the_operator() {
    let (alerts, page) = (read("deploy/alerts.yaml"), read("docs/OPERATING.md"));
    let names: Vec<&str> = alerts
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- alert: "))
        .collect();
    assert!(!names.is_empty());
    for name in names {
        assert!(page.contains(&format!("- **{name}**: ")), "`{name}` is not explained");
    }
}

#[test]
fn the_readme_names_only_options_that_their_sub_commands_have() {
    let readme = read("README.md");
    let cli = Cli::command();
    let has =
        |command: &clap::Command, option: &str| command.get_arguments().any(|known| known.get_long() == Some(option));
    for command in cli.get_subcommands() {
        let row = format!("| `briefing-bot {}", command.get_name());
        let rows = readme.lines().filter(|line| line.starts_with(&row));
        for option in rows.flat_map(|row| row.split("`--").skip(1)) {
            let option = option
                .split(|c: char| !c.is_ascii_lowercase() && c != '-')
                .next()
                .unwrap();
            assert!(
                has(command, option) || has(&cli, option),
                "`{}` has no `--{option}`",
                command.get_name()
            );
        }
    }
}

#[test]
fn the_readme_asks_for_the_rust_that_the_package_asks_for() {
    let asked = concat!("Rust ", env!("CARGO_PKG_RUST_VERSION"), " ");
    assert!(read("README.md").contains(asked), "`{asked}`");
}

#[test]
fn the_architecture_page_is_short_and_shows_the_one_way_table() {
    let page = read("docs/ARCHITECTURE.md");
    let n_lines = page.lines().count();
    assert!(n_lines <= MAX_ARCHITECTURE_LINES, "{n_lines} lines");
    let shown: Vec<&str> = page
        .lines()
        .skip_while(|line| *line != "| part | may import |")
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .collect();
    let rows: Vec<String> = ONE_WAY.iter().map(|(part, others)| row(part, others)).collect();
    assert_eq!(shown, rows);
}

#[test]
fn every_link_of_a_page_to_a_file_leads_to_one() {
    let mut broken = Vec::new();
    for page in text_files().iter().filter(|file| extension(&file.path) == "md") {
        let folder = root().join(&page.path).parent().unwrap().to_owned();
        for target in page
            .text
            .split("](")
            .skip(1)
            .filter_map(|after| after.split([')', '#']).next())
        {
            if !target.is_empty() && !target.contains("://") && !folder.join(target).exists() {
                broken.push(format!("{}: `{target}`", page.path));
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

/// A part as a row of the page's table.
fn row(part: &str, others: &[&str]) -> String {
    let others: Vec<String> = others.iter().map(|other| format!("`{other}`")).collect();
    let others = if others.is_empty() {
        "nothing".to_owned()
    } else {
        others.join(", ")
    };
    format!("| `{part}` | {others} |")
}
