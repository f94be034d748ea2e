//! Signals → one calibrated confidence: of the answers given with 0.8, about 80 % are right.
//!
//! A logistic model for facts and one for gaps, with their weights in `weights.toml`, which `briefing-bot fit` writes
//! together with the figures that they reached. But for the thresholds of offers and of gaps, nothing
//! in it is set by hand. Promise: weights that are read say no more than their signals may
//! ([`FACT_SIGNS`]), and thresholds keep to the order that the guards build on.

use serde::{Deserialize, Serialize};

use super::signals::{FACT_SIGNS, N_SIGNALS, NAMES, Signals, UNIVERSAL};

/// The most confidence of a fact that a guard holds back: enough to be offered, not to be said. So offers begin no higher,
/// and nothing is said from so low on: weights for which that is not so are refused.
pub const CONFIDENCE_OF_FAR: f32 = 0.3;

/// The weights that decide answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// For facts: one a signal, then the intercept.
    pub fact: [f32; N_SIGNALS + 1],
    /// For gaps: one a signal, then the intercept.
    pub gap: [f32; N_SIGNALS + 1],
    /// For facts of which nothing is known but their example questions: one for each of the signals that mean the same
    /// in every fact base, then the intercept.
    pub bare: [f32; UNIVERSAL.len() + 1],
    /// From which confidences what is done.
    pub thresholds: Thresholds,
}

/// Which of the weights apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A fact.
    Fact,
    /// A gap.
    Gap,
    /// A fact without kinds in a fact base without gaps and entities.
    Bare,
}

/// From which confidences what is done.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Thresholds {
    /// A fact is asserted.
    pub answer: f32,
    /// A fact is asserted as the answer to a question that was put together with the one before it.
    #[serde(rename = "follow-up")]
    pub follow_up: f32,
    /// A fact is offered.
    pub suggest: f32,
    /// A gap's sentence is said.
    pub gap: f32,
}

impl Thresholds {
    /// Whether they are confidences, and what a guard holds back may be offered but not said.
    fn keep_their_order(self) -> bool {
        let is_said_from = |threshold: f32| CONFIDENCE_OF_FAR < threshold && threshold <= 1.0;
        (0.0..=CONFIDENCE_OF_FAR).contains(&self.suggest)
            && is_said_from(self.answer)
            && is_said_from(self.follow_up)
            && (0.0..=1.0).contains(&self.gap)
    }
}

/// The weights as they stand in the file.
#[derive(Debug, Serialize, Deserialize)]
struct File {
    thresholds: Thresholds,
    fact: std::collections::BTreeMap<String, f32>,
    gap: std::collections::BTreeMap<String, f32>,
    bare: std::collections::BTreeMap<String, f32>,
}

const INTERCEPT: &str = "intercept";

/// Why a text is no weights file.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum WeightsError {
    /// It is no TOML, or lacks a table.
    #[error("{0}")]
    Toml(#[from] toml::de::Error),
    /// A signal has no weight.
    #[error("`{0}` has no weight")]
    Missing(&'static str),
    /// A weight is no number, or makes of a signal what it may not say.
    #[error("`{0}` may not have this weight")]
    Weight(&'static str),
    /// The thresholds turn the guards off, or are no confidences.
    #[error(
        "expected `suggest` from 0 to {CONFIDENCE_OF_FAR}, `answer` and `follow-up` above that and up to 1, and `gap` from 0 to 1 in `[thresholds]`"
    )]
    Thresholds,
}

impl Weights {
    /// The weights that the project ships.
    #[must_use]
    pub fn shipped() -> Self {
        // A test reads them, so that they can always be read.
        Self::parse(include_str!("weights.toml")).unwrap_or_else(|_| Self::cautious())
    }

    /// Reads a weights file.
    ///
    /// # Errors
    /// Where it is not one, lacks a weight, or has a weight or threshold that cannot be.
    pub fn parse(text: &str) -> Result<Self, WeightsError> {
        let file: File = toml::from_str(text)?;
        let weights = Self {
            fact: read(&file.fact, NAMES)?,
            gap: read(&file.gap, NAMES)?,
            bare: read(&file.bare, UNIVERSAL.map(|place| NAMES[place]))?,
            thresholds: file.thresholds,
        };
        let of_fact = NAMES.iter().zip(weights.fact).zip(FACT_SIGNS);
        let mut against_sign = of_fact.filter(|((_, weight), sign)| !sign.allows(f64::from(*weight)));
        if let Some(((name, _), _)) = against_sign.next() {
            return Err(WeightsError::Weight(name));
        }
        if weights.thresholds.keep_their_order() {
            Ok(weights)
        } else {
            Err(WeightsError::Thresholds)
        }
    }

    /// Writes a weights file.
    ///
    /// # Errors
    /// Where it cannot be put into TOML.
    pub fn write(&self) -> Result<String, toml::ser::Error> {
        toml::to_string(&File {
            thresholds: self.thresholds,
            fact: table(&self.fact, &NAMES),
            gap: table(&self.gap, &NAMES),
            bare: table(&self.bare, &UNIVERSAL.map(|place| NAMES[place])),
        })
    }

