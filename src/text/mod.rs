//! Words: from a raw message to comparable tokens, without knowing any fact.
//!
//! In the order of the road: [`normalise`] (markup, Unicode, case) → [`tokens`] (words, abbreviations, numbers, dates,
//! chat language) → [`stem`] and [`repair`] (against a vocabulary that is passed in). [`vectors`], [`names`] and
//! [`function_words`] are what the bot knows of English at large, [`languages`] of others.
//! Promise: pure, deterministic, linear in the text's length but for repairs, which are bounded.

pub mod expansions;
pub mod function_words;
pub mod lanes;
pub mod languages;
pub mod names;
pub mod normalise;
pub mod packed;
pub mod repair;
pub mod stem;
pub mod tokens;
pub mod vectors;
