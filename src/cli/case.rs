//! `countersign case`: what is open, what a case is, and its story.

use std::path::Path;

use clap::{Args, Subcommand};

use super::{Ended, local, sheet};
use crate::domain::case::Case;
use crate::domain::case::face::Lens;
use crate::domain::case::story::{Told, story};
use crate::domain::ids::RuleName;
use crate::store::{CaseFilter, CaseLine, Page, Store};

/// Look at cases.
#[derive(Subcommand)]
pub enum CaseCommand {
    /// One line for each case, the newest first.
    List(List),
    /// What a case is now: verdict, evidence, drafts, tiers, decisions.
    Show(One),
    /// What happened to a case, in sentences.
    Story(One),
}

/// One line for each case.
#[derive(Args)]
pub struct List {
    /// Only cases in which something is open.
    #[arg(long)]
    open: bool,
    /// How many at most.
    #[arg(long, default_value_t = 50, value_name = "COUNT")]
    most: u32,
    #[command(flatten)]
    database: local::Database,
}

/// One case.
#[derive(Args)]
pub struct One {
    /// The number of the case, as `countersign case list` shows it.
    number: u64,
    #[command(flatten)]
    database: local::Database,
}

impl CaseCommand {
    pub(super) async fn run(self, manifests: &Path) -> anyhow::Result<Ended> {
        match self {
            Self::List(list) => list.run(manifests).await,
            Self::Show(one) => {
                let Some((store, case)) = one.find(manifests).await? else {
                    return Ok(Ended::No);
                };
                let texts = store.texts(&case.id.stream()).await?;
                say!("{}", sheet::of_case(&case, &texts));
                Ok(Ended::Fine)
            }
            Self::Story(one) => {
                let Some((store, case)) = one.find(manifests).await? else {
                    return Ok(Ended::No);
                };
                for sentence in told(&store, &case).await? {
                    say!("{sentence}");
                }
                Ok(Ended::Fine)
            }
        }
    }
}

impl List {
    async fn run(self, manifests: &Path) -> anyhow::Result<Ended> {
        let store = self.database.existing(manifests).await?;
        let filter = CaseFilter {
            open: self.open,
            ..CaseFilter::default()
        };
        let page = Page {
            skip: 0,
            most: self.most,
        };
        let lines = store.cases(&filter, page).await?;
        if lines.is_empty() {
            say!(
                "There are no {}cases.",
                if self.open { "open " } else { "" }
            );
            return Ok(Ended::Fine);
        }
        let mut rows = vec![
            [
                "CASE",
                "STAGE",
                "SEVERITY",
                "CATEGORY",
                "WAITS FOR",
                "SUBJECT",
            ]
            .map(str::to_owned),
        ];
        rows.extend(lines.iter().map(row));
        for line in aligned(&rows) {
            say!("{line}");
        }
        if lines.len() == self.most as usize {
            say!("These are the newest {}; --most shows more.", self.most);
        }
        Ok(Ended::Fine)
    }
}

fn row(line: &CaseLine) -> [String; 6] {
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    [
        line.number.to_string(),
        line.stage.word().replace('_', " "),
        or_dash(line.severity.map(|severity| severity.to_string())),
        or_dash(line.category.map(|category| category.word().to_owned())),
        or_dash(line.waiting_on.clone()),
        line.headline.to_string(),
    ]
}

/// Rows with each column as wide as its widest cell; the last column is left as it is.
fn aligned<const N: usize>(rows: &[[String; N]]) -> Vec<String> {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..N.saturating_sub(1)).map(width).collect();
    rows.iter()
        .map(|row| {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                line.push_str(&format!("{cell:<width$}  "));
            }
            line.extend(row.last().map(String::as_str));
            line
        })
        .collect()
}

impl One {
    /// The store and the case; `None` after saying that there is no such case.
    async fn find(self, manifests: &Path) -> anyhow::Result<Option<(Store, Case)>> {
        let store = self.database.existing(manifests).await?;
        let case = store.case_by_number(self.number).await?;
        if case.is_none() {
            eprintln!(
                "There is no case {}. `countersign case list` shows which there are.",
                self.number
            );
        }
        Ok(case.map(|case| (store, case)))
    }
}

/// The story of a case, with the time before each sentence.
pub(super) async fn told(store: &Store, case: &Case) -> anyhow::Result<Vec<String>> {
    let texts = store.texts(&case.id.stream()).await?;
    let events = store.events(&case.id.stream()).await?;
    let people = |_: &RuleName| String::new();
    let lens = Lens {
        texts: &texts,
        similar: &[],
        people: &people,
    };
    let line = |told: Told| {
        let at = told.at.rfc3339();
        let at = at.get(..19).unwrap_or(&at).replace('T', " ");
        format!("{at}  {}", told.sentence)
    };
    Ok(story(case, &events, lens).into_iter().map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["a", "bb", "last one"], ["aaaa", "b", "x"]].map(|row| row.map(str::to_owned));
        assert_eq!(aligned(&rows), ["a     bb  last one", "aaaa  b   x"]);
    }
}
