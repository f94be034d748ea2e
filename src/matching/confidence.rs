//! Signals → one calibrated confidence: of the answers given with 0.8, about 80 % are right.
//!
//! A logistic model for facts and one for gaps, with their weights in `weights.toml`, which `briefing-bot fit` writes
//! together with the figures that they reached. Nothing in it is set by hand.

use serde::{Deserialize, Serialize};

use super::signals::{N_SIGNALS, NAMES, Signals};

/// The weights that decide answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// For facts: one a signal, then the intercept.
    pub fact: [f32; N_SIGNALS + 1],
    /// For gaps: one a signal, then the intercept.
    pub gap: [f32; N_SIGNALS + 1],
    /// From which confidences what is done.
    pub thresholds: Thresholds,
}

/// From which confidences what is done.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Thresholds {
    /// A fact is asserted.
    pub answer: f32,
    /// A fact is offered.
    pub suggest: f32,
    /// A gap's sentence is said.
    pub gap: f32,
}

/// The weights as they stand in the file.
#[derive(Debug, Serialize, Deserialize)]
struct File {
    thresholds: Thresholds,
    fact: std::collections::BTreeMap<String, f32>,
    gap: std::collections::BTreeMap<String, f32>,
}

const INTERCEPT: &str = "intercept";

impl Weights {
    /// The weights that the project ships.
    #[must_use]
    pub fn shipped() -> Self {
        Self::parse(include_str!("weights.toml")).unwrap_or_else(Self::cautious)
    }

    /// Reads a weights file; `None` where it is not one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let file: File = toml::from_str(text).ok()?;
        let read = |table: &std::collections::BTreeMap<String, f32>| {
            let mut weights = [0.0; N_SIGNALS + 1];
            for (place, name) in NAMES.iter().chain(std::iter::once(&INTERCEPT)).enumerate() {
                weights[place] = *table.get(*name)?;
            }
            Some(weights)
        };
        Some(Self {
            fact: read(&file.fact)?,
            gap: read(&file.gap)?,
            thresholds: file.thresholds,
        })
    }

    /// Writes a weights file.
    ///
    /// # Errors
    /// Where a weight is not a finite number.
    pub fn write(&self) -> Result<String, toml::ser::Error> {
        let table = |weights: &[f32; N_SIGNALS + 1]| {
            NAMES
                .iter()
                .chain(std::iter::once(&INTERCEPT))
                .map(|name| (*name).to_owned())
                .zip(weights.iter().copied())
                .collect()
        };
        toml::to_string(&File {
            thresholds: self.thresholds,
            fact: table(&self.fact),
            gap: table(&self.gap),
        })
    }

    /// Weights under which nothing is ever asserted: better silent than wrong.
    fn cautious() -> Self {
        let thresholds = Thresholds {
            answer: 2.0,
            suggest: 2.0,
            gap: 2.0,
        };
        Self {
            fact: [0.0; N_SIGNALS + 1],
            gap: [0.0; N_SIGNALS + 1],
            thresholds,
        }
    }

    /// How likely a class with these signals is right, 0 to 1.
    #[must_use]
    pub fn confidence(&self, signals: &Signals, is_gap: bool) -> f32 {
        let weights = if is_gap { &self.gap } else { &self.fact };
        let sum: f32 = signals
            .iter()
            .zip(weights)
            .map(|(signal, weight)| signal * weight)
            .sum::<f32>()
            + weights[N_SIGNALS];
        1.0 / (1.0 + (-sum).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_weights_can_be_read_and_written_again() {
        let weights = Weights::parse(include_str!("weights.toml")).unwrap();
        assert_eq!(Weights::parse(&weights.write().unwrap()), Some(weights));
    }
}
