//! Whole-program tests, one binary: each module says in one line what it holds.
