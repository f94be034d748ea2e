//! The soak: questions without pause, and other facts every second, for as long as is asked for.

use std::fmt::Write as _;
use std::thread;
use std::time::{Duration, Instant};

use crate::drive::{self, CURRENT_WITHIN};
use crate::program::Running;
use crate::report;
use crate::stage::Stage;

const RELOADED_EVERY: Duration = Duration::from_secs(1);
/// Samples of the memory are so far apart.
const SAMPLED_EVERY: Duration = Duration::from_secs(10);
/// Growth from the middle third of the samples to the last one: the system's own noise.
const MAX_GROWTH_MIB: f64 = 4.0;
const MAX_GROWTH: f64 = 0.05;
/// Edits that must have been loaded: several may be read as one where the machine is busy.
const MIN_LOADED: f64 = 0.25;

/// Soaks; gives the text, and the goals that were missed.
pub(crate) fn soak(stage: &mut Stage, minutes: f64) -> (String, Vec<String>) {
    stage.start();
    let began = Instant::now();
    let length = Duration::from_secs_f64(minutes * 60.0);
    let mut samples = Vec::new();
    let (mut n_edits, mut sampled) = (0_u32, Duration::ZERO);
    // Where the bot ends by itself, it is noted when it is to be stopped.
    while began.elapsed() < length && is_alive(stage) {
        thread::sleep(RELOADED_EVERY);
        stage.facts.replace();
        n_edits += 1;
        if began.elapsed() - sampled >= SAMPLED_EVERY {
            sampled = began.elapsed();
            samples.extend(stage.bot.as_ref().and_then(Running::mib));
        }
    }
    if is_alive(stage) {
        let took = drive::current_again(stage);
        if took > CURRENT_WITHIN {
            stage.failures.push(format!("the last facts were told after {took:?}"));
        }
    }
    stage.stop();
    let n_loaded = stage.store.n_reloads();
    thread::sleep(Duration::from_secs(1));
    let (tallies, examples) = stage.ledger.tallies();
    let total = report::total(&tallies);
    let third = samples.len() / 3;
    let parts = [&samples[..third], &samples[third..2 * third], &samples[2 * third..]];
    let [first, middle, last] = parts.map(median);
    let mut text = format!(
        "{minutes} minutes, {n_edits} edits of the facts, {n_loaded} times loaded, {} questions: {} answered, {} not \
         taken, {} lost, {} doubled. Resident memory (median of each third of the time): ",
        total.asked, total.answered, total.not_taken, total.lost, total.doubled
    );
    let _ = writeln!(text, "{first:.1}, {middle:.1} and {last:.1} MiB.");
    let mut missed = std::mem::take(&mut stage.failures);
    missed.extend(examples);
    if last.is_nan() || middle.is_nan() {
        missed.push(format!("{} samples of the memory are too few", samples.len()));
    }
    if last > middle + MAX_GROWTH_MIB.max(MAX_GROWTH * middle) {
        missed.push(format!("the memory grew from {middle:.1} to {last:.1} MiB"));
    }
    if (n_loaded as f64) < MIN_LOADED * f64::from(n_edits) {
        missed.push(format!("of {n_edits} edits {n_loaded} were loaded"));
    }
    if total.lost + total.doubled + total.wrong > 0 {
        missed.push(format!("questions: {total:?}"));
    }
    (text, missed)
}

fn is_alive(stage: &mut Stage) -> bool {
    stage.bot.as_mut().is_some_and(|bot| bot.end().is_none())
}

fn median(samples: &[f64]) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}
