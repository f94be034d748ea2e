//! A text as numbers: words, pairs of words (neighbours, and with one word between them), entities and synonym groups in one block, character sequences in another.
//!
//! Each block is weighted by rarity and scaled to length 1, so that neither drowns the other. A feature that the
//! training texts do not have is dropped; how much of a question that is, is a signal's question.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};

use crate::matching::analysis::Analysis;
use crate::matching::vocabulary::NONE;

/// Lengths of character sequences, within a word with its edges.
const CHARACTERS: std::ops::RangeInclusive<usize> = 2..=4;
/// Word pairs and character sequences that stand in fewer training texts are left out: they only add to the size.
const MIN_TEXTS: u32 = 2;

/// How much the characters count beside the words, which have length 1.
const CHARACTER_SCALE: f32 = 1.3;

/// A text's features by number, with their values: words first, then characters.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Features {
    /// Words, word pairs, entities, groups; of length 1 together.
    pub words: Vec<(u32, f32)>,
    /// Character sequences; of length `CHARACTER_SCALE` together.
    pub characters: Vec<(u32, f32)>,
}

impl Features {
    /// All features.
    pub fn iter(&self) -> impl Iterator<Item = (u32, f32)> {
        self.words.iter().chain(&self.characters).copied()
    }
}

/// The known features with their rarity.
#[derive(Debug, Default)]
pub struct Dictionary {
    numbers: FxHashMap<u64, u32>,
    rarity: Vec<f32>,
}

impl Dictionary {
    /// Learns the features of training texts.
    pub fn new<'a>(texts: impl Iterator<Item = &'a Analysis>) -> Self {
        let mut n_texts_with: FxHashMap<u64, (u32, bool)> = FxHashMap::default();
        let mut n_texts = 0_u32;
        for text in texts {
            n_texts += 1;
            let (words, characters) = hashes(text);
            let n_words = words.len();
            let mut all: Vec<(u64, bool)> = words
                .into_iter()
                .chain(characters)
                .enumerate()
                .map(|(place, hash)| (hash.0, place < n_words && hash.1))
                .collect();
            all.sort_unstable();
            all.dedup_by_key(|(hash, _)| *hash);
            for (hash, is_kept) in all {
                let entry = n_texts_with.entry(hash).or_insert((0, is_kept));
                entry.0 += 1;
            }
        }
        let mut kept: Vec<(u64, u32)> = n_texts_with
            .into_iter()
            .filter(|(_, (n, is_kept))| *is_kept || *n >= MIN_TEXTS)
            .map(|(hash, (n, _))| (hash, n))
            .collect();
        kept.sort_unstable();
        let rarity = kept
            .iter()
            .map(|(_, n)| (((1.0 + n_texts as f32) / (1.0 + *n as f32)).ln() + 1.0).sqrt())
            .collect();
        let numbers = kept
            .into_iter()
            .zip(0..)
            .map(|((hash, _), number)| (hash, number))
            .collect();
        Self { numbers, rarity }
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

    /// A text's features.
    #[must_use]
    pub fn features(&self, text: &Analysis) -> Features {
        let (words, characters) = hashes(text);
        Features {
            words: self.block(&words, 1.0),
            characters: self.block(&characters, CHARACTER_SCALE),
        }
    }

    fn block(&self, hashes: &[(u64, bool)], length: f32) -> Vec<(u32, f32)> {
        let mut block: Vec<(u32, f32)> = hashes
            .iter()
            .filter_map(|(hash, _)| self.numbers.get(hash))
            .map(|number| (*number, 1.0))
            .collect();
        block.sort_unstable_by_key(|(number, _)| *number);
        block.dedup_by(|next, kept| {
            let is_same = next.0 == kept.0;
            if is_same {
                kept.1 += next.1;
            }
            is_same
        });
        let mut squares = 0.0;
        for (number, value) in &mut block {
            *value = (1.0 + value.ln()) * self.rarity[*number as usize];
            squares += *value * *value;
        }
        if squares > 0.0 {
            let scale = length / squares.sqrt();
            block.iter_mut().for_each(|(_, value)| *value *= scale);
        }
        block
    }
}

type Hashes = Vec<(u64, bool)>;

/// The hashes of a text's features: words (kept however rare: `true`) and pairs; and character sequences.
fn hashes(text: &Analysis) -> (Hashes, Hashes) {
    let mut words = Vec::with_capacity(text.terms.len() * 3);
    let mut characters = Vec::with_capacity(text.terms.len() * 16);
    let mut before = "^";
    for term in &text.terms {
        words.push((hash(0, &term.stem), true));
        words.push((hash(1, &(before, term.stem.as_str())), false));
        if term.group != NONE {
            words.push((hash(2, &term.group), true));
        }
        before = &term.stem;
        character_hashes(&term.word, &mut characters);
    }
    words.push((hash(1, &(before, "$")), false));
    for pair in text.terms.windows(3) {
        words.push((hash(5, &(pair[0].stem.as_str(), pair[2].stem.as_str())), false));
    }
    words.extend(text.mentions.iter().map(|mention| (hash(3, &mention.owners), true)));
    (words, characters)
}

fn character_hashes(word: &str, out: &mut Hashes) {
    // Longer words are names of nothing: their middle would only cost time.
    const MAX_LETTERS: usize = 24;
    let mut letters: [char; MAX_LETTERS + 2] = [' '; MAX_LETTERS + 2];
    let mut n_letters = 1;
    for letter in word.chars().take(MAX_LETTERS) {
        letters[n_letters] = letter;
        n_letters += 1;
    }
    let padded = &letters[..=n_letters];
    for length in CHARACTERS {
        out.extend(padded.windows(length).map(|sequence| (hash(4, sequence), false)));
    }
}

fn hash(kind: u8, value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = FxHasher::default();
    kind.hash(&mut hasher);
    value.hash(&mut hasher);
    hasher.finish()
}
