//! A linear model over word vectors: which class a question's meaning belongs to.
//!
//! Ridge regression onto the classes, solved in closed form by Cholesky decomposition: exact, deterministic, and a few
//! milliseconds for thousands of phrasings.

use crate::matching::class::Phrasing;
use crate::text::vectors::{DIMENSIONS, dot};

/// The ridge, a share of the mean variance: keeps rare directions from deciding.
const RIDGE: f32 = 0.05;

/// One vector a class.
#[derive(Debug, Default)]
pub struct Meaning {
    classes: Vec<[f32; DIMENSIONS]>,
    n_classes: usize,
}

impl Meaning {
    /// Solves for the classes' vectors.
    #[must_use]
    pub fn train(phrasings: &[Phrasing], n_classes: usize) -> Self {
        if n_classes == 0 || n_classes > super::linear::MAX_CLASSES {
            return Self { classes: Vec::new(), n_classes };
        }
        let mut n_in_class = vec![0.0_f32; n_classes];
        for phrasing in phrasings {
            n_in_class[phrasing.class as usize] += 1.0;
        }
        let mut gram = vec![[0.0_f32; DIMENSIONS]; DIMENSIONS];
        let mut sums = vec![[0.0_f32; DIMENSIONS]; n_classes];
        for phrasing in phrasings {
            let vector = &phrasing.analysis.vector;
            // Every class counts alike, however many phrasings it has.
            let weight = 1.0 / n_in_class[phrasing.class as usize].max(1.0);
            for (row, component) in vector.iter().enumerate() {
                let factor = component * weight;
                for (cell, other) in gram[row].iter_mut().zip(vector) {
                    *cell += factor * other;
                }
                sums[phrasing.class as usize][row] += factor;
            }
        }
        let trace: f32 = (0..DIMENSIONS).map(|place| gram[place][place]).sum();
        let ridge = (RIDGE * trace / DIMENSIONS as f32 * 10.0).max(f32::MIN_POSITIVE);
        for (place, row) in gram.iter_mut().enumerate() {
            row[place] += ridge;
        }
        let factor = cholesky(gram);
        let classes = sums.iter().map(|sum| solve(&factor, sum)).collect();
        Self { classes, n_classes }
    }

    /// The score of every class; zeros where the model was not trained.
    #[must_use]
    pub fn scores(&self, vector: &[f32; DIMENSIONS]) -> Vec<f32> {
        if self.classes.is_empty() {
            return vec![0.0; self.n_classes];
        }
        self.classes.iter().map(|class| dot(class, vector)).collect()
    }
}

/// The lower triangle L with L·Lᵀ = the matrix, which is positive definite thanks to the ridge.
fn cholesky(mut matrix: Vec<[f32; DIMENSIONS]>) -> Vec<[f32; DIMENSIONS]> {
    for column in 0..DIMENSIONS {
        for row in column..DIMENSIONS {
            let (head, tail) = matrix.split_at(row);
            let current = &tail[0];
            let other = if row == column { current } else { &head[column] };
            let product: f32 = current[..column].iter().zip(&other[..column]).map(|(a, b)| a * b).sum();
            let rest = matrix[row][column] - product;
            matrix[row][column] =
                if row == column { rest.max(f32::MIN_POSITIVE).sqrt() } else { rest / matrix[column][column] };
        }
    }
    matrix
}

fn solve(factor: &[[f32; DIMENSIONS]], right: &[f32; DIMENSIONS]) -> [f32; DIMENSIONS] {
    let mut solution = *right;
    for row in 0..DIMENSIONS {
        let known: f32 = factor[row][..row].iter().zip(&solution[..row]).map(|(a, b)| a * b).sum();
        solution[row] = (solution[row] - known) / factor[row][row];
    }
    for row in (0..DIMENSIONS).rev() {
        let known: f32 = (row + 1..DIMENSIONS).map(|below| factor[below][row] * solution[below]).sum();
        solution[row] = (solution[row] - known) / factor[row][row];
    }
    solution
}
