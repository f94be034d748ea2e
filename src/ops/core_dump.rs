//! Keeps the process's memory, which holds the token, out of core dumps and away from other processes of its user.
//!
//! Deliberately absent: a limit on the size of dumps, which a handler of dumps (`core(5)`, a pipe) is not bound by.

/// From now on the kernel writes no core dump of this process, and lets nobody but root look into it.
///
/// # Errors
/// If the system refuses.
pub fn forbid() -> std::io::Result<()> {
    #[cfg(target_os = "linux")]
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)?;
    Ok(())
}
