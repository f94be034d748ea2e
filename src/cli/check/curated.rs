//! The curator's eye of `check`: the remarks of [`crate::curate`] and the figures that go with them.

use std::num::NonZero;

use crate::cli::CheckArguments;
use crate::cli::progress::Progress;
use crate::curate::collisions::{self, HeldOut, N_FOLDS};
use crate::curate::{self, coverage};
use crate::fact::FactBase;
use crate::fact::marks::{Marks, Remark};
use crate::fact::problem::Detail;

/// What was seen.
pub(super) struct Curated {
    pub(super) remarks: Vec<Remark>,
    /// Lines of figures, each with its line break; empty where there are none.
    pub(super) figures: String,
}

/// Looks at a valid fact base.
pub(super) fn look_at(base: &FactBase, marks: &Marks, arguments: &CheckArguments) -> Curated {
    let mut curated = Curated {
        remarks: Vec::new(),
        figures: String::new(),
    };
    if base.n_facts() == 0 {
        return curated;
    }
    let snapshot = crate::cli::learn_base(base.clone());
    curated.remarks = curate::remarks(&snapshot);
    for (index, briefing) in base.briefings.iter().enumerate() {
        let items = coverage::items(briefing, index, snapshot.matcher(), marks.article(&briefing.id));
        if items.is_empty() {
            continue;
        }
        curated
            .remarks
            .extend(items.iter().filter_map(|item| coverage::uncovered(briefing, item)));
        let counts = Detail::ALL.map(|what| {
            let (n, n_covered) = coverage::count(&items, what);
            format!("{n_covered} of {n} {}s", what.name())
        });
        let line = format!("`{}` covers of its article {}\n", briefing.id, counts.join(", "));
        curated.figures.push_str(&line);
    }
    if !arguments.quick {
        let held_out = ask_all(base);
        let collisions = collisions::collisions(&held_out);
        curated
            .remarks
            .extend(collisions.iter().map(collisions::collision_remark));
        if arguments.lost {
            curated
                .remarks
                .extend(held_out.iter().filter_map(collisions::lost_remark));
        }
        let line = collisions::shares(&held_out).line();
        curated.figures.extend([line.as_str(), "\n"]);
    }
    curated
}

/// Asks all folds, as many at a time as the machine has processors: each takes a training.
fn ask_all(base: &FactBase) -> Vec<HeldOut> {
    let n_threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let mut progress = Progress::start("parts of the example questions left out and asked", Some(N_FOLDS));
    let folds: Vec<usize> = (0..N_FOLDS).collect();
    let mut held_out = Vec::new();
    for side_by_side in folds.chunks(n_threads) {
        let asked: Vec<Vec<HeldOut>> = std::thread::scope(|scope| {
            let threads: Vec<_> = side_by_side
                .iter()
                .map(|fold| scope.spawn(move || collisions::ask_fold(base, *fold)))
                .collect();
            // A thread that panicked takes the command with it, as it would have without threads.
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect()
        });
        for asked in asked {
            held_out.extend(asked);
            progress.step();
        }
    }
    held_out
}
