//! Reads public data sets that lie outside the repository, and says loudly when they are not there.

use std::path::PathBuf;

/// The text of a file of the data folder: `COUNTERSIGN_DATA`, else `../shared/data` beside the package.
pub fn data(name: &str) -> Option<String> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let folder = std::env::var_os("COUNTERSIGN_DATA").map_or(beside, PathBuf::from);
    let path = folder.join(name);
    if !path.exists() {
        eprintln!(
            "\n*** SKIPPED: `{name}` is not in `{}`. Nothing was measured. Set COUNTERSIGN_DATA. ***\n",
            folder.display()
        );
        return None;
    }
    if path.extension().is_some_and(|ext| ext == "gz") {
        let output = std::process::Command::new("gzip")
            .arg("-dc")
            .arg(&path)
            .output()
            .unwrap();
        assert!(output.status.success(), "gzip could not read `{name}`");
        return Some(String::from_utf8(output.stdout).unwrap());
    }
    Some(std::fs::read_to_string(path).unwrap())
}
