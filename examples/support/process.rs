//! What a process has used of the machine, where the system is Linux; others say nothing.
//!
//! Shared by whatever measures processes (`#[path = "../support/process.rs"] mod process;`).

use std::fs;

/// Its resident memory in MiB, now (`VmRSS`) or at its most (`VmHWM`).
#[must_use]
pub(crate) fn memory(process: u32, key: &str) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(key))?;
    let kib: f64 = line.trim_start_matches(':').split_whitespace().next()?.parse().ok()?;
    Some(kib / 1024.0)
}

/// Seconds of the processor that it has used.
#[must_use]
pub(crate) fn processor_seconds(process: u32) -> Option<f64> {
    // `proc_pid_stat(5)`: user and system time are the 14th and 15th, in hundredths of a second.
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |place: usize| fields.get(place)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / 100.0)
}
