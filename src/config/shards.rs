//! Which part of the gateway a process serves.
//!
//! Discord shares a bot's servers among shards, and one process may serve all of them or some. Promise: what is written
//! is what is read.

use std::fmt;

/// More shards than any bot has; Discord itself has no limit.
const MAX_SHARDS: u32 = 100_000;

/// Which shards of the gateway a process serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shards {
    /// None: it takes interactions over HTTP only.
    None,
    /// All, as many as Discord advises.
    Auto,
    /// These.
    Some(ShardRange),
}

/// Shards in a row, out of a total.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShardRange {
    /// The first.
    pub first: u32,
    /// The one after the last.
    pub end: u32,
    /// The number of all shards, those of other processes included.
    pub total: u32,
}

impl Shards {
    /// Reads `none`, `auto`, a total, one of a total, or a range of a total.
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "none" | "0" => Some(Self::None),
            "auto" => Some(Self::Auto),
            text => ShardRange::parse(text).map(Self::Some),
        }
    }
}

impl ShardRange {
    /// All of so many.
    #[must_use]
    pub fn all(total: u32) -> Self {
        Self {
            first: 0,
            end: total,
            total,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let range = match text.split_once('/') {
            None => Self::all(text.parse().ok()?),
            Some((part, total)) => {
                let (first, end) = if let Some((first, end)) = part.split_once("..") {
                    (first.parse().ok()?, end.parse().ok()?)
                } else {
                    let only: u32 = part.parse().ok()?;
                    (only, only.checked_add(1)?)
                };
                let total = total.parse().ok()?;
                Self { first, end, total }
            }
        };
        let is_possible = range.first < range.end && range.end <= range.total && range.total <= MAX_SHARDS;
        is_possible.then_some(range)
    }

    /// How many they are.
    #[must_use]
    pub fn n(self) -> u32 {
        self.end - self.first
    }
}

impl fmt::Display for ShardRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}/{}", self.first, self.end, self.total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, first: u32, end: u32, total: u32) {
        let expected = Shards::Some(ShardRange { first, end, total });
        assert_eq!(Shards::parse(text), Some(expected), "{text}");
    }

    #[test]
    fn every_form_is_read() {
        check("1", 0, 1, 1);
        check("16", 0, 16, 16);
        check("0..4/16", 0, 4, 16);
        check("12..16/16", 12, 16, 16);
        check("3/4", 3, 4, 4);
        assert_eq!(Shards::parse("AUTO"), Some(Shards::Auto));
        assert_eq!(Shards::parse("none"), Some(Shards::None));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for text in [
            "",
            "-1",
            "1.5",
            "4/4",
            "2..2/4",
            "3..2/4",
            "0..5/4",
            "0/0",
            "../4",
            "0../4",
            "1/2/3",
            "100001",
            "some",
            "4294967295/4294967295",
        ] {
            assert_eq!(Shards::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_range_is_shown_as_it_is_written() {
        let range = ShardRange::parse("0..4/16").unwrap();
        assert_eq!(range.to_string(), "0..4/16");
        assert_eq!(range.n(), 4);
    }
}
