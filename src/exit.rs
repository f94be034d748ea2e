//! How the program ends: the exit statuses, and an error that carries one.
//!
//! Separate from `cli`, since `serve` ends the program too and may not import `cli`.
//! Promise: an error without a status of its own ends with [`Exit::NotHeld`].

use std::process::ExitCode;

/// An exit status of the program; each is part of its contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: done.
    Done,
    /// 1: what was asked did not hold, or could not be done this time.
    NotHeld,
    /// 2: wrong usage.
    Usage,
    /// 78: configuration that a restart cannot mend (`EX_CONFIG` of `sysexits.h`; a service manager must not restart).
    Configuration,
}

impl Exit {
    /// The number that the operating system gets.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::NotHeld => 1,
            Self::Usage => 2,
            Self::Configuration => 78,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// An error with the exit status that it ends the program with. The message may have several lines (`hint: …`).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// The status.
    pub exit: Exit,
    /// What people read, without `error:` before it.
    pub message: String,
}

impl Failure {
    /// Ends with [`Exit::NotHeld`].
    #[must_use]
    pub fn not_held(message: impl Into<String>) -> Self {
        Self::new(Exit::NotHeld, message)
    }

    /// Ends with [`Exit::Usage`].
    #[must_use]
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// Ends with [`Exit::Configuration`].
    #[must_use]
    pub fn configuration(message: impl Into<String>) -> Self {
        Self::new(Exit::Configuration, message)
    }

    fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
        }
    }
}
