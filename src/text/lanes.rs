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
    /// Adds `factor` times the row of numbers, whole or not, to the sums.
    pub fn add_scaled<T: Copy>(self, sums: &mut [f32], row: &[T], factor: f32)
    where
        f32: From<T>,
    {
        self.0.dispatch(AddScaled { sums, row, factor });
    }

    /// Adds `factor` times the half bytes to the sums: the lower ones to the first half of them, the upper ones to the
    /// second. Each says 8 more than what it stands for.
    pub fn add_scaled_halves(self, sums: &mut [f32], halves: &[i8], factor: f32) {
        self.0.dispatch(AddScaledHalves { sums, halves, factor });
    }

    /// The dot products of one vector with many, into `products`.
    pub fn dots(self, one: &Packed, many: &[Packed], products: &mut [f32]) {
        self.hold(one, Dots { many, products });
    }

    /// The dot product of each of many vectors with one, into `products`. Rounding makes it another than that of the one
    /// with each, in its last bit.
    pub fn dots_of_each(self, many: &[Packed], one: &Packed, products: &mut [f32]) {
        self.hold(one, DotsOfEach { many, products });
    }

    /// Puts the larger of each place's two numbers into `largest`.
    pub fn raise_to(self, largest: &mut [f32], others: &[f32]) {
        self.0.dispatch(RaiseTo { largest, others });
    }

    /// The largest of the numbers; negative infinity where there are none.
    #[must_use]
    pub fn largest(self, numbers: &[f32]) -> f32 {
        self.0.dispatch(Largest(numbers))
    }

    /// The places of the sets that differ from one set by `allowed` at most in what they lack, and in what they have more.
    pub fn alike(self, set: u32, others: &[u32], allowed: u32, places: &mut Vec<u32>) {
        self.0.dispatch(Alike {
            set,
            others,
            allowed,
            places,
        });
    }

    /// The largest dot product of one vector with those of `all` at these places; 0 where none is larger.
    #[must_use]
    pub fn largest_dot(self, one: &Packed, all: &[Packed], places: &[u32]) -> f32 {
        self.hold(one, LargestDot { all, places })
    }

    fn hold<H: Holding>(self, one: &Packed, holding: H) -> H::Output {
        #[cfg(target_arch = "x86_64")]
        if let Arch::V3(simd) = self.0 {
            return simd.vectorize(wide::Hold { simd, one, holding });
        }
        self.0.dispatch(HoldPlain { one, holding })
    }
}

struct AddScaled<'a, T> {
    sums: &'a mut [f32],
    row: &'a [T],
    factor: f32,
}

impl<T: Copy> WithSimd for AddScaled<'_, T>
where
    f32: From<T>,
{
    type Output = ();

    #[expect(
        clippy::inline_always,
        reason = "must be compiled into the instruction set that was chosen"
    )]
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for (sum, number) in self.sums.iter_mut().zip(self.row) {
            *sum += self.factor * f32::from(*number);
        }
    }
}

struct AddScaledHalves<'a> {
    sums: &'a mut [f32],
    halves: &'a [i8],
    factor: f32,
}

impl WithSimd for AddScaledHalves<'_> {
    type Output = ();

    #[expect(
        clippy::inline_always,
        reason = "must be compiled into the instruction set that was chosen"
    )]
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let n_halves = self.halves.len().min(self.sums.len());
        let (first, second) = self.sums.split_at_mut(n_halves);
        for (sum, both) in first.iter_mut().zip(self.halves) {
            *sum += self.factor * f32::from((both & 15) - 8);
        }
        for (sum, both) in second.iter_mut().zip(self.halves) {
            *sum += self.factor * f32::from(((both >> 4) & 15) - 8);
        }
    }
}

struct Dots<'a> {
    many: &'a [Packed],
    products: &'a mut [f32],
}

impl Holding for Dots<'_> {
    type Output = ();

    #[expect(
        clippy::inline_always,
        reason = "must be compiled into the instruction set that was chosen"
    )]
    #[inline(always)]
    fn hold(self, one: &Packed, sums: impl Sums) {
        for (product, other) in self.products.iter_mut().zip(self.many) {
            *product = sums.with(&other.components) as f32 * one.scale * other.scale;
        }
    }
}

struct DotsOfEach<'a> {
    many: &'a [Packed],
    products: &'a mut [f32],
}

