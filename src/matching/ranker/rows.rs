//! Rows of one byte a class, each to be multiplied by the row's scale, in as few bytes as a row can do with.
//!
//! Most weights of most rows are nothing beside the row's largest, or next to nothing. Where few are more than nothing,
//! only those are kept; else four bits a class, with those that need more behind them; else the whole row.
//! Promise: in whatever form a row is kept, each class is added to once, and the very same number, so that no form can
//! change a sum. Deliberately absent: which row is whose.

use serde::{Deserialize, Serialize};

use crate::matching::learnt::are_finite;
use crate::text::lanes::Lanes;

/// Where fewer bytes than one in so many are not zero, those are kept by themselves: each takes two bytes and some
/// steps, where a row of half bytes takes few steps for many classes at once.
const FEW_BELOW: usize = 5;
/// A weight of less than so many of the row's 127 steps is nothing. With plain rounding (0.5) what is learnt of the shipped
/// facts takes 16.3 MB, and `eval` finds 3,236 right and 145 wrong on the fit sets; with 1.5 14.1 MB, 3,237 and 145.
const LEAST: f32 = 1.5;
/// What a half byte can say.
const SMALL: std::ops::RangeInclusive<i8> = -8..=7;

/// The rows, one behind the other.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Rows {
    /// Where each row begins in `bytes`.
    starts: Vec<u32>,
    scales: Vec<f32>,
    /// Of each row a byte that says its form, and then its bytes.
    #[serde(with = "crate::matching::learnt::bytes")]
    bytes: Vec<i8>,
}

/// The forms of a row.
#[derive(Debug, Clone, Copy)]
enum Form<'a> {
    /// The bytes that are not zero, as [`push_apart`] writes them.
    Few(&'a [i8]),
    /// Half a byte a class, those of a row's second half in the upper halves; and the bytes that are not small apart.
    Halves(&'a [i8], &'a [i8]),
    /// A byte a class.
    Whole(&'a [i8]),
}

const FEW: i8 = 0;
const HALVES: i8 = 1;
const WHOLE: i8 = 2;

impl Rows {
    /// Adds a row of weights, of which there are an even number.
    pub fn push(&mut self, row: &[f32]) {
        let largest = row.iter().fold(0.0_f32, |largest, weight| largest.max(weight.abs()));
        self.scales.push(largest / 127.0);
        let factor = if largest > 0.0 { 127.0 / largest } else { 0.0 };
        let byte_of = |weight: &f32| {
            let scaled = weight * factor;
            if scaled.abs() < LEAST { 0 } else { scaled.round() as i8 }
        };
        let row: Vec<i8> = row.iter().map(byte_of).collect();
        let n_few = row.iter().filter(|byte| **byte != 0).count();
        let n_large = row.iter().filter(|byte| !SMALL.contains(byte)).count();
        self.starts.push(self.bytes.len() as u32);
        if n_few * FEW_BELOW < row.len() {
            self.bytes.push(FEW);
            push_apart(&mut self.bytes, &row, |byte| byte != 0);
        } else if row.len() / 2 + 2 * n_large < row.len() {
            self.bytes.push(HALVES);
            let (first, second) = row.split_at(row.len() / 2);
            let halves = first.iter().zip(second);
            self.bytes
                .extend(halves.map(|(first, second)| (half_of(*first) | half_of(*second) << 4).cast_signed()));
            push_apart(&mut self.bytes, &row, |byte| !SMALL.contains(&byte));
        } else {
            self.bytes.push(WHOLE);
            self.bytes.extend(row);
        }
    }

    /// Gives back what was reserved for more.
    pub fn shrink_to_fit(&mut self) {
        self.starts.shrink_to_fit();
        self.scales.shrink_to_fit();
        self.bytes.shrink_to_fit();
    }

    /// Whether it is so many rows of that length.
    #[must_use]
    pub fn is_sound(&self, n_rows: usize, stride: usize) -> bool {
        let is_row = |row: usize| match self.form(row, stride) {
            Some(Form::Few(apart) | Form::Halves(_, apart)) => are_within(apart, stride),
            Some(Form::Whole(bytes)) => bytes.len() == stride,
            None => false,
        };
        self.starts.len() == n_rows
            && self.scales.len() == n_rows
            && are_finite(&self.scales)
            && (0..n_rows).all(is_row)
    }

    /// Adds `value` times a row to the sums, which are as long as a row.
    pub fn add_to(&self, sums: &mut [f32], lanes: Lanes, row: u32, value: f32) {
        let factor = value * self.scales[row as usize];
        match self.form(row as usize, sums.len()) {
            Some(Form::Few(few)) => add_apart(sums, few, factor),
            Some(Form::Halves(halves, large)) => {
                lanes.add_scaled_halves(sums, halves, factor);
                add_apart(sums, large, factor);
            }
            Some(Form::Whole(bytes)) => lanes.add_scaled(sums, bytes, factor),
            // Rows that were read are sound before anything is added.
            None => {}
        }
    }

    fn form(&self, row: usize, stride: usize) -> Option<Form<'_>> {
        let start = *self.starts.get(row)? as usize;
        let end = self.starts.get(row + 1).map_or(self.bytes.len(), |end| *end as usize);
        let (form, bytes) = self.bytes.get(start..end)?.split_first()?;
        match *form {
            FEW => Some(Form::Few(bytes)),
            HALVES => {
                let (halves, large) = bytes.split_at_checked(stride / 2)?;
                Some(Form::Halves(halves, large))
            }
            WHOLE => Some(Form::Whole(bytes)),
            _ => None,
        }
    }
}

