//! `countersign policy schema`: the JSON Schemas of the manifests, for editors.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use clap::Args;

use super::Ended;
use crate::config::schema::{self, SchemaFile};
use crate::http::intake::ticket;

/// Write the JSON Schemas of all manifests to `schema/` of their folder.
#[derive(Args)]
pub struct Schema {
    /// Write nothing, and answer no (exit code 1) when a file there is not what would be written.
    #[arg(long)]
    check: bool,
}

impl Schema {
    pub(super) fn run(self, manifests: &Path) -> anyhow::Result<Ended> {
        let folder = manifests.join("schema");
        let differing: Vec<SchemaFile> = all()
            .into_iter()
            .filter(|file| {
                let there = fs::read_to_string(folder.join(&file.name));
                there.ok().as_ref() != Some(&file.text)
            })
            .collect();
        if differing.is_empty() {
            say!("The schemas in {} are current.", folder.display());
            return Ok(Ended::Fine);
        }
        if !self.check {
            fs::create_dir_all(&folder)
                .with_context(|| format!("{} cannot be made", folder.display()))?;
        }
        for file in &differing {
            let path = folder.join(&file.name);
            if self.check {
                say!("{} is not what this program reads by.", path.display());
                continue;
            }
            fs::write(&path, &file.text)
                .with_context(|| format!("{} cannot be written", path.display()))?;
            say!("Wrote {}.", path.display());
        }
        if self.check {
            say!("Write them with `countersign policy schema`.");
            return Ok(Ended::No);
        }
        Ok(Ended::Fine)
    }
}

/// Every schema: those of the manifests, and that of a ticket as sources send it.
fn all() -> Vec<SchemaFile> {
    let mut files = schema::all();
    files.push(SchemaFile {
        name: "ticket.schema.json".to_owned(),
        text: ticket::schema(),
    });
    files
}
