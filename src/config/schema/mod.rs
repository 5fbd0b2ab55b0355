//! The JSON Schemas of the manifests, for editors: made from what the files are read with, and never read themselves.

mod forms;

use schemars::generate::SchemaSettings;

use super::workspace::Workspace;

/// One schema as it stands in `manifests/schema/`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SchemaFile {
    /// The name of the file, for example `tier.schema.json`.
    pub name: String,
    /// Its text, with a line break at the end.
    pub text: String,
}

/// The schemas of `workspace.json` and of every document of the policy folder.
#[must_use]
pub fn all() -> Vec<SchemaFile> {
    let mut files = vec![SchemaFile {
        name: "workspace.schema.json".to_owned(),
        text: workspace(),
    }];
    files.extend(forms::all());
    files
}

/// The schema of `workspace.json`, generated from the types that it is read into.
#[must_use]
pub fn workspace() -> String {
    let schema = SchemaSettings::draft2020_12()
        .into_generator()
        .into_root_schema_for::<Workspace>();
    pretty(&schema)
}

fn pretty(schema: &impl serde::Serialize) -> String {
    let mut text = serde_json::to_string_pretty(schema).unwrap_or_default();
    text.push('\n');
    text
}
