//! Every list of tiers that was read, with the page that it stands on and the way to it.

use super::Parts;
use super::page::{Page, Step};
use crate::domain::money::Currency;
use crate::domain::policy::tiers::{TierFile, TierList, file_of};

use Step::Name;

/// One list of tiers.
pub(super) struct Listed<'a> {
    pub(super) page: Page<'a>,
    /// From the top of the page to what holds `tiers`.
    pub(super) way: Vec<Step<'a>>,
    pub(super) file: &'a TierFile,
    pub(super) list: &'a TierList,
}

impl<'a> Parts<'a> {
    /// Every list, action by action; where a file names several currencies, a list for each.
    pub(super) fn listed(&self) -> impl Iterator<Item = Listed<'a>> + use<'a> {
        let trees = self.trees;
        self.tiers.iter().flat_map(move |(action, file)| {
            let page = trees.get_key_value(&file_of(*action));
            let page = page.map(|(name, tree)| Page { file: name, tree });
            page.into_iter().flat_map(move |page| {
                file.lists.iter().map(move |list| Listed {
                    page,
                    way: way_to(&page, list.currency.as_ref().map(Currency::code)),
                    file,
                    list,
                })
            })
        })
    }
}

fn way_to<'a>(page: &Page<'_>, code: Option<&'a str>) -> Vec<Step<'a>> {
    let several = page.name(&[Name("currencies")]) != page.tree.at;
    match code.filter(|_| several) {
        Some(code) => vec![Name("currencies"), Name(code)],
        None => Vec::new(),
    }
}
