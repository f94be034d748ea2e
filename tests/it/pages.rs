//! What the pages say, held against what is so: sub-commands, options, links, the one-way table.
//!
//! Deliberately absent: transcripts, which are of their day.

use std::collections::BTreeSet;

use briefing_bot::cli::Cli;
use clap::CommandFactory;

use crate::tidy::{File, ONE_WAY, extension, read, root, text_files};

const MAX_ARCHITECTURE_LINES: usize = 120;
/// The numbers by whose labels an alert chooses, and where the labels' values are.
const LABELLED: [(&str, &[&str]); 3] = [
    ("rest_failures_total", &["src/discord/rest/mod.rs"]),
    (
        "interactions_refused_total",
        &["src/discord/over_http/mod.rs", "src/discord/over_http/signature.rs"],
    ),
    ("reloads_total", &["src/store/record.rs"]),
];

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
fn every_value_of_a_label_that_an_alert_looks_at_is_the_code_s() {
    let alerts = read("deploy/alerts.yaml");
    let mut n_values = 0;
    // A selector is `briefing_bot_name{label="value",label=~"value|value"}`.
    for selector in alerts.split("briefing_bot_").skip(1) {
        let (name, rest) = selector.split_once('{').unwrap();
        let (labels, _) = rest.split_once('}').unwrap();
        let labels = labels.split(',').filter_map(|label| label.split_once('='));
        // `job` is Prometheus's own.
        for (label, values) in labels.filter(|(label, _)| *label != "job") {
            let (_, places) = LABELLED.iter().find(|(labelled, _)| *labelled == name).unwrap();
            let code: String = places.iter().map(|path| read(path)).collect();
            for value in values.trim_start_matches('~').trim_matches('"').split('|') {
                assert!(
                    code.contains(&format!("\"{value}\"")),
                    "no `{label}` of `{name}` is `{value}`"
                );
                n_values += 1;
            }
        }
    }
    assert!(n_values >= 8, "{n_values}");
}

#[test]
fn the_memory_that_the_operator_is_told_to_allow_is_enough_for_what_was_measured() {
    /// For what is being answered, beside the facts before and after a reload.
    const BESIDE_MEBIBYTES: u64 = 64;
    let (page, proof, unit) = (
        read("docs/OPERATING.md"),
        read("docs/PROOF.md"),
        read("deploy/briefing-bot.service"),
    );
    let (_, scale) = proof.split_once("<!-- scale -->").unwrap();
    let (scale, _) = scale.split_once("<!-- /scale -->").unwrap();
    let measured = |facts: &str| {
        let mut rows = scale.lines().map(cells);
        let row = rows.find(|row| row.first() == Some(&facts));
        row.unwrap_or_else(|| panic!("{facts} facts were not measured"))[4]
            .parse::<u64>()
            .unwrap()
    };
    let (_, table) = page.split_once("| facts | `MemoryMax` |").unwrap();
    let rows: Vec<_> = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(cells)
        .collect();
    assert!(rows.len() > 2, "{rows:?}");
    for row in &rows {
        let allowed: u64 = row[1].strip_suffix('M').unwrap().parse().unwrap();
        let needed = 2 * measured(row[0]) + BESIDE_MEBIBYTES;
        assert!(needed <= allowed, "{row:?}, but {needed} MiB are needed");
    }
    assert!(unit.contains(&format!("MemoryMax={}\n", rows[0][1])));
}

/// The cells of a table's row.
fn cells(row: &str) -> Vec<&str> {
    row.trim_matches('|').split('|').map(str::trim).collect()
}

#[test]
fn every_path_of_health_is_named_where_it_is_turned_on_and_explained() {
    let code = read("src/ops/health.rs");
    let paths: Vec<&str> = code
        .split(".route(\"")
        .skip(1)
        .filter_map(|after| after.split('"').next())
        .collect();
    assert!(paths.len() >= 4, "{paths:?}");
    for page in [".env.example", "docs/OPERATING.md"] {
        let text = read(page);
        for path in &paths {
            assert!(text.contains(&format!("`{path}`")), "{page} does not name `{path}`");
        }
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

#[test]
fn every_test_that_the_threat_model_names_exists() {
    let page = read("SECURITY.md");
    let (part, _) = page.split_once("## What is not defended against").unwrap();
    let named: Vec<&str> = part
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|name| name.contains("::"))
        .collect();
    assert!(named.len() > 30, "{named:?}");
    let files = text_files();
    let missing: Vec<&str> = named.into_iter().filter(|name| !is_test(&files, name)).collect();
    assert_eq!(missing, Vec::<&str>::new());
    // Each way in that the page names has at least one.
    for threat in part.split("\n- ").skip(1) {
        assert!(threat.contains("::"), "no test shows this: {threat}");
    }
}

/// Whether a test of this name, with its module before it, is among the files.
fn is_test(files: &[File], name: &str) -> bool {
    let (module, function) = name.rsplit_once("::").unwrap();
    let module = module.replace("::", "/");
    let places = ["tests/it/", "src/"].map(|folder| format!("{folder}{module}"));
    let is_of = |path: &str| {
        let endings = [".rs", "/mod.rs", "/tests.rs"];
        places.iter().any(|place| {
            path.strip_prefix(place.as_str())
                .is_some_and(|ending| endings.contains(&ending))
        })
    };
    let declaration = format!("fn {function}(");
    files.iter().filter(|file| is_of(&file.path)).any(|file| {
        let lines: Vec<&str> = file.text.lines().map(str::trim_start).collect();
        lines.windows(2).any(|pair| {
            let is_marked = pair[0].starts_with("#[test]") || pair[0].starts_with("#[tokio::test");
            is_marked && pair[1].contains(&declaration)
        })
    })
}

#[test]
fn every_known_fault_that_is_ignored_has_a_reason_and_a_day() {
    let list = read("deny.toml");
    let ignored: Vec<&str> = list.lines().filter(|line| line.contains("id = \"RUSTSEC-")).collect();
    assert_eq!(ignored.len(), 4, "SECURITY.md says four");
    for line in ignored {
        let (_, reason) = line.split_once("reason = \"").unwrap();
        let (reason, day) = reason.split_once("; review by ").unwrap();
        let day = day.get(..10).unwrap();
        assert!(
            reason.len() > 20 && day.bytes().filter(|byte| *byte == b'-').count() == 2,
            "{line}"
        );
    }
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
