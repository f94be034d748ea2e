//! How near each word of the fact base is in meaning to each class, worked out once: every question needs it for several
//! of its words and a dozen classes, and each is a hundred dot products.
//!
//! Promise: to within 1/255. Deliberately absent: words that the fact base does not use, which are compared when asked.

use serde::{Deserialize, Serialize};

use super::class::Class;
use super::vocabulary::{StemId, Vocabulary};
use crate::text::lanes::Lanes;
use crate::text::packed::Packed;

/// Larger tables are not made (4,000 words and 2,000 classes fill one): their time and memory grow with both.
const MAX_ENTRIES: usize = 8_000_000;
/// What a nearness of 1 is stored as.
const ONE: f32 = 255.0;

/// For each stem one byte a class; empty where it would be too large.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Nearness {
    n_classes: usize,
    #[serde(with = "super::learnt::plain_bytes")]
    table: Vec<u8>,
}

impl Nearness {
    /// Compares every stem with every class's words.
    #[must_use]
    pub fn new(classes: &[Class], vocabulary: &Vocabulary) -> Self {
        let vectors = vocabulary.vectors();
        let n_classes = classes.len();
        if vectors.len() * n_classes > MAX_ENTRIES {
            return Self::default();
        }
        let mut table = vec![0; vectors.len() * n_classes];
        let mut products = vec![0.0; vectors.len()];
        for (vector, row) in vectors.iter().zip(table.chunks_exact_mut(n_classes.max(1))) {
            if *vector == Packed::default() {
                continue;
            }
            Lanes::default().dots(vector, vectors, &mut products);
            for (class, entry) in classes.iter().zip(row) {
                let nearest = class
                    .matter
                    .iter()
                    .fold(0.0_f32, |nearest, stem| nearest.max(products[*stem as usize]));
                *entry = (nearest.min(1.0) * ONE).round() as u8;
            }
        }
        Self { n_classes, table }
    }

    /// Whether it is one of so many classes and stems.
    pub(super) fn fits(&self, n_classes: usize, n_stems: usize) -> bool {
        let is_left_out = self.table.is_empty() && self.n_classes == 0;
        is_left_out || (self.n_classes == n_classes && n_stems.checked_mul(n_classes) == Some(self.table.len()))
    }

    /// How near a stem is to a class, 0 to 1; `None` where that was not worked out.
    #[must_use]
    pub fn of(&self, stem: StemId, class: u32) -> Option<f32> {
        let entry = self.table.get(stem as usize * self.n_classes + class as usize)?;
        Some(f32::from(*entry) / ONE)
    }
}
