//! A bot that answers questions about a news briefing from a hand-curated fact base, with citations, and never makes
//! anything up.
//!
//! The map, in reading order. The core takes values and gives values, without I/O, and never imports a shell
//! (`tests/it/tidy.rs` holds the table of who may import whom):
//!
//! question → [`text`] (normalise) → [`matching`] (match) → [`answer`] (decide, compose) → a shell (render)

pub mod answer;
pub mod curate;
pub mod diff;
pub mod engine;
pub mod eval;
pub mod fact;
pub mod fit;
pub mod matching;
pub mod page;
pub mod picture;
pub mod text;

// The shells: the outside world.
pub mod cache;
pub mod cli;
pub mod config;
pub mod discord;
pub mod exit;
pub mod knowledge_dir;
pub mod knowledge_edit;
pub mod ops;
pub mod reload;
pub mod serve;
pub mod store;
pub mod workbench;
