//! A text as numbers: words, pairs of words (neighbours, and with one word between them), entities and synonym groups in one block, character sequences in another.
//!
//! Each block is weighted by rarity and scaled to a length of its own, so that neither drowns the other. A feature that
//! the training texts do not have is dropped; how much of a question that is, is a signal's question.

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

/// A text's features before any dictionary knows them: hashes.
#[derive(Debug, Clone, Default)]
pub struct Hashes {
    /// Words, pairs, groups, entities; `true` for those that are kept however rare they are.
    words: Vec<(u64, bool)>,
    /// Character sequences.
    characters: Vec<u64>,
}

impl Hashes {
    /// The hashes of a text's words, and of its character sequences where they are wanted.
    #[must_use]
    pub fn new(text: &Analysis, with_characters: bool) -> Self {
        let mut hashes = Self {
            words: word_hashes(text),
            characters: Vec::new(),
        };
        if with_characters {
            hashes.characters.reserve(text.terms.len() * 16);
            for term in &text.terms {
                character_hashes(&term.word, &mut hashes.characters);
            }
        }
        hashes
    }
}

impl Dictionary {
    /// Learns the features of training texts.
    #[must_use]
    pub fn new(texts: &[Hashes]) -> Self {
        let mut n_texts_with: FxHashMap<u64, (u32, bool)> = FxHashMap::default();
        let mut all: Vec<(u64, bool)> = Vec::new();
        for text in texts {
            all.clear();
            all.extend(&text.words);
            all.extend(text.characters.iter().map(|hash| (*hash, false)));
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
        let n_texts = texts.len() as f32;
        let rarity = kept
            .iter()
            .map(|(_, n)| (((1.0 + n_texts) / (1.0 + *n as f32)).ln() + 1.0).sqrt())
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
    pub fn features(&self, text: &Hashes) -> Features {
        Features {
            words: self.block(text.words.iter().map(|(hash, _)| *hash), 1.0),
            characters: self.block(text.characters.iter().copied(), CHARACTER_SCALE),
        }
    }

    fn block(&self, hashes: impl Iterator<Item = u64>, length: f32) -> Vec<(u32, f32)> {
        let mut block: Vec<(u32, f32)> = hashes
            .filter_map(|hash| self.numbers.get(&hash))
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

fn word_hashes(text: &Analysis) -> Vec<(u64, bool)> {
    let mut words = Vec::with_capacity(text.terms.len() * 3 + 4);
    let mut before = "^";
    for term in &text.terms {
        words.push((hash(0, &term.stem), true));
        words.push((hash(1, &(before, term.stem.as_str())), false));
        if term.group != NONE {
            words.push((hash(2, &term.group), true));
        }
        before = &term.stem;
    }
    words.push((hash(1, &(before, "$")), false));
    for pair in text.terms.windows(3) {
        words.push((hash(5, &(pair[0].stem.as_str(), pair[2].stem.as_str())), false));
    }
    words.extend(text.mentions.iter().map(|mention| (hash(3, &mention.owners), true)));
    words
}

fn character_hashes(word: &str, out: &mut Vec<u64>) {
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
        out.extend(padded.windows(length).map(|sequence| hash(4, sequence)));
    }
}

fn hash(kind: u8, value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = FxHasher::default();
    kind.hash(&mut hasher);
    value.hash(&mut hasher);
    hasher.finish()
}