impl Holding for DotsOfEach<'_> {
    type Output = ();

    #[expect(
        clippy::inline_always,
        reason = "must be compiled into the instruction set that was chosen"
    )]
    #[inline(always)]
    fn hold(self, one: &Packed, sums: impl Sums) {
        for (product, each) in self.products.iter_mut().zip(self.many) {
            *product = sums.with(&each.components) as f32 * each.scale * one.scale;
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

struct Largest<'a>(&'a [f32]);

impl WithSimd for Largest<'_> {
    type Output = f32;

    #[expect(
        clippy::inline_always,
        reason = "must be compiled into the instruction set that was chosen"
    )]
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f32 {
        let (whole, rest) = S::as_simd_f32s(self.0);
        let least = simd.splat_f32s(f32::NEG_INFINITY);
        let largest = whole
            .iter()
            .fold(least, |largest, numbers| simd.max_f32s(largest, *numbers));
        let larger = |one: f32, other: &f32| if one < *other { *other } else { one };
        rest.iter().fold(simd.reduce_max_f32s(largest), larger)
    }
}

struct Alike<'a> {
    set: u32,
    others: &'a [u32],
    allowed: u32,
    places: &'a mut Vec<u32>,
}

/// As many as are compared before any of them is looked at.
const CHUNK: usize = 64;

impl WithSimd for Alike<'_> {
    type Output = ();

    #[expect(
        clippy::inline_always,
        reason = "must be compiled into the instruction set that was chosen"
    )]
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let differ = |other: u32| {
            let (lost, new) = (self.set & !other, other & !self.set);
            lost.count_ones().max(new.count_ones())
        };
        // First all of a chunk, without a branch; then those that are near, of which there are few.
        let mut differing = [0_u32; CHUNK];
        for (start, others) in (0_u32..).step_by(CHUNK).zip(self.others.chunks(CHUNK)) {
            for (differing, other) in differing.iter_mut().zip(others) {
                *differing = differ(*other);
            }
            let places = (start..).zip(&differing[..others.len()]);
            let near = places.filter(|(_, differing)| **differing <= self.allowed);
            self.places.extend(near.map(|(place, _)| place));
        }
    }
}

struct LargestDot<'a> {
    all: &'a [Packed],
    places: &'a [u32],
}

impl Holding for LargestDot<'_> {
    type Output = f32;

    #[expect(
        clippy::inline_always,
        reason = "must be compiled into the instruction set that was chosen"
    )]
    #[inline(always)]
    fn hold(self, one: &Packed, sums: impl Sums) -> f32 {
        let mut largest = 0.0_f32;
        for place in self.places {
            let other = &self.all[*place as usize];
            largest = largest.max(sums.with(&other.components) as f32 * one.scale * other.scale);
        }
        largest
    }
}

/// Holds one vector against others.
trait Holding {
    type Output;

    fn hold(self, one: &Packed, sums: impl Sums) -> Self::Output;
}

/// The sum of the products of one vector's components with another's: the same number however it is worked out.
trait Sums {
    fn with(&self, other: &[i8; DIMENSIONS]) -> i32;
}

/// As the compiler does it.
struct Plain<'a>(&'a [i8; DIMENSIONS]);

impl Sums for Plain<'_> {
    #[expect(
        clippy::inline_always,
        reason = "must be compiled into the instruction set of its caller"
    )]
    #[inline(always)]
    fn with(&self, other: &[i8; DIMENSIONS]) -> i32 {
        let mut sum = 0_i32;
        for (one, other) in self.0.iter().zip(other) {
            // Cannot overflow; a check would keep a debug build from using vector instructions.
            sum = sum.wrapping_add(i32::from(i16::from(*one)) * i32::from(i16::from(*other)));
        }
        sum
    }
}

struct HoldPlain<'a, H> {
    one: &'a Packed,
    holding: H,
}

impl<H: Holding> WithSimd for HoldPlain<'_, H> {
    type Output = H::Output;

    #[expect(
        clippy::inline_always,
        reason = "must be compiled into the instruction set that was chosen"
    )]
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> H::Output {
        self.holding.hold(self.one, Plain(&self.one.components))
    }
}

/// Sixteen components at a time: the compiler takes eight, and widens the one vector again for each of the others.
#[cfg(target_arch = "x86_64")]
mod wide {
    use pulp::x86::V3;
    use pulp::{NullaryFnOnce, cast, i8x16, i16x16};

    use super::{DIMENSIONS, Holding, Packed, Sums};

    const WIDTH: usize = 16;

    struct Wide {
        simd: V3,
        one: [i16x16; DIMENSIONS / WIDTH],
    }

