//! Says on standard error how far a long job is.
//!
//! Promise: nothing is said in the first two seconds, so short jobs stay quiet; a failure to say it stops no job.

use std::io::{IsTerminal, Write};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// A job that is shorter than this says nothing (design: "what takes longer than two seconds shows its progress").
const QUIET_FOR: Duration = Duration::from_secs(2);
/// How often a terminal's line is rewritten: often enough to be seen moving.
const TERMINAL_EVERY: Duration = Duration::from_millis(200);
/// How often a line is added to a log: rare enough not to fill it.
const LOG_EVERY: Duration = Duration::from_secs(10);

/// A job of many equal steps.
#[derive(Debug)]
pub(super) struct Progress {
    unit: &'static str,
    n_total: Option<usize>,
    n_done: usize,
    started: Instant,
    last_shown: Option<Instant>,
    place: Place,
}

/// Where it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// One line, rewritten.
    Terminal,
    /// Lines, one after the other.
    Log,
}

impl Progress {
    /// A job that starts now; `unit` is what is counted, in the plural.
    pub(super) fn start(unit: &'static str, n_total: Option<usize>) -> Self {
        let is_terminal = std::io::stderr().is_terminal();
        Self {
            unit,
            n_total,
            n_done: 0,
            started: Instant::now(),
            last_shown: None,
            place: if is_terminal { Place::Terminal } else { Place::Log },
        }
    }

    /// One step more is done.
    pub(super) fn step(&mut self) {
        if let Some(line) = self.step_at(Instant::now()) {
            self.write(&line);
        }
    }

    fn step_at(&mut self, now: Instant) -> Option<String> {
        self.n_done += 1;
        let every = match self.place {
            Place::Terminal => TERMINAL_EVERY,
            Place::Log => LOG_EVERY,
        };
        let is_due = match self.last_shown {
            None => now.duration_since(self.started) >= QUIET_FOR,
            Some(shown) => now.duration_since(shown) >= every,
        };
        if !is_due {
            return None;
        }
        self.last_shown = Some(now);
        let of_total = self.n_total.map(|n_total| format!(" of {n_total}")).unwrap_or_default();
        Some(format!("{}{of_total} {}", self.n_done, self.unit))
    }

    fn write(&self, line: &str) {
        let mut stderr = std::io::stderr();
        let written = match self.place {
            // Back to the line's start, and clear to its end after the text.
            Place::Terminal => write!(stderr, "\r{line}\x1b[K"),
            Place::Log => writeln!(stderr, "{line}"),
        };
        // Where standard error is closed there is nobody left to tell.
        let _ = written.and_then(|()| stderr.flush());
    }
}

/// Does a job that has no steps to count, and says `doing` once it has taken long enough to be wondered about.
pub(super) fn while_doing<T>(doing: &str, job: impl FnOnce() -> T) -> T {
    let (done, is_done) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            if is_done.recv_timeout(QUIET_FOR) == Err(mpsc::RecvTimeoutError::Timeout) {
                // Where standard error is closed there is nobody left to tell.
                let _ = writeln!(std::io::stderr(), "{doing} …");
            }
        });
        let result = job();
        drop(done);
        result
    })
}

impl Drop for Progress {
    /// Leaves no half line on the terminal.
    fn drop(&mut self) {
        if self.place == Place::Terminal && self.last_shown.is_some() {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_quiet_for_two_seconds_and_then_speaks_now_and_then() {
        let started = Instant::now();
        let mut progress = Progress {
            unit: "questions",
            n_total: Some(500),
            n_done: 0,
            started,
            last_shown: None,
            place: Place::Log,
        };
        let said: Vec<Option<String>> = [0, 1_999, 2_000, 11_000, 12_000]
            .into_iter()
            .map(|millis| progress.step_at(started + Duration::from_millis(millis)))
            .collect();
        let third = Some("3 of 500 questions".to_owned());
        let fifth = Some("5 of 500 questions".to_owned());
        assert_eq!(said, [None, None, third, None, fifth]);
    }
}
