//! Words as sequences of characters, so that a form or a spelling that the fact base does not have still counts.
//!
//! A text's spelling is the sum of its words', so what is learned of sequences can be added up once for every word of the
//! fact base, and a question costs one row a word and not one a sequence. Sequences are weighted by rarity; a text's
//! spelling has length `SCALE` as far as its words share no sequence. Promise: deterministic; a sequence that the
//! training texts do not have is dropped.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};
use serde::{Deserialize, Serialize};

use super::numbers::Numbers;
use crate::matching::analysis::Term;
use crate::matching::learnt::are_finite;
use crate::matching::vocabulary::{NONE, Vocabulary, WordId};

/// Lengths of character sequences, within a word with its edges.
const LENGTHS: std::ops::RangeInclusive<usize> = 2..=4;
/// Longer words are names of nothing: their end would only cost time.
const MAX_LETTERS: usize = 24;
/// Sequences that stand in fewer training texts are left out: they only add to the size.
const MIN_TEXTS: u32 = 2;
/// How much the spelling counts beside the words, which have length 1. Set by hand.
const SCALE: f32 = 1.3;

/// The known sequences, and how each word of the fact base is made of them.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Spellings {
    numbers: Numbers,
    rarity: Vec<f32>,
    /// The square of the length of each word of the fact base: the sum of the squares of its sequences' values.
    squares: Vec<f32>,
    /// Each word's sequences by number, sorted, none twice, with their values. Only needed to train.
    #[serde(skip)]
    sequences: Vec<Vec<(u32, f32)>>,
}

/// A question's words: those of the fact base by number, the sequences of all others, and what both are scaled by.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Spelled {
    /// Words of the fact base.
    pub words: Vec<WordId>,
    /// Sequences of other words.
    pub sequences: Vec<(u32, f32)>,
    /// Brings all together to the length that the training texts had.
    pub scale: f32,
}

impl Spellings {
    /// Learns the sequences of training texts, each given by its words.
    #[must_use]
    pub fn new(vocabulary: &Vocabulary, texts: &[Vec<WordId>]) -> Self {
        let mut numbers: FxHashMap<u64, u32> = FxHashMap::default();
        let hashed = |word| {
            let mut hashes = Vec::new();
            add_hashes(word, &mut hashes);
            hashes
        };
        let words: Vec<Vec<u64>> = vocabulary.words().iter().map(|word| hashed(word)).collect();
        let mut n_texts_with: Vec<u32> = Vec::new();
        let mut last_seen: Vec<u32> = Vec::new();
        for (text, text_words) in (0_u32..).zip(texts) {
            for hash in text_words.iter().flat_map(|word| &words[*word as usize]) {
                let next = n_texts_with.len() as u32;
                let number = *numbers.entry(*hash).or_insert(next) as usize;
                if number == n_texts_with.len() {
                    n_texts_with.push(0);
                    last_seen.push(NONE);
                }
                if last_seen[number] != text {
                    last_seen[number] = text;
                    n_texts_with[number] += 1;
                }
            }
        }
        let mut kept: Vec<(u64, u32)> = numbers
            .into_iter()
            .map(|(hash, number)| (hash, n_texts_with[number as usize]))
            .filter(|(_, n)| *n >= MIN_TEXTS)
            .collect();
        // The commonest first, so that the rows that are read most lie together.
        kept.sort_unstable_by_key(|(hash, n)| (std::cmp::Reverse(*n), *hash));
        let rarity = kept.iter().map(|(_, n)| super::features::rarity(*n, texts.len()));
        let mut spellings = Self {
            rarity: rarity.collect(),
            // None stands twice, since they were counted by their hashes.
            numbers: Numbers::new(kept.into_iter().map(|(hash, _)| hash).collect()).unwrap_or_default(),
            ..Self::default()
        };
        spellings.sequences = words.iter().map(|hashes| spellings.spelling(hashes)).collect();
        spellings.squares = spellings.sequences.iter().map(|sequences| squares(sequences)).collect();
        spellings
    }

