//! Whole-program tests, one binary: each module says in one line what it holds.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on says so by panicking"
)]

/// Looking after the bot from within Discord, and facts that change while it runs.
mod discord_admin;
/// Every way of asking in Discord, and what is answered.
mod discord_asking;
/// Discord's faults: refusals, limits, lost answers.
mod discord_faults;
/// The bot's life in Discord: connecting, registering, ending.
mod discord_life;
/// A Discord on the loopback, and the real bot run against it.
mod support;
