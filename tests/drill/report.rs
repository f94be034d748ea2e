//! The drill's table: what was done, how often, and what held.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::drive::Outcome;
use crate::ledger::Tally;

/// A line of the table.
pub(crate) struct Row {
    pub(crate) part: &'static str,
    pub(crate) name: &'static str,
    pub(crate) outcome: Outcome,
}

/// The table, with the questions of each row; the first tally is of the questions that were asked during no fault.
pub(crate) fn table(rows: &[Row], tallies: &HashMap<usize, Tally>) -> String {
    let mut text = "| fault | times | asked meanwhile | answered | not taken | lost | doubled | answered again, s | caught up, s | held |\n\
                    | --- | --: | --: | --: | --: | --: | --: | --: | --: | --- |\n"
        .to_owned();
    let tally = |row: usize| tallies.get(&row).copied().unwrap_or_default();
    let _ = line(&mut text, "none", tally(0), None);
    for (number, row) in rows.iter().enumerate().filter(|(_, row)| row.outcome.n > 0) {
        let name = format!("{}: {}", row.part, row.name);
        let _ = line(&mut text, &name, tally(number + 1), Some(row.outcome));
    }
    let _ = line(&mut text, "**all**", total(tallies), None);
    text
}

/// The sum of all rows.
pub(crate) fn total(tallies: &HashMap<usize, Tally>) -> Tally {
    tallies.values().fold(Tally::default(), |sum, tally| Tally {
        asked: sum.asked + tally.asked,
        answered: sum.answered + tally.answered,
        not_taken: sum.not_taken + tally.not_taken,
        lost: sum.lost + tally.lost,
        doubled: sum.doubled + tally.doubled,
        wrong: sum.wrong + tally.wrong,
    })
}

fn line(text: &mut String, name: &str, tally: Tally, outcome: Option<Outcome>) -> std::fmt::Result {
    let is_held = tally.lost + tally.doubled + tally.wrong == 0 && outcome.is_none_or(|outcome| outcome.n_missed == 0);
    let times = outcome.map_or(String::new(), |outcome| outcome.n.to_string());
    let slowest = outcome.map_or(String::new(), |outcome| format!("{:.2}", outcome.slowest.as_secs_f64()));
    let caught_up = outcome
        .and_then(|outcome| outcome.caught_up)
        .map_or(String::new(), |took| format!("{:.1}", took.as_secs_f64()));
    writeln!(
        text,
        "| {name} | {times} | {} | {} | {} | {} | {} | {slowest} | {caught_up} | {} |",
        tally.asked,
        tally.answered,
        tally.not_taken,
        tally.lost,
        tally.doubled,
        if is_held { "yes" } else { "**no**" },
    )
}