    /// The number of sequences.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rarity.len()
    }

    /// Whether nothing was learned.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rarity.is_empty()
    }

    /// The number of words of the fact base.
    #[must_use]
    pub fn n_words(&self) -> usize {
        self.squares.len()
    }

    /// How each word of the fact base is made of sequences, until that is given up.
    #[must_use]
    pub fn sequences(&self) -> &[Vec<(u32, f32)>] {
        &self.sequences
    }

    /// A training text's sequences with their values.
    #[must_use]
    pub fn of_text(&self, words: &[WordId]) -> Vec<(u32, f32)> {
        let scale = scale(words.iter().map(|word| self.squares[*word as usize]).sum());
        let of_words = words.iter().flat_map(|word| &self.sequences[*word as usize]);
        let mut sequences: Vec<(u32, f32)> = of_words.copied().collect();
        sequences.sort_by_key(|(number, _)| *number);
        super::features::add_up(&mut sequences);
        sequences.iter_mut().for_each(|(_, value)| *value *= scale);
        sequences
    }

    /// A question's words, spelled.
    #[must_use]
    pub fn of_question(&self, terms: &[Term]) -> Spelled {
        let mut spelled = Spelled::default();
        let mut sum = 0.0;
        let mut hashes = Vec::new();
        for term in terms {
            if let Some(word) = term.word_id {
                sum += self.squares[word as usize];
                spelled.words.push(word);
                continue;
            }
            hashes.clear();
            add_hashes(&term.word, &mut hashes);
            let sequences = self.spelling(&hashes);
            sum += squares(&sequences);
            spelled.sequences.extend(sequences);
        }
        spelled.scale = scale(sum);
        spelled
    }

    /// Gives up what is only needed to train.
    pub fn forget_sequences(&mut self) {
        self.sequences = Vec::new();
    }

    /// Whether every number has its rarity, and every word its length.
    pub(super) fn is_sound(&self, n_words: usize) -> bool {
        self.numbers.len() == self.rarity.len()
            && are_finite(&self.rarity)
            && self.squares.len() == n_words
            && are_finite(&self.squares)
    }

    /// The sequences that are known, by number, sorted, none twice, with their values.
    fn spelling(&self, hashes: &[u64]) -> Vec<(u32, f32)> {
        let mut sequences: Vec<(u32, f32)> = hashes
            .iter()
            .filter_map(|hash| self.numbers.get(*hash))
            .map(|number| (number, self.rarity[number as usize]))
            .collect();
        sequences.sort_unstable_by_key(|(number, _)| *number);
        super::features::add_up(&mut sequences);
        sequences
    }
}

/// The square of the length that sequences have with their values.
fn squares(sequences: &[(u32, f32)]) -> f32 {
    sequences.iter().map(|(_, value)| value * value).sum()
}

fn scale(squares: f32) -> f32 {
    if squares > 0.0 { SCALE / squares.sqrt() } else { 0.0 }
}

fn add_hashes(word: &str, out: &mut Vec<u64>) {
    let mut letters: [char; MAX_LETTERS + 2] = [' '; MAX_LETTERS + 2];
    let mut n_letters = 1;
    for letter in word.chars().take(MAX_LETTERS) {
        letters[n_letters] = letter;
        n_letters += 1;
    }
    let padded = &letters[..=n_letters];
    for length in LENGTHS {
        out.extend(padded.windows(length).map(|sequence| {
            let mut hasher = FxHasher::default();
            sequence.hash(&mut hasher);
            hasher.finish()
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::FactBase;
    use crate::matching::analysis::Analysis;

    fn learned(texts: &[&str]) -> (Vocabulary, Spellings) {
        let vocabulary = Vocabulary::new(&FactBase::new(Vec::new()), &[texts.to_vec()]);
        let words_of = |text: &&str| -> Vec<WordId> {
            let analysis = Analysis::new(text, &vocabulary);
            analysis.terms.iter().filter_map(|term| term.word_id).collect()
        };
        let words: Vec<Vec<WordId>> = texts.iter().map(words_of).collect();
        let spellings = Spellings::new(&vocabulary, &words);
        (vocabulary, spellings)
    }

    #[test]
    fn a_question_is_spelled_as_a_training_text_is() {
        let (vocabulary, spellings) = learned(&["the harbour wall", "the harbour gate", "a wall"]);
        let analysis = Analysis::new("the harbour wall", &vocabulary);
        let question = spellings.of_question(&analysis.terms);
        assert_eq!(question.words.len(), 3);
        assert!(question.sequences.is_empty());
        let mut sum: Vec<(u32, f32)> = question
            .words
            .iter()
            .flat_map(|word| &spellings.sequences()[*word as usize])
            .map(|(number, value)| (*number, value * question.scale))
            .collect();
        sum.sort_by_key(|(number, _)| *number);
        crate::matching::ranker::features::add_up(&mut sum);
        let trained = spellings.of_text(&question.words);
        assert_eq!(sum.len(), trained.len());
        for ((number, value), (other, expected)) in sum.iter().zip(&trained) {
            assert_eq!(number, other);
            assert!((value - expected).abs() < 1e-5);
        }
    }

    #[test]
    fn a_word_that_is_not_known_is_spelled_by_what_it_shares() {
        let (vocabulary, spellings) = learned(&["harbour", "harbour wall", "the wall"]);
        let mut analysis = Analysis::new("harbours", &vocabulary);
        analysis.terms[0].word_id = None;
        let question = spellings.of_question(&analysis.terms);
        assert!(question.words.is_empty());
        assert!(question.sequences.len() > 5, "{question:?}");
    }
}
