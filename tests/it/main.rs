//! Whole-program tests, one binary: each module says in one line what it holds.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot set up its stage fails, and the lint's own exception misses functions beside the tests"
)]

mod ask;
mod attacks;
mod cache;
mod chat;
mod check;
mod curating;
mod diff;
mod discord_admin;
mod discord_afterwards;
mod discord_answer;
mod discord_asking;
mod discord_browsing;
mod discord_check;
mod discord_doors;
mod discord_faults;
mod discord_hostile;
mod discord_life;
mod discord_managing;
mod discord_manners;
mod discord_opt_in;
mod eval;
mod fuzz;
mod gateway_faults;
mod health;
mod hostile;
mod knowledge;
mod learnt;
mod look_back;
mod over_http;
mod pages;
mod pictures;
mod processes;
mod program;
mod publish;
mod schema;
mod secrets;
mod shards;
mod store_calls;
mod store_commands;
mod store_conformance;
mod store_faults;
mod store_records;
mod support;
mod tidy;
mod two_briefings;
mod unreadable;
mod workbench;
