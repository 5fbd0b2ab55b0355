//! The JSON Schema of `workspace.json`, generated from the types that it is read into.

use schemars::generate::SchemaSettings;

use super::workspace::Workspace;

/// The schema as it stands in `manifests/schema/workspace.schema.json`.
#[must_use]
pub fn workspace() -> String {
    let schema = SchemaSettings::draft2020_12()
        .into_generator()
        .into_root_schema_for::<Workspace>();
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}
