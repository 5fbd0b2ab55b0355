//! The fields that a JSON Schema lists, and the tests that show what a field does.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

/// Notes every field below a schema, and says whether there is any.
pub fn fields(root: &Value, schema: &Value, path: &str, found: &mut BTreeSet<String>) -> bool {
    let mut any = false;
    if let Some(name) = schema["$ref"].as_str() {
        let there = root.pointer(name.trim_start_matches('#')).unwrap();
        any |= fields(root, there, path, found);
    }
    for alternatives in ["anyOf", "oneOf"] {
        for one in schema[alternatives].as_array().into_iter().flatten() {
            any |= fields(root, one, path, found);
        }
    }
    if schema["items"].is_object() && fields(root, &schema["items"], path, found) {
        // What a list names and what its items hold are two things.
        found.insert(path.to_owned());
        any = true;
    }
    if schema["additionalProperties"].is_object() {
        any |= fields(
            root,
            &schema["additionalProperties"],
            &format!("{path} *"),
            found,
        );
    }
    for (name, below) in schema["properties"].as_object().into_iter().flatten() {
        let path = format!("{path} {name}");
        if !fields(root, below, &path, found) {
            found.insert(path);
        }
        any = true;
    }
    any
}

/// Whether a test of this name stands anywhere below `tests/`.
pub fn test_exists(name: &str) -> bool {
    fn search(folder: &Path, wanted: &str) -> bool {
        std::fs::read_dir(folder).unwrap().flatten().any(|entry| {
            let path = entry.path();
            if path.is_dir() {
                return search(&path, wanted);
            }
            let rust = path.extension().is_some_and(|ending| ending == "rs");
            rust && std::fs::read_to_string(&path).unwrap().contains(wanted)
        })
    }
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    search(&tests, &format!("fn {name}("))
}
