//! Whole-program tests, one binary: each module says in one line what it holds.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set up its stage fails, and the lint's own exception misses functions beside the tests"
)]

mod ask;
mod chat;
mod check;
mod eval;
mod knowledge;
mod program;
mod schema;
