//! Every sentence the bot can say, in one place, so that tone and safety are reviewed here.
//!
//! Sentences that assert something about the news come from the fact base only; nothing here does.
//! Shells add their own labels (buttons, headings) here too, in the section at the end.

/// Said where nothing in the question was recognised.
pub const NOT_IN_BRIEFING: &str = "The briefing does not say.";
