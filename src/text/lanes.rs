//! Loops over rows of numbers, each compiled for the widest instruction set that the machine has.
//!
//! Promise: the same bytes on every machine: each sum is over its own place or in whole numbers, so that no width
//! changes an order of additions, and none multiplies and adds in one step. Deliberately absent: anything but these few
//! loops, in which matching spends its time.

use pulp::{Arch, Simd, WithSimd};

use super::packed::Packed;
use super::vectors::DIMENSIONS;

/// The instruction set to use; cheap to copy.
#[derive(Debug, Clone, Copy)]
pub struct Lanes(Arch);

impl Default for Lanes {
    fn default() -> Self {
        Self(Arch::new())
    }
}

impl Lanes {
    /// Adds `factor` times the row to the sums.
    pub fn add_scaled(self, sums: &mut [f32], row: &[f32], factor: f32) {
        self.0.dispatch(AddScaled { sums, row, factor });
    }

    /// Adds `factor` times the row of bytes to the sums.
    pub fn add_bytes(self, sums: &mut [f32], row: &[i8], factor: f32) {
        self.0.dispatch(AddBytes { sums, row, factor });
    }

    /// The dot products of one vector with many, into `products`.
    pub fn dots(self, one: &Packed, many: &[Packed], products: &mut [f32]) {
        self.0.dispatch(Dots { one, many, products });
    }

    /// The dot product of each of many vectors with one, into `products`. Rounding makes it another than that of the one
    /// with each, in its last bit.
    pub fn dots_of_each(self, many: &[Packed], one: &Packed, products: &mut [f32]) {
        self.0.dispatch(DotsOfEach { many, one, products });
    }

    /// Puts the larger of each place's two numbers into `largest`.
    pub fn raise_to(self, largest: &mut [f32], others: &[f32]) {
        self.0.dispatch(RaiseTo { largest, others });
    }

    /// The largest dot product of one vector with those of `all` at these places; 0 where none is larger.
    #[must_use]
    pub fn largest_dot(self, one: &Packed, all: &[Packed], places: &[u32]) -> f32 {
        self.0.dispatch(LargestDot { one, all, places })
    }
}

struct AddScaled<'a> {
    sums: &'a mut [f32],
    row: &'a [f32],
    factor: f32,
}

impl WithSimd for AddScaled<'_> {
    type Output = ();

    #[expect(
        clippy::inline_always,
        reason = "must be compiled into the instruction set that was chosen"
    )]
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for (sum, weight) in self.sums.iter_mut().zip(self.row) {
            *sum += self.factor * weight;
        }
    }
}

struct AddBytes<'a> {
    sums: &'a mut [f32],
    row: &'a [i8],
    factor: f32,
}

impl WithSimd for AddBytes<'_> {
    type Output = ();

    #[expect(
        clippy::inline_always,
        reason = "must be compiled into the instruction set that was chosen"
    )]
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for (sum, weight) in self.sums.iter_mut().zip(self.row) {
            *sum += self.factor * f32::from(*weight);
        }
    }
}

struct Dots<'a> {
    one: &'a Packed,
    many: &'a [Packed],
    products: &'a mut [f32],
}

impl WithSimd for Dots<'_> {
    type Output = ();

    #[expect(
        clippy::inline_always,
        reason = "must be compiled into the instruction set that was chosen"
    )]
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for (product, other) in self.products.iter_mut().zip(self.many) {
            *product = dot(self.one, other);
        }
    }
}

struct DotsOfEach<'a> {
    many: &'a [Packed],
    one: &'a Packed,
    products: &'a mut [f32],
}

impl WithSimd for DotsOfEach<'_> {
    type Output = ();

    #[expect(
        clippy::inline_always,
        reason = "must be compiled into the instruction set that was chosen"
    )]
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for (product, each) in self.products.iter_mut().zip(self.many) {
            *product = dot(each, self.one);
        }
    }
}

struct RaiseTo<'a> {
    largest: &'a mut [f32],
    others: &'a [f32],
}

impl WithSimd for RaiseTo<'_> {
    type Output = ();

    #[expect(
        clippy::inline_always,
        reason = "must be compiled into the instruction set that was chosen"
    )]
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for (largest, other) in self.largest.iter_mut().zip(self.others) {
            *largest = largest.max(*other);
        }
    }
}

struct LargestDot<'a> {
    one: &'a Packed,
    all: &'a [Packed],
    places: &'a [u32],
}

impl WithSimd for LargestDot<'_> {
    type Output = f32;

    #[expect(
        clippy::inline_always,
        reason = "must be compiled into the instruction set that was chosen"
    )]
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> f32 {
        let mut largest = 0.0_f32;
        for place in self.places {
            largest = largest.max(dot(self.one, &self.all[*place as usize]));
        }
        largest
    }
}

#[expect(
    clippy::inline_always,
    reason = "must be compiled into the instruction set of its caller"
)]
#[inline(always)]
fn dot(one: &Packed, other: &Packed) -> f32 {
    let mut sum = 0_i32;
    for place in 0..DIMENSIONS {
        let product = i32::from(i16::from(one.components[place])) * i32::from(i16::from(other.components[place]));
        // Cannot overflow; a check would keep a debug build from using vector instructions.
        sum = sum.wrapping_add(product);
    }
    sum as f32 * one.scale * other.scale
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::vectors::{self, table, to_unit_length};

    fn vector(word: &str) -> [f32; DIMENSIONS] {
        let mut sum = [0.0; DIMENSIONS];
        table().add(table().row(word).unwrap(), 1.0, &mut sum);
        to_unit_length(&mut sum);
        sum
    }

    #[test]
    fn packing_hardly_changes_a_dot_product() {
        let words = ["rocket", "kitchen", "missile"];
        let many: Vec<Packed> = words.iter().map(|word| Packed::new(&vector(word))).collect();
        let one = Packed::new(&vector("missile"));
        let mut products = [0.0; 3];
        Lanes::default().dots(&one, &many, &mut products);
        for (word, product) in words.iter().zip(products) {
            let exact = vectors::dot(&vector("missile"), &vector(word));
            assert!((product - exact).abs() < 0.01, "{word}: {product} against {exact}");
        }
        let largest = Lanes::default().largest_dot(&one, &many, &[0, 1]);
        assert!((largest - products[0]).abs() < f32::EPSILON, "{largest}");
        let mut of_each = [0.0; 3];
        Lanes::default().dots_of_each(&many, &one, &mut of_each);
        assert!(
            of_each
                .iter()
                .zip(products)
                .all(|(of_each, product)| (of_each - product).abs() < 1e-6)
        );
        let mut raised = [0.5, 0.0, 0.5];
        Lanes::default().raise_to(&mut raised, &[0.0, 0.25, 1.0]);
        assert_eq!(raised.map(f32::to_bits), [0.5_f32, 0.25, 1.0].map(f32::to_bits));
        let none = Lanes::default().largest_dot(&one, &many, &[]);
        assert!(none.abs() < f32::EPSILON, "{none}");
    }

    #[test]
    fn rows_are_added_at_their_places() {
        let mut sums: Vec<f32> = (0..37_u8).map(f32::from).collect();
        let row: Vec<f32> = (0..37_u8).map(|place| f32::from(place) * 0.5).collect();
        Lanes::default().add_scaled(&mut sums, &row, 2.0);
        Lanes::default().add_bytes(&mut sums, &[3; 37], -1.0);
        let expected: Vec<f32> = (0..37_u8).map(|place| f32::from(place) * 2.0 - 3.0).collect();
        assert_eq!(sums, expected);
    }
}
