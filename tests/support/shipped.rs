//! The shipped policy folder as texts, changed or not.

use countersign::domain::policy::Documents;

/// Every file of `manifests/policy`, with texts replaced: `(file, from, to)`. Each `from` must be there.
pub fn changed(changes: &[(&str, &str, &str)]) -> Documents {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("manifests/policy");
    let mut documents = Documents::new();
    for folder in ["", "tiers"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "json") {
                let name = path
                    .strip_prefix(&root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned();
                documents.insert(name, std::fs::read_to_string(path).unwrap());
            }
        }
    }
    for (file, from, to) in changes {
        let text = documents
            .get_mut(*file)
            .unwrap_or_else(|| panic!("no {file}"));
        assert!(text.contains(from), "{file} has no {from}");
        *text = text.replacen(from, to, 1);
    }
    documents
}