    /// Weights under which nothing is ever asserted: better silent than wrong.
    fn cautious() -> Self {
        let thresholds = Thresholds {
            answer: 2.0,
            follow_up: 2.0,
            suggest: 2.0,
            gap: 2.0,
        };
        Self {
            fact: [0.0; N_SIGNALS + 1],
            gap: [0.0; N_SIGNALS + 1],
            bare: [0.0; UNIVERSAL.len() + 1],
            thresholds,
        }
    }

    /// What each signal is multiplied by, in the order of the signals; 0 where it does not count.
    #[must_use]
    pub fn of_signals(&self, sort: Sort) -> Signals {
        let mut weights = [0.0; N_SIGNALS];
        match sort {
            Sort::Fact => weights.copy_from_slice(&self.fact[..N_SIGNALS]),
            Sort::Gap => weights.copy_from_slice(&self.gap[..N_SIGNALS]),
            Sort::Bare => {
                for (place, weight) in UNIVERSAL.into_iter().zip(self.bare) {
                    weights[place] = weight;
                }
            }
        }
        weights
    }

    /// How likely a class with these signals is right, 0 to 1.
    #[must_use]
    pub fn confidence(&self, signals: &Signals, sort: Sort) -> f32 {
        let sum = match sort {
            Sort::Fact => sum(signals, &self.fact),
            Sort::Gap => sum(signals, &self.gap),
            Sort::Bare => sum(&UNIVERSAL.map(|place| signals[place]), &self.bare),
        };
        1.0 / (1.0 + (-sum).exp())
    }
}

/// Weighted values and the intercept, which is the last of the weights.
fn sum(values: &[f32], weights: &[f32]) -> f32 {
    let weighted = values.iter().zip(weights).map(|(value, weight)| value * weight);
    weighted.sum::<f32>() + weights.last().copied().unwrap_or_default()
}

/// The weights of these signals and the intercept.
fn read<const SIGNALS: usize, const WEIGHTS: usize>(
    table: &std::collections::BTreeMap<String, f32>,
    names: [&'static str; SIGNALS],
) -> Result<[f32; WEIGHTS], WeightsError> {
    let mut weights = [0.0; WEIGHTS];
    for (weight, name) in weights.iter_mut().zip(names.into_iter().chain([INTERCEPT])) {
        *weight = *table.get(name).ok_or(WeightsError::Missing(name))?;
        if !weight.is_finite() {
            return Err(WeightsError::Weight(name));
        }
    }
    Ok(weights)
}

fn table(weights: &[f32], names: &[&str]) -> std::collections::BTreeMap<String, f32> {
    names
        .iter()
        .chain(std::iter::once(&INTERCEPT))
        .map(|name| (*name).to_owned())
        .zip(weights.iter().copied())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_weights_can_be_read_and_written_again() {
        let weights = Weights::parse(include_str!("weights.toml")).unwrap();
        assert_eq!(Weights::parse(&weights.write().unwrap()).unwrap(), weights);
    }

    #[test]
    fn what_is_missing_is_named() {
        let without = include_str!("weights.toml").replacen("nearest-words =", "nearest-wards =", 1);
        assert_eq!(Weights::parse(&without), Err(WeightsError::Missing("nearest-words")));
        assert!(matches!(Weights::parse("[thresholds"), Err(WeightsError::Toml(_))));
    }

    #[test]
    fn weights_and_thresholds_that_cannot_be_are_refused() {
        let shipped = Weights::shipped();
        let with = |change: &dyn Fn(&mut Weights)| {
            let mut weights = shipped.clone();
            change(&mut weights);
            Weights::parse(&weights.write().unwrap())
        };
        let place = crate::matching::signals::place;
        for (name, weight) in [
            ("coverage", f32::NAN),
            ("coverage", -0.1),
            ("unknown-words", 1.0),
            ("length", f32::INFINITY),
        ] {
            let changed = with(&|weights| weights.fact[place(name)] = weight);
            assert_eq!(changed, Err(WeightsError::Weight(NAMES[place(name)])));
        }
        assert_eq!(
            with(&|weights| weights.gap[N_SIGNALS] = f32::NAN),
            Err(WeightsError::Weight(INTERCEPT))
        );
        // Either may say anything of a gap.
        assert!(with(&|weights| weights.gap[place("coverage")] = -0.1).is_ok());
        let thresholds: [fn(&mut Thresholds); 6] = [
            |thresholds| thresholds.answer = 0.25,
            |thresholds| thresholds.follow_up = CONFIDENCE_OF_FAR,
            |thresholds| thresholds.answer = 7.0,
            |thresholds| thresholds.suggest = 0.31,
            |thresholds| thresholds.gap = f32::NAN,
            |thresholds| thresholds.suggest = -0.1,
        ];
        for change in thresholds {
            assert_eq!(
                with(&|weights| change(&mut weights.thresholds)),
                Err(WeightsError::Thresholds)
            );
        }
    }
}
