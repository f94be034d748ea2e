//! Hands the code one number that is another whenever what it learns of a fact base could be another, so that nothing
//! that an earlier program learned is taken for this one's (`src/matching/learnt.rs`).
//!
//! It is a hash over the files that learning is made of, and the lock file for what they call. Deliberately absent:
//! cryptography; nobody gains by editing the program's own source so that the number stays.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// From the package's folder.
const MADE_OF: [&str; 4] = ["src/fact", "src/matching", "src/text", "Cargo.lock"];

fn main() -> io::Result<()> {
    let package = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut files = Vec::new();
    for name in MADE_OF {
        println!("cargo:rerun-if-changed={name}");
        gather(&package.join(name), &mut files)?;
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        fs::read(file)?.hash(&mut hasher);
    }
    println!("cargo:rustc-env=LEARNS_AS={:016x}", hasher.finish());
    Ok(())
}

/// The file, or all files of the folder.
fn gather(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        gather(&entry?.path(), files)?;
    }
    Ok(())
}
