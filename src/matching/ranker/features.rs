//! A text as numbers: words, pairs of words (neighbours, and with one word between them), entities and synonym groups.
//!
//! Weighted by rarity and scaled to length 1. A feature that the training texts do not have is dropped; how much of a
//! question that is, is a signal's question. Deliberately absent: characters, which are `spelling`'s.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};
use serde::{Deserialize, Serialize};

use super::numbers::Numbers;
use crate::matching::analysis::Analysis;
use crate::matching::learnt::are_finite;
use crate::matching::vocabulary::NONE;

/// Word pairs that stand in fewer training texts are left out: they only add to the size.
const MIN_TEXTS: u32 = 2;

/// A text's features by number, with their values.
pub type Features = Vec<(u32, f32)>;

/// The known features with their rarity.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Dictionary {
    numbers: Numbers,
    rarity: Vec<f32>,
}

/// A text's features before any dictionary knows them: their hashes, and whether they are kept however rare they are.
#[derive(Debug, Clone, Default)]
pub struct Hashes(Vec<(u64, bool)>);

impl Dictionary {
    /// Learns the features of training texts.
    #[must_use]
    pub fn new(texts: &[Hashes]) -> Self {
        let mut n_texts_with: FxHashMap<u64, (u32, bool)> = FxHashMap::default();
        let mut all: Vec<(u64, bool)> = Vec::new();
        for text in texts {
            all.clear();
            all.extend(&text.0);
            all.sort_unstable();
            all.dedup_by_key(|(hash, _)| *hash);
            for (hash, is_kept) in &all {
                n_texts_with.entry(*hash).or_insert((0, *is_kept)).0 += 1;
            }
        }
        let mut kept: Vec<(u64, u32)> = n_texts_with
            .into_iter()
            .filter(|(_, (n, is_kept))| *is_kept || *n >= MIN_TEXTS)
            .map(|(hash, (n, _))| (hash, n))
            .collect();
        // The commonest first, so that the rows that are read most lie together.
        kept.sort_unstable_by_key(|(hash, n)| (std::cmp::Reverse(*n), *hash));
        let rarity = kept.iter().map(|(_, n)| rarity(*n, texts.len())).collect();
        let hashes = kept.into_iter().map(|(hash, _)| hash).collect();
        Self {
            // None stands twice, since they were counted by their hashes.
            numbers: Numbers::new(hashes).unwrap_or_default(),
            rarity,
        }
    }

    /// The number of features.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rarity.len()
    }

    /// Whether nothing was learned.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rarity.is_empty()
    }

    /// Whether every number has its rarity.
    pub(super) fn is_sound(&self) -> bool {
        self.numbers.len() == self.rarity.len() && are_finite(&self.rarity)
    }

    /// A text's features.
    #[must_use]
    pub fn features(&self, text: &Hashes) -> Features {
        let mut features: Features = text
            .0
            .iter()
            .filter_map(|(hash, _)| self.numbers.get(*hash))
            .map(|number| (number, 1.0))
            .collect();
        features.sort_unstable_by_key(|(number, _)| *number);
        add_up(&mut features);
        let mut squares = 0.0;
        for (number, value) in &mut features {
            *value = (1.0 + value.ln()) * self.rarity[*number as usize];
            squares += *value * *value;
        }
        if squares > 0.0 {
            let scale = 1.0 / squares.sqrt();
            features.iter_mut().for_each(|(_, value)| *value *= scale);
        }
        features
    }
}

/// How much a feature counts that stands in `n` of the training texts: the root of the usual inverse document frequency.
pub(super) fn rarity(n: u32, n_texts: usize) -> f32 {
    (((1.0 + n_texts as f32) / (1.0 + n as f32)).ln() + 1.0).sqrt()
}

/// Makes one of neighbours with the same number.
pub(super) fn add_up(features: &mut Features) {
    features.dedup_by(|next, kept| {
        let is_same = next.0 == kept.0;
        if is_same {
            kept.1 += next.1;
        }
        is_same
    });
}

impl Hashes {
    /// What the text says, as one number: the same for the same words, whatever other texts there are.
    #[must_use]
    pub fn key(&self) -> u64 {
        hash(3, &self.0)
    }

    /// The hashes of a text's features.
    #[must_use]
    pub fn new(text: &Analysis) -> Self {
        let mut hashes = Vec::with_capacity(text.terms.len() * 4 + 4);
        let mut before = "^";
        for term in &text.terms {
            hashes.push((hash(0, &term.stem), true));
            hashes.push((hash(1, &(before, term.stem.as_str())), false));
            if term.group != NONE {
                hashes.push((hash(2, &term.group), true));
            }
            before = &term.stem;
        }
        hashes.push((hash(1, &(before, "$")), false));
        for pair in text.terms.windows(3) {
            hashes.push((hash(5, &(pair[0].stem.as_str(), pair[2].stem.as_str())), false));
        }
        hashes.extend(text.mentions.iter().map(|mention| (hash(3, &mention.owners), true)));
        Self(hashes)
    }
}

fn hash(kind: u8, value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = FxHasher::default();
    kind.hash(&mut hasher);
    value.hash(&mut hasher);
    hasher.finish()
}
