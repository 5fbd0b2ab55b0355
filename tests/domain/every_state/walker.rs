//! The walk itself: breadth first, each state once, and everything that is asked of every step.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use countersign::domain::case::event::CaseEvent;
use countersign::domain::case::refusal::RefusalCode;

use super::alphabet::{Said, Step, everything};
use super::checks::{CHECKS, Moment, OF_REFUSALS};
use super::key::{key, unordered};
use super::scopes::Scope;
use super::spot::{Came, Spot};
use super::words::words;

/// What a walk found.
#[derive(Default)]
pub struct Found {
    /// Every state: where it was come to from, and by which step.
    pub ways: Vec<Option<(usize, Step)>>,
    /// Every transition between two different states.
    pub leads: BTreeSet<(usize, usize)>,
    pub over: BTreeSet<usize>,
    /// States from which some step leads beyond the bounds.
    pub border: BTreeSet<usize>,
    pub transitions: usize,
    pub refusals: usize,
    pub compared: usize,
    /// Whether no state was left that was not walked on from.
    pub finished: bool,
    pub events: BTreeSet<String>,
    pub codes: BTreeSet<RefusalCode>,
    /// The words of the alphabet that were said.
    pub words: BTreeSet<&'static str>,
}

/// How far a walk goes.
#[derive(Clone, Copy)]
struct Reach {
    /// After how many states it is stopped.
    most: usize,
    /// Every how many steps that lead to an old state the alphabet is said there once more.
    every: usize,
}

/// `COUNTERSIGN_WALK=deep` goes to the end of every walk, `short` only a little way.
fn reach(whole: bool) -> Reach {
    let (most, every) = match std::env::var("COUNTERSIGN_WALK").as_deref() {
        Ok("short") => (250, 100),
        Ok("deep") => (1_000_000, 50),
        _ if whole => (1_000_000, 100),
        _ => (1_500, 100),
    };
    Reach { most, every }
}

pub struct Walker<'a> {
    scope: &'a Scope,
    found: Found,
    known: HashMap<String, usize>,
    /// What came of the alphabet in each state, as one number.
    answers: BTreeMap<usize, u64>,
    waiting: VecDeque<(usize, Spot)>,
    twins: Vec<(usize, Spot)>,
    reach: Reach,
    /// Whether nothing that is found counts any more.
    ended: bool,
}

