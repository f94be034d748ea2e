//! How near each word of the fact base is in meaning to each class, worked out once: every question needs it for several
//! of its words and a dozen classes, and each is a hundred dot products.
//!
//! Promise: to within 1/255. Deliberately absent: words that the fact base does not use, which are compared when asked.

use serde::{Deserialize, Serialize};

use super::class::Class;
use super::vocabulary::{StemId, Vocabulary};
use crate::text::lanes::Lanes;

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
        let mut having: Vec<Vec<usize>> = vec![Vec::new(); vectors.len()];
        for (number, class) in classes.iter().enumerate() {
            class.matter.iter().for_each(|stem| having[*stem as usize].push(number));
        }
        // For each class a row of how near each stem is, which is raised by one of the class's own stems after another.
        let lanes = Lanes::default();
        let mut nearest = vec![0.0_f32; n_classes * vectors.len()];
        let mut products = vec![0.0; vectors.len()];
        for (own, classes) in vectors.iter().zip(having).filter(|(_, classes)| !classes.is_empty()) {
            lanes.dots_of_each(vectors, own, &mut products);
            for class in classes {
                let start = class * vectors.len();
                lanes.raise_to(&mut nearest[start..start + vectors.len()], &products);
            }
        }
        let mut table = vec![0; vectors.len() * n_classes];
        for (class, row) in nearest.chunks_exact(vectors.len().max(1)).enumerate() {
            for (nearest, entry) in row.iter().zip(table.iter_mut().skip(class).step_by(n_classes)) {
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
