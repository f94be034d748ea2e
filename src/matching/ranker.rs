//! Orders classes by how much a question is like their phrasings.

use super::analysis::Analysis;
use super::class::Phrasing;
use super::vocabulary::NONE;
use crate::text::vectors::dot;
use rustc_hash::FxHashMap;

/// One class with what the ranker says of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranked {
    /// The class.
    pub class: u32,
    /// The ranker's score, for ordering.
    pub score: f32,
    /// Posterior of the linear model over words and characters.
    pub linear: f32,
    /// Posterior of the model over word vectors.
    pub meaning: f32,
    /// Cosine of words with the nearest phrasing.
    pub nearest_words: f32,
    /// Cosine of meaning with the nearest phrasing.
    pub nearest_meaning: f32,
    /// The place of the nearest phrasing.
    pub nearest: usize,
}

/// Interim: brute force over all phrasings.
#[derive(Debug, Default)]
pub struct Ranker {
    features: Vec<FxHashMap<u64, f32>>,
    weights: FxHashMap<u64, f32>,
    n_classes: usize,
}

fn features(analysis: &Analysis) -> Vec<u64> {
    use std::hash::{Hash, Hasher};
    let hash = |kind: u8, a: &str, b: &str| {
        let mut hasher = rustc_hash::FxHasher::default();
        (kind, a, b).hash(&mut hasher);
        hasher.finish()
    };
    let mut out = Vec::new();
    for pair in analysis.terms.windows(2) {
        out.push(hash(1, &pair[0].stem, &pair[1].stem));
    }
    for term in &analysis.terms {
        out.push(hash(0, &term.stem, ""));
        if term.group != NONE {
            out.push(hash(2, &term.group.to_string(), ""));
        }
    }
    for mention in &analysis.mentions {
        out.push(hash(3, &format!("{:?}", mention.owners), ""));
    }
    out
}

impl Ranker {
    /// Learns the phrasings.
    #[must_use]
    pub fn new(phrasings: &[Phrasing], n_classes: usize) -> Self {
        let mut df: FxHashMap<u64, f32> = FxHashMap::default();
        let lists: Vec<Vec<u64>> = phrasings.iter().map(|phrasing| features(&phrasing.analysis)).collect();
        for list in &lists {
            let mut unique = list.clone();
            unique.sort_unstable();
            unique.dedup();
            for feature in unique {
                *df.entry(feature).or_default() += 1.0;
            }
        }
        let n = phrasings.len() as f32;
        let weights: FxHashMap<u64, f32> = df.into_iter().map(|(feature, df)| (feature, (n / df).ln() + 1.0)).collect();
        let mut ranker = Self { features: Vec::new(), weights, n_classes };
        ranker.features = lists.iter().map(|list| ranker.unit(list)).collect();
        ranker
    }

    fn unit(&self, list: &[u64]) -> FxHashMap<u64, f32> {
        let unseen = 8.0;
        let mut map: FxHashMap<u64, f32> = FxHashMap::default();
        for feature in list {
            map.insert(*feature, self.weights.get(feature).copied().unwrap_or(unseen));
        }
        let norm = map.values().map(|v| v * v).sum::<f32>().sqrt().max(1e-6);
        map.values_mut().for_each(|v| *v /= norm);
        map
    }

    /// The best classes, best first.
    #[must_use]
    pub fn rank(&self, question: &Analysis, phrasings: &[Phrasing], limit: usize) -> Vec<Ranked> {
        let unit = self.unit(&features(question));
        let mut best: Vec<Option<Ranked>> = vec![None; self.n_classes];
        for (place, (phrasing, list)) in phrasings.iter().zip(&self.features).enumerate() {
            let words: f32 = unit.iter().filter_map(|(f, v)| list.get(f).map(|w| v * w)).sum();
            let meaning = dot(&question.vector, &phrasing.analysis.vector);
            let score = 0.5 * words + 0.5 * meaning;
            let slot = &mut best[phrasing.class as usize];
            if slot.is_none_or(|found| found.score < score) {
                *slot = Some(Ranked { class: phrasing.class, score, linear: 0.0, meaning: 0.0, nearest_words: words, nearest_meaning: meaning, nearest: place });
            }
        }
        let mut ranked: Vec<Ranked> = best.into_iter().flatten().collect();
        ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.class.cmp(&b.class)));
        ranked.truncate(limit);
        ranked
    }
}
