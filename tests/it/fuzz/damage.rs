//! Inputs for the targets: good ones, damaged as a fuzzer damages them.
//!
//! Promise: any bytes can come of it, and most are near enough to a good input to get far. Equal choices, equal bytes, so
//! that a failure shrinks to the fewest steps.

use std::fmt;
use std::ops::Range;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

/// Steps of damage to one input: few, since most inputs are to be read to the end.
const MAX_STEPS: usize = 5;
/// Bytes that one step takes or repeats.
const MAX_BYTES: usize = 40;
const MAX_TIMES: usize = 60;

/// An input, shown as text where it fails.
#[derive(Clone)]
pub(super) struct Input {
    /// Which of the good ones it was.
    pub(super) seed: usize,
    pub(super) bytes: Vec<u8>,
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.seed, String::from_utf8_lossy(&self.bytes))
    }
}

/// What one step does, at a place of the input as it is then.
#[derive(Debug, Clone)]
enum Step {
    Remove(Index, usize),
    Insert(Index, Index),
    Overwrite(Index, u8),
    Repeat(Index, usize, usize),
    /// A piece of another good input.
    Graft(Index, Index, Index, usize),
}

fn step() -> impl Strategy<Value = Step> {
    let (at, length) = (any::<Index>, 1..MAX_BYTES);
    prop_oneof![
        (at(), length.clone()).prop_map(|(at, length)| Step::Remove(at, length)),
        (at(), at()).prop_map(|(at, word)| Step::Insert(at, word)),
        (at(), any::<u8>()).prop_map(|(at, byte)| Step::Overwrite(at, byte)),
        (at(), length.clone(), 2..MAX_TIMES).prop_map(|(at, length, times)| Step::Repeat(at, length, times)),
        (at(), at(), at(), length).prop_map(|(at, seed, from, length)| Step::Graft(at, seed, from, length)),
    ]
}

/// One of the good inputs, with some steps of damage by words that mean something to whoever reads it.
pub(super) fn damaged(seeds: Vec<String>, words: &'static [&'static str]) -> impl Strategy<Value = Input> {
    let choices = (any::<Index>(), vec(step().boxed(), 0..=MAX_STEPS));
    choices.prop_map(move |(seed, steps)| {
        let seed = seed.index(seeds.len());
        let mut bytes = seeds[seed].clone().into_bytes();
        for step in &steps {
            apply(step, &mut bytes, &seeds, words);
        }
        Input { seed, bytes }
    })
}

fn apply(step: &Step, bytes: &mut Vec<u8>, seeds: &[String], words: &[&str]) {
    let place = |at: &Index| at.index(bytes.len() + 1);
    match step {
        Step::Remove(at, length) => {
            bytes.drain(piece(bytes, *at, *length));
        }
        Step::Insert(at, word) => {
            let (at, word) = (place(at), words[word.index(words.len())]);
            bytes.splice(at..at, word.bytes());
        }
        Step::Overwrite(at, byte) => {
            let at = place(at);
            if let Some(old) = bytes.get_mut(at) {
                *old = *byte;
            }
        }
        Step::Repeat(at, length, times) => {
            let range = piece(bytes, *at, *length);
            let repeated = bytes[range.clone()].repeat(*times);
            bytes.splice(range, repeated);
        }
        Step::Graft(at, seed, from, length) => {
            let other = seeds[seed.index(seeds.len())].as_bytes();
            let (at, graft) = (place(at), other[piece(other, *from, *length)].to_vec());
            bytes.splice(at..at, graft);
        }
    }
}

/// So many bytes from a place on, or as many as there are.
fn piece(bytes: &[u8], at: Index, length: usize) -> Range<usize> {
    let start = at.index(bytes.len() + 1);
    start..(start + length).min(bytes.len())
}
