//! What changes beside drafts, cases and people: lines of the contract, limits, what a model may see, words on cards.

use super::outcome::ids;
use super::{Change, Scope, Subject};
use crate::domain::draft::ActionKind;
use crate::domain::policy::Policy;
use crate::domain::policy::conditions::Condition;
use crate::domain::policy::contract::{Contract, List, Quarantined, ReadTool, Tool};
use crate::domain::policy::tiers::{TierFile, file_of};
use crate::domain::policy::walk::in_words;

pub(super) fn changes(before: &Policy, after: &Policy) -> Vec<Change> {
    let mut found = Found(Vec::new());
    contract(&mut found, [before, after].map(Policy::contract));
    for action in ActionKind::ALL.iter().copied() {
        let files = [before, after].map(|policy| policy.tier_file(action));
        if let [Some(one), Some(other)] = files {
            tier_file(&mut found, [one, other]);
        }
    }
    let operators = [before, after].map(|policy| &policy.approvers().operators);
    if ids(operators[0]) != ids(operators[1]) {
        let words = operators.map(crate::domain::policy::people::People::words);
        found.always("operators", words);
    }
    let teams = [before, after].map(|policy| policy.approvers().team.to_string());
    found.compare("the workspace of all people", teams);
    found.0
}

/// The changes found so far.
struct Found(Vec<Change>);

impl Found {
    /// Takes a change if the two differ.
    fn compare(&mut self, of: &str, told: [impl ToString; 2]) {
        let told = told.map(|one| one.to_string());
        if told[0] != told[1] {
            self.always(of, told);
        }
    }

    fn always(&mut self, of: &str, [before, after]: [String; 2]) {
        self.0.push(Change {
            subject: Subject::Setting,
            of: of.to_owned(),
            when: Vec::new(),
            before,
            after,
            scope: Scope::Elsewhere,
        });
    }
}

fn contract(found: &mut Found, both: [&Contract; 2]) {
    found.compare("workflow", both.map(|c| &c.workflow));
    found.compare("mode", both.map(|c| c.mode));
    let acts = ActionKind::ALL.iter().filter(|k| k.is_tool());
    let acts = acts.map(|kind| (Tool::Acts(*kind), kind.word()));
    let reads = ReadTool::ALL
        .iter()
        .map(|tool| (Tool::Reads(*tool), tool.word()));
    for (tool, name) in reads.chain(acts) {
        for (list, of) in [
            ("allow", both.map(|c| &c.allow)),
            ("deny", both.map(|c| &c.deny)),
            ("requires_approval", both.map(|c| &c.requires_approval)),
        ] {
            found.compare(
                &format!("`{name}` in `{list}`"),
                of.map(|list| lines_of(list, tool)),
            );
        }
    }
    let fields = both.map(|c| listed(c.outputs.required_fields.iter()));
    found.compare("what a verdict must hold", fields);
    let characters = both.map(|c| c.outputs.max_chars_sent_to_model);
    found.compare("characters shown to a model", characters);
    let taken_out = both.map(|c| listed(c.outputs.dlp_rules.iter()));
    found.compare("what is taken out of texts", taken_out);
    limits(found, both);
    found.compare(
        "blocked categories",
        both.map(|c| listed(c.block_categories.iter())),
    );
    let quarantine = both.map(|c| {
        listed(c.quarantine.iter().map(|q| match q {
            Quarantined::Model(name) => name.clone(),
            Quarantined::Prompt(digest) => format!("the prompt {}", digest.short()),
        }))
    });
    found.compare("quarantine", quarantine);
}

fn limits(found: &mut Found, both: [&Contract; 2]) {
    let limits = both.map(|c| &c.limits);
    let overall = limits.map(|l| l.overall());
    found.compare(
        "writes per minute",
        overall.map(|l| l.rate_limit_per_minute),
    );
    found.compare(
        "effects under way at once",
        overall.map(|l| l.max_concurrency),
    );
    let calls = limits.map(|l| l.max_model_calls_per_ticket);
    found.compare("model calls per revision", calls);
    found.compare("seconds to undo", limits.map(|l| l.undo.0 / 1_000));
    let mut queues: Vec<&str> = limits.iter().flat_map(|l| l.queues()).collect();
    queues.sort_unstable();
    queues.dedup();
    for queue in queues {
        let own = limits.map(|l| l.of_queue(queue));
        let rate = own.map(|l| l.rate_limit_per_minute);
        found.compare(&format!("writes per minute of the queue {queue}"), rate);
        let at_once = own.map(|l| l.max_concurrency);
        found.compare(
            &format!("effects under way at once of the queue {queue}"),
            at_once,
        );
    }
}

fn tier_file(found: &mut Found, both: [&TierFile; 2]) {
    let file = file_of(both[0].action);
    found.compare(
        &format!("risk tags of {file}"),
        both.map(|f| listed(f.risk_tags.iter())),
    );
    found.compare(
        &format!("hard blocks of {file}"),
        both.map(|f| listed(f.hard_blocks.iter())),
    );
    let constraints = both.map(|f| {
        let lists = f.lists.iter().map(|list| {
            let code = list
                .currency
                .map(|c| c.code().to_owned())
                .unwrap_or_default();
            format!("{code} {}", listed(in_words(&list.constraints).iter()))
        });
        lists.collect::<Vec<_>>().join("; ")
    });
    found.compare(&format!("constraints of {file}"), constraints);
}

/// How a list names a tool, in words.
fn lines_of(list: &List, tool: Tool) -> String {
    let lines = list.0.iter().filter(|line| line.tool == tool);
    let said: Vec<String> = lines.map(|line| when(&line.when)).collect();
    if said.is_empty() {
        "not named".to_owned()
    } else {
        said.join("; or ")
    }
}

fn when(conditions: &[Condition]) -> String {
    let said = conditions.iter().map(|c| {
        let values: Vec<String> = c.values.iter().map(ToString::to_string).collect();
        let name = c.fact.word().replace('_', " ");
        format!("{name} {} {}", c.op.words(), values.join(", "))
    });
    let said: Vec<String> = said.collect();
    if said.is_empty() {
        "always".to_owned()
    } else {
        format!("when {}", said.join(" and "))
    }
}

/// Some words in an order of their own: the order of a list means nothing.
fn listed(words: impl Iterator<Item = impl ToString>) -> String {
    let mut words: Vec<String> = words.map(|word| word.to_string()).collect();
    words.sort();
    if words.is_empty() {
        "nothing".to_owned()
    } else {
        words.join(", ")
    }
}