    impl Wide {
        #[expect(
            clippy::inline_always,
            reason = "must be compiled into the instruction set of its caller"
        )]
        #[inline(always)]
        fn new(simd: V3, one: &[i8; DIMENSIONS]) -> Self {
            let mut wide = [simd.splat_i16x16(0); DIMENSIONS / WIDTH];
            for (wide, components) in wide.iter_mut().zip(one.as_chunks::<WIDTH>().0) {
                *wide = widened(simd, components);
            }
            Self { simd, one: wide }
        }
    }

    impl Sums for Wide {
        #[expect(
            clippy::inline_always,
            reason = "must be compiled into the instruction set of its caller"
        )]
        #[inline(always)]
        fn with(&self, other: &[i8; DIMENSIONS]) -> i32 {
            let mut sums = self.simd.splat_i32x8(0);
            for (one, other) in self.one.iter().zip(other.as_chunks::<WIDTH>().0) {
                let pairs = self
                    .simd
                    .avx2
                    ._mm256_madd_epi16(cast(*one), cast(widened(self.simd, other)));
                sums = self.simd.wrapping_add_i32x8(sums, cast(pairs));
            }
            let sums: [i32; 8] = cast(sums);
            sums.into_iter().sum()
        }
    }

    #[expect(
        clippy::inline_always,
        reason = "must be compiled into the instruction set of its caller"
    )]
    #[inline(always)]
    fn widened(simd: V3, components: &[i8; WIDTH]) -> i16x16 {
        let components: i8x16 = cast(*components);
        cast(simd.avx2._mm256_cvtepi8_epi16(cast(components)))
    }

    /// With the instructions of [`V3`].
    pub(super) struct Hold<'a, H> {
        pub(super) simd: V3,
        pub(super) one: &'a Packed,
        pub(super) holding: H,
    }

    impl<H: Holding> NullaryFnOnce for Hold<'_, H> {
        type Output = H::Output;

        #[expect(
            clippy::inline_always,
            reason = "must be compiled into the instruction set that was chosen"
        )]
        #[inline(always)]
        fn call(self) -> H::Output {
            let sums = Wide::new(self.simd, &self.one.components);
            self.holding.hold(self.one, sums)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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
        assert_eq!(Lanes::default().largest(&[]).to_bits(), f32::NEG_INFINITY.to_bits());
        let numbers: Vec<f32> = (0..37_u8).map(|number| f32::from(number) - 40.0).collect();
        for length in 1..numbers.len() {
            assert_eq!(
                Lanes::default().largest(&numbers[..length]).to_bits(),
                numbers[length - 1].to_bits()
            );
        }
        let none = Lanes::default().largest_dot(&one, &many, &[]);
        assert!(none.abs() < f32::EPSILON, "{none}");
    }

    proptest! {
        #[test]
        fn every_instruction_set_gives_the_same_sum(
            one in proptest::collection::vec(any::<i8>(), DIMENSIONS),
            other in proptest::collection::vec(any::<i8>(), DIMENSIONS),
        ) {
            let packed = |components: &[i8]| Packed::of_parts(0.01, components.try_into().unwrap());
            let (one, other) = (packed(&one), packed(&other));
            let mut product = [0.0];
            Lanes::default().dots(&one, &[other], &mut product);
            let expected = Plain(&one.components).with(&other.components) as f32 * one.scale * other.scale;
            prop_assert_eq!(product[0].to_bits(), expected.to_bits());
        }
    }

    #[test]
    fn rows_are_added_at_their_places() {
        let mut sums: Vec<f32> = (0..37_u8).map(f32::from).collect();
        let row: Vec<f32> = (0..37_u8).map(|place| f32::from(place) * 0.5).collect();
        Lanes::default().add_scaled(&mut sums, &row, 2.0);
        Lanes::default().add_scaled(&mut sums, &[3_i8; 37], -1.0);
        Lanes::default().add_scaled(&mut sums, &[1_000_u16; 37], 0.5);
        let mut expected: Vec<f32> = (0..37_u8).map(|place| f32::from(place) * 2.0 + 497.0).collect();
        assert_eq!(sums, expected);
        // 15 and 0: 7 more and 8 less.
        Lanes::default().add_scaled_halves(&mut sums[1..37], &[0x0F; 18], 1.0);
        expected[1..19].iter_mut().for_each(|sum| *sum += 7.0);
        expected[19..37].iter_mut().for_each(|sum| *sum -= 8.0);
        assert_eq!(sums, expected);
    }
}
