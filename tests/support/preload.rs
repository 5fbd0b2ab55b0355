//! A small library in C that is loaded before the C library of a program, and stands between it and its files.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Builds a library from a source below `tests/` into a folder.
pub fn built(source: &str, folder: &Path) -> PathBuf {
    let library = folder.join("preload.so");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .arg(&library)
        .arg(
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("tests")
                .join(source),
        )
        .args(["-ldl", "-lpthread"])
        .status();
    assert!(built.unwrap().success(), "the tests need a C compiler");
    library
}
