//! Vectors as bytes: a quarter of the memory, and a dot product in whole numbers that is the same on every machine.
//!
//! Promise: the dot product of two packed unit vectors is within 0.01 of the exact one. Deliberately absent: the dot
//! product itself, which is one of the loops of [`lanes`](super::lanes).

use super::vectors::DIMENSIONS;

/// A vector as bytes and the factor that they were divided by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Packed {
    pub(super) scale: f32,
    pub(super) components: [i8; DIMENSIONS],
}

impl Default for Packed {
    fn default() -> Self {
        Self {
            scale: 0.0,
            components: [0; DIMENSIONS],
        }
    }
}

impl Packed {
    /// Packs a vector; its largest component becomes 127.
    #[must_use]
    pub fn new(vector: &[f32; DIMENSIONS]) -> Self {
        let mut largest = 0.0_f32;
        for component in vector {
            // A comparison and not `max`, which takes thrice the steps since it heeds numbers that are none.
            largest = if largest < component.abs() {
                component.abs()
            } else {
                largest
            };
        }
        if largest == 0.0 {
            return Self::default();
        }
        let factor = 127.0 / largest;
        let mut packed = Self {
            scale: largest / 127.0,
            components: [0; DIMENSIONS],
        };
        for (byte, component) in packed.components.iter_mut().zip(vector) {
            // Half away from zero, as `round` does, which calls a function of the C library here.
            let scaled = component * factor;
            *byte = (scaled + 0.5_f32.copysign(scaled)) as i8;
        }
        packed
    }

    /// Puts a vector together from what [`Packed::scale`] and [`Packed::components`] gave.
    #[must_use]
    pub fn of_parts(scale: f32, components: [i8; DIMENSIONS]) -> Self {
        Self { scale, components }
    }

    /// The factor that the components were divided by.
    #[must_use]
    pub fn scale(&self) -> f32 {
        self.scale
    }

    /// The bytes.
    #[must_use]
    pub fn components(&self) -> &[i8; DIMENSIONS] {
        &self.components
    }

    /// The vector, as near as the bytes have it.
    #[must_use]
    pub fn unpacked(&self) -> [f32; DIMENSIONS] {
        self.components.map(|byte| self.scale * f32::from(byte))
    }

    /// Adds the vector to a sum.
    pub fn add_to(&self, sum: &mut [f32; DIMENSIONS]) {
        for (component, byte) in sum.iter_mut().zip(&self.components) {
            *component += self.scale * f32::from(*byte);
        }
    }
}
