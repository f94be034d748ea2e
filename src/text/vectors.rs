//! Meaning beyond spelling: a table of word vectors, distilled offline from a sentence model.
//!
//! The table (`vectors.bin`, made by `tools/distil_vectors.py`; `vectors.NOTICE` says from what and under which licence) is part of the
//! binary. A sentence's vector is the sum of the vectors of its words and of the pairs of neighbouring words that the
//! table has (`credit card`), scaled to length 1; how much a word counts is folded into its vector's length. Its vocabulary doubles as the list of words that are everyday English.
//! Promise: no allocation per word, deterministic. Deliberately absent: training.

use std::hash::Hasher;
use std::sync::LazyLock;

use hashbrown::HashTable;
use rustc_hash::FxHasher;

static BYTES: &[u8] = include_bytes!("vectors.bin");
static TABLE: LazyLock<Table> = LazyLock::new(|| parse(BYTES).unwrap_or_default());

/// The dimensions of every vector.
pub const DIMENSIONS: usize = 128;

/// Words with their vectors, used where they stand in the program: a copy would only take memory.
#[derive(Debug, Default)]
pub struct Table {
    /// The rows by the hashes of their words.
    rows: HashTable<u32>,
    /// For each row, where its word stands in `words`: a byte with its length, and then the word.
    starts: Vec<u32>,
    words: &'static [u8],
    scales: &'static [[u8; 4]],
    components: &'static [u8],
}

/// The embedded table.
#[must_use]
pub fn table() -> &'static Table {
    &TABLE
}

impl Table {
    /// The row of a normalised word.
    #[must_use]
    pub fn row(&self, word: &str) -> Option<u32> {
        let is_it = |row: &u32| self.bytes_of(*row) == word.as_bytes();
        self.rows.find(hash(word.as_bytes()), is_it).copied()
    }

    /// Every word, sorted.
    pub fn words(&self) -> impl Iterator<Item = &'static str> {
        // All of them were found to be text when the table was read.
        (0_u32..)
            .zip(&self.starts)
            .filter_map(|(row, _)| std::str::from_utf8(self.bytes_of(row)).ok())
    }

    /// The row's word.
    fn bytes_of(&self, row: u32) -> &'static [u8] {
        let start = self.starts.get(row as usize);
        start.map_or(&[], |start| word_at(self.words, *start))
    }

    /// The row of a pair of neighbouring words.
    #[must_use]
    pub fn pair(&self, first: &str, second: &str) -> Option<u32> {
        // The longest pair of the table; longer ones are not looked up.
        const MAX_BYTES: usize = 48;
        let mut both = [0_u8; MAX_BYTES];
        let length = first.len() + 1 + second.len();
        if length > MAX_BYTES {
            return None;
        }
        both[..first.len()].copy_from_slice(first.as_bytes());
        both[first.len()] = b' ';
        both[first.len() + 1..length].copy_from_slice(second.as_bytes());
        self.row(std::str::from_utf8(&both[..length]).ok()?)
    }

    /// Adds `weight` times the row's vector to `sum`.
    pub fn add(&self, row: u32, weight: f32, sum: &mut [f32; DIMENSIONS]) {
        let start = row as usize * DIMENSIONS;
        let (Some(scale), Some(components)) = (
            self.scales.get(row as usize),
            self.components.get(start..start + DIMENSIONS),
        ) else {
            return;
        };
        let factor = f32::from_le_bytes(*scale) * weight;
        for (component, byte) in sum.iter_mut().zip(components) {
            *component += factor * f32::from(byte.cast_signed());
        }
    }
}

/// The word that begins at this place with its length.
fn word_at(words: &'static [u8], start: u32) -> &'static [u8] {
    let word = words.get(start as usize..).and_then(|from| {
        let (length, word) = from.split_first()?;
        word.get(..usize::from(*length))
    });
    word.unwrap_or_default()
}

fn hash(word: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(word);
    hasher.finish()
}

/// Scales a vector to length 1; a zero vector stays.
pub fn to_unit_length(vector: &mut [f32; DIMENSIONS]) {
    let length = dot(vector, vector).sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|component| *component /= length);
    }
}

/// The dot product, in an order that compilers turn into vector instructions and that is the same on every machine.
#[must_use]
pub fn dot(a: &[f32; DIMENSIONS], b: &[f32; DIMENSIONS]) -> f32 {
    const LANES: usize = 16;
    let mut sums = [0.0_f32; LANES];
    for (a, b) in a.chunks_exact(LANES).zip(b.chunks_exact(LANES)) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum()
}

/// The format: magic `BVEC`, then little-endian `u32`s version (1), words, dimensions; each word as a length byte and
/// UTF-8, sorted; each word's scale as `f32`; each word's components as `i8`.
fn parse(bytes: &'static [u8]) -> Option<Table> {
    let mut rest = bytes.strip_prefix(b"BVEC")?;
    let mut header = [0_u32; 3];
    for field in &mut header {
        *field = u32::from_le_bytes(*rest.first_chunk::<4>()?);
        rest = rest.get(4..)?;
    }
    let [1, n_words, dimensions] = header else { return None };
    if dimensions as usize != DIMENSIONS {
        return None;
    }
    let mut table = Table {
        rows: HashTable::with_capacity(n_words as usize),
        starts: Vec::with_capacity(n_words as usize),
        words: rest,
        ..Table::default()
    };
    for row in 0..n_words {
        let (length, after) = rest.split_first()?;
        let word = after.get(..usize::from(*length))?;
        std::str::from_utf8(word).ok()?;
        table.starts.push((table.words.len() - rest.len()) as u32);
        let (words, starts) = (table.words, &table.starts);
        let hash_of = |row: &u32| hash(word_at(words, starts[*row as usize]));
        table.rows.insert_unique(hash(word), row, hash_of);
        rest = &after[usize::from(*length)..];
    }
    let (scales, components) = rest.split_at_checked(n_words as usize * 4)?;
    table.scales = scales.as_chunks::<4>().0;
    (components.len() == n_words as usize * DIMENSIONS).then_some(())?;
    table.components = components;
    Some(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_table_is_whole() {
        assert!(parse(BYTES).is_some_and(|table| table.starts.len() > 10_000));
        assert!(table().words().is_sorted());
        let mut words = (0..).zip(table().words());
        assert!(words.all(|(row, word)| table().row(word) == Some(row)));
        assert_eq!(table().row(""), None);
        assert_eq!(table().row("no such word"), None);
    }

    #[test]
    fn words_of_one_meaning_are_nearer_than_others() {
        let vector = |word: &str| {
            let mut sum = [0.0; DIMENSIONS];
            table().add(table().row(word).unwrap(), 1.0, &mut sum);
            to_unit_length(&mut sum);
            sum
        };
        assert!(dot(&vector("missile"), &vector("rocket")) > dot(&vector("missile"), &vector("kitchen")));
    }
}