/// Half a byte, from 0 on; that of nothing where the byte needs more.
fn half_of(byte: i8) -> u8 {
    let small = if SMALL.contains(&byte) { byte } else { 0 };
    small.wrapping_sub(*SMALL.start()).cast_unsigned()
}

/// Adds the bytes of a row that are to be kept apart, each behind how many classes it is from the one before it. Where
/// that is more than a byte can say, zeros stand in between.
fn push_apart(bytes: &mut Vec<i8>, row: &[i8], is_apart: impl Fn(i8) -> bool) {
    let mut last = 0;
    for (class, byte) in row.iter().enumerate().filter(|(_, byte)| is_apart(**byte)) {
        let mut gap = class - last;
        while gap > usize::from(u8::MAX) {
            bytes.extend([u8::MAX.cast_signed(), 0]);
            gap -= usize::from(u8::MAX);
        }
        bytes.extend([(gap as u8).cast_signed(), *byte]);
        last = class;
    }
}

fn add_apart(sums: &mut [f32], apart: &[i8], factor: f32) {
    let mut class = 0;
    for [gap, byte] in apart.as_chunks::<2>().0 {
        class += usize::from(gap.cast_unsigned());
        sums[class] += factor * f32::from(*byte);
    }
}

/// Whether all of them are bytes of classes below `stride`.
fn are_within(apart: &[i8], stride: usize) -> bool {
    let (pairs, rest) = apart.as_chunks::<2>();
    let last: usize = pairs.iter().map(|[gap, _]| usize::from(gap.cast_unsigned())).sum();
    rest.is_empty() && (pairs.is_empty() || last < stride)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A weight that becomes this byte in a row whose largest is 127.
    fn row_of(bytes: &[i8]) -> Vec<f32> {
        bytes.iter().map(|byte| f32::from(*byte)).collect()
    }

    #[test]
    fn a_row_takes_the_form_that_it_needs() {
        let mut rows = Rows::default();
        let mut few = [0; 2_000];
        few[1_999] = 127;
        rows.push(&row_of(&few));
        let mut small = [3; 64];
        small[40] = -127;
        rows.push(&row_of(&small));
        rows.push(&row_of(&[127; 64]));
        assert!(matches!(rows.form(0, 2_000), Some(Form::Few(few)) if few.len() == 16));
        assert!(
            matches!(rows.form(1, 64), Some(Form::Halves(halves, large)) if (halves.len(), large.len()) == (32, 2))
        );
        assert!(matches!(rows.form(2, 64), Some(Form::Whole(_))));
    }

    #[test]
    fn what_is_no_row_is_not_sound() {
        let mut rows = Rows::default();
        rows.push(&row_of(&[0, 0, 0, 0, 0, 0, 0, 127]));
        assert!(rows.is_sound(1, 8));
        assert!(!rows.is_sound(2, 8));
        assert!(!rows.is_sound(1, 6));
        for bytes in [
            vec![],
            vec![FEW, 1],
            vec![FEW, -1, 1],
            vec![HALVES, 0, 0, 0],
            vec![WHOLE, 1],
            vec![3],
        ] {
            let rows = Rows {
                bytes,
                starts: vec![0],
                scales: vec![1.0],
            };
            assert!(!rows.is_sound(1, 8), "{rows:?}");
        }
    }

    proptest! {
        #[test]
        fn every_form_adds_the_same(
            small in proptest::collection::vec(-9_i8..=9, 0..700),
            large in proptest::collection::vec((0_usize..700, any::<i8>()), 0..80),
            zeros in 0_usize..700,
        ) {
            let mut bytes: Vec<i8> = small;
            bytes.resize(bytes.len().next_multiple_of(16), 0);
            for (class, byte) in large {
                if let Some(slot) = bytes.get_mut(class) {
                    *slot = byte.max(-127);
                }
            }
            let n_zeros = zeros.min(bytes.len());
            bytes[..n_zeros].fill(0);
            // So that the row's bytes are these.
            if let Some(last) = bytes.last_mut() {
                *last = 127;
            }
            let mut rows = Rows::default();
            rows.push(&row_of(&bytes));
            // Next to nothing is nothing.
            bytes.iter_mut().filter(|byte| byte.unsigned_abs() == 1).for_each(|byte| *byte = 0);
            prop_assert!(rows.is_sound(1, bytes.len()));
            let mut sums = vec![0.25; bytes.len()];
            rows.add_to(&mut sums, Lanes::default(), 0, 0.3);
            let expected: Vec<f32> = bytes.iter().map(|byte| 0.25 + 0.3 * f32::from(*byte)).collect();
            prop_assert_eq!(sums, expected);
        }
    }
}
