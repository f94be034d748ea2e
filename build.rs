//! Hands the code one number that is another whenever what it learns of a fact base could be another, so that nothing
//! that an earlier program learned is taken for this one's (`src/matching/learnt.rs`).
//!
//! It is a hash over the files that learning is made of, and the lock file for what they call. Deliberately absent:
//! cryptography; nobody gains by editing the program's own source so that the number stays. It also has relocations
//! packed where the machine can read them.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
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
    if reads_packed_relocations() {
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
    Ok(())
}

/// Whether programs that are built for this machine may have their relocations packed, a megabyte of memory less: its
/// glibc is 2.36 or later.
fn reads_packed_relocations() -> bool {
    let is = |name: &str, value: &str| env::var_os(name).is_some_and(|set| set == value);
    let is_for_glibc = is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu");
    if !is_for_glibc || env::var_os("TARGET") != env::var_os("HOST") {
        return false;
    }
    // `glibc 2.36`
    let said = Command::new("getconf").arg("GNU_LIBC_VERSION").output();
    let said = said.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let version = said.ok().and_then(|said| {
        let (major, minor) = said.trim().strip_prefix("glibc ")?.split_once('.')?;
        Some((major.parse::<u32>().ok()?, minor.parse::<u32>().ok()?))
    });
    version.is_some_and(|version| version >= (2, 36))
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