impl Walker<'_> {
    pub fn walk(scope: &Scope) -> Found {
        Self::as_far_as(scope, reach(scope.whole))
    }

    /// Far enough to have said everything.
    pub fn a_little(scope: &Scope) -> Found {
        let (most, every) = (400, 1_000_000);
        Self::as_far_as(scope, Reach { most, every })
    }

    fn as_far_as(scope: &Scope, reach: Reach) -> Found {
        let mut walker = Walker {
            scope,
            found: Found::default(),
            known: HashMap::new(),
            answers: BTreeMap::new(),
            waiting: VecDeque::new(),
            twins: vec![],
            reach,
            ended: false,
        };
        let begin = scope.begin.clone();
        walker.meet(key(&begin), begin, None);
        while let Some((at, spot)) = walker.waiting.pop_front() {
            if walker.found.ways.len() > walker.reach.most {
                walker.waiting.push_front((at, spot));
                break;
            }
            if at > 0 && at % 20_000 == 0 {
                let waiting = walker.waiting.len();
                println!("{}: {at} states are done, {waiting} wait", scope.name);
            }
            let answer = walker.say_everything(at, &spot);
            walker.answers.insert(at, answer);
        }
        walker.found.finished = walker.waiting.is_empty();
        walker.compare();
        walker.found
    }

    /// Old states that were come to anew answer as they did the first time.
    fn compare(&mut self) {
        self.ended = true;
        for (at, twin) in std::mem::take(&mut self.twins) {
            let Some(first) = self.answers.get(&at).copied() else {
                continue;
            };
            let same = first == self.say_everything(at, &twin);
            assert!(same, "{}", self.differ(at, &twin));
            self.found.compared += 1;
        }
    }

    /// What two states that are held to be one answer differently.
    fn differ(&self, at: usize, twin: &Spot) -> String {
        let first = self.again(at);
        let (mine, twins) = (self.answers_of(&first), self.answers_of(twin));
        let only = |these: &BTreeSet<String>, those: &BTreeSet<String>| {
            let lines: Vec<_> = these.difference(those).take(3).cloned().collect();
            lines.join("\n  ")
        };
        format!(
            "{}: two states are held to be one:\n{}\nthe first only:\n  {}\nthe second only:\n  {}",
            self.scope.name,
            key(twin),
            only(&mine, &twins),
            only(&twins, &mine)
        )
    }

    /// A state as it was come to first.
    fn again(&self, at: usize) -> Spot {
        let Some((from, step)) = &self.found.ways[at] else {
            return self.scope.begin.clone();
        };
        let before = self.again(*from);
        before.step(&self.scope.around, step).after.into_owned()
    }

    fn answers_of(&self, spot: &Spot) -> BTreeSet<String> {
        let steps = everything(spot, self.scope).into_iter();
        let answers = steps.map(|step| {
            let came = spot.step(&self.scope.around, &step);
            let words: Vec<_> = came.events.iter().map(word).collect();
            let code = came.refusal.as_ref().map(|refusal| refusal.code);
            let to = code.is_none().then(|| unordered(&key(&came.after)));
            format!(
                "{} under {}: {words:?} {code:?} {to:?}",
                said(&step.said),
                step.policy
            )
        });
        answers.collect()
    }

    /// Says the whole alphabet in a state, checks what comes of it, and remembers where it leads. What came of it
    /// is one number, the same for two states that are held to be one.
    fn say_everything(&mut self, at: usize, spot: &Spot) -> u64 {
        let here = hash(&unordered(&key(spot)));
        let mut answers = BTreeSet::new();
        for step in everything(spot, self.scope) {
            let came = spot.step(&self.scope.around, &step);
            self.check(at, spot, &step, &came);
            self.found.words.extend(words(spot, &step, &came));
            let to = self.follow(at, &step, &came);
            let code = came.refusal.as_ref().map(|refusal| refusal.code);
            if to == Some(here) && matches!(step.said, Said::TimePasses(_)) {
                continue;
            }
            // Whether a hold is told again depends on its words only, and whether a card is, on its address only.
            let told = |word: &String| word != "Held" && word != "CardPosted";
            let words = came.events.iter().map(word).filter(told);
            let words: Vec<_> = words.collect();
            answers.insert(hash(&(said(&step.said), step.policy, code, words, to)));
        }
        hash(&answers)
    }

    /// The state that a step leads to, as a number. Where that is new and inside the bounds, it is walked on from.
    fn follow(&mut self, at: usize, step: &Step, came: &Came) -> Option<u64> {
        if came.refusal.is_some() && self.ended {
            return None;
        }
        if let Some(refusal) = &came.refusal {
            self.found.refusals += 1;
            self.found.codes.insert(refusal.code);
            return None;
        }
        let key = key(&came.after);
        let to = hash(&unordered(&key));
        if self.ended {
            return Some(to);
        }
        self.found.transitions += 1;
        self.found.events.extend(came.events.iter().map(word));
        if self.scope.most.bears(&came.after.case) {
            let to = self.meet(key, came.after.clone().into_owned(), Some((at, step)));
            self.found.leads.insert((at, to));
        } else {
            self.found.border.insert(at);
        }
        Some(to)
    }

    /// The number of a state, which is walked on from if it is new.
    fn meet(&mut self, key: String, spot: Spot, way: Option<(usize, &Step)>) -> usize {
        if let Some(at) = self.known.get(&key) {
            if self.found.transitions.is_multiple_of(self.reach.every) {
                self.twins.push((*at, spot));
            }
            return *at;
        }
        let at = self.found.ways.len();
        self.known.insert(key, at);
        self.found
            .ways
            .push(way.map(|(from, step)| (from, step.clone())));
        if spot.is_over() {
            self.found.over.insert(at);
        }
        self.waiting.push_back((at, spot));
        at
    }

    fn check(&self, at: usize, spot: &Spot, step: &Step, came: &Came) {
        let moment = Moment {
            around: &self.scope.around,
            before: spot,
            step,
            came,
        };
        let checks = if came.refusal.is_some() {
            OF_REFUSALS
        } else {
            CHECKS
        };
        for (name, holds) in checks {
            if let Err(why) = holds(&moment) {
                let path = self.path(at);
                panic!(
                    "{name}: {why}\nin the walk `{}`, after\n{path}{step:?}",
                    self.scope.name
                );
            }
        }
    }

    /// The shortest way to a state.
    fn path(&self, at: usize) -> String {
        match &self.found.ways[at] {
            None => String::new(),
            Some((from, step)) => format!("{}{step:?}\n", self.path(*from)),
        }
    }
}

/// The word of an event, as the journal has it.
fn word(event: &CaseEvent) -> String {
    let debug = format!("{event:?}");
    let end = debug.find([' ', '{']).unwrap_or(debug.len());
    debug[..end].to_owned()
}

/// The kind of a step, without what tells two people apart whom the rules do not.
fn said(said: &Said) -> String {
    match said {
        Said::TimePasses(_) => "time".into(),
        Said::Told(_) => "told".into(),
        Said::Clicked { odd, .. } => format!("clicked {odd:?}"),
        Said::Sent { phase, .. } => format!("sent {phase}"),
    }
}

fn hash(what: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}
