//! What a power cut leaves of a database: the recorded writes and syncs, played back up to a moment.

use std::collections::BTreeMap;
use std::path::Path;

/// The unit in which a disk keeps or loses what was not synced, in bytes.
const SECTOR: usize = 512;

/// What one recorded step did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Write,
    Truncate,
    Sync,
    Unlink,
}

/// A recorded step. The folder has an empty name.
struct Step<'a> {
    kind: Kind,
    file: &'a str,
    offset: usize,
    bytes: &'a [u8],
    /// Where its line begins in the record.
    at: u64,
}

/// Which syncs count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Syncs {
    /// Those that happened.
    All,
    /// Those that SQLite makes with `synchronous=NORMAL`: of the log only the one before it is copied.
    BeforeCopying,
    /// None, as with `synchronous=OFF`.
    None,
}

/// What becomes of writes that no sync followed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unsynced {
    /// They are gone.
    Gone,
    /// Each sector of them is there or not, by a coin that this number seeds.
    Tossed(u64),
}

/// What a program wrote and synced, in order.
pub struct Record<'a>(Vec<Step<'a>>);

impl<'a> Record<'a> {
    /// Reads a record. A last line that was cut off is left out: its step did not return to the program.
    pub fn read(mut bytes: &'a [u8]) -> Self {
        let whole = bytes.len();
        let mut steps = vec![];
        while let Some((step, rest)) = step(bytes, (whole - bytes.len()) as u64) {
            steps.push(step);
            bytes = rest;
        }
        Self(steps)
    }

    /// How many syncs of the log it holds.
    pub fn syncs_of_the_log(&self) -> usize {
        let of_log = |step: &&Step| step.kind == Kind::Sync && step.file.ends_with("-wal");
        self.0.iter().filter(of_log).count()
    }

    /// Writes into a folder what is left of the files when the power fails at a place of the record.
    pub fn left_at(&self, place: u64, syncs: Syncs, unsynced: Unsynced, folder: &Path) {
        let mut disk = Disk::default();
        for (number, step) in self.0.iter().enumerate() {
            if step.at >= place {
                break;
            }
            if step.kind != Kind::Sync || self.counts(number, syncs) {
                disk.take(step);
            }
        }
        disk.fail(unsynced, folder);
    }

    fn counts(&self, number: usize, syncs: Syncs) -> bool {
        let of_log = self.0[number].file.ends_with("-wal");
        match syncs {
            Syncs::All => true,
            Syncs::None => false,
            Syncs::BeforeCopying => {
                let mut later = self.0[number..].iter();
                let next = later.find(|step| step.kind == Kind::Write);
                !of_log || next.is_some_and(|step| !step.file.ends_with("-wal"))
            }
        }
    }
}

fn step(bytes: &[u8], at: u64) -> Option<(Step<'_>, &[u8])> {
    let (head, rest) = bytes.split_at_checked(18)?;
    let number = |from: usize| u64::from_le_bytes(head[from..from + 8].try_into().unwrap());
    let (kind, bytes_follow) = match head[0] {
        b'W' => (Kind::Write, true),
        b'T' => (Kind::Truncate, false),
        b'S' => (Kind::Sync, false),
        b'U' => (Kind::Unlink, false),
        other => panic!("{other} is no kind of step"),
    };
    let (file, rest) = rest.split_at_checked(head[1].into())?;
    let length = if bytes_follow { number(10) } else { 0 };
    let (bytes, rest) = rest.split_at_checked(usize::try_from(length).unwrap())?;
    let file = std::str::from_utf8(file).unwrap();
    let offset = usize::try_from(number(2)).unwrap();
    let step = Step {
        kind,
        file,
        offset,
        bytes,
        at,
    };
    Some((step, rest))
}

/// One file: what would be there after a power cut, and what was done to it since.
#[derive(Default)]
struct OnDisk<'a> {
    safe: Vec<u8>,
    since: Vec<(Kind, usize, &'a [u8])>,
    /// Whether the folder has been synced since the file was made: before that, its name may be lost.
    named: bool,
}

impl OnDisk<'_> {
    fn settle(&mut self, mut keeps: impl FnMut() -> bool) {
        for (kind, offset, bytes) in std::mem::take(&mut self.since) {
            if kind == Kind::Truncate {
                if keeps() {
                    self.safe.resize(offset, 0);
                }
                continue;
            }
            for (number, sector) in bytes.chunks(SECTOR).enumerate() {
                if keeps() {
                    let from = offset + number * SECTOR;
                    let to = from + sector.len();
                    if self.safe.len() < to {
                        self.safe.resize(to, 0);
                    }
                    self.safe[from..to].copy_from_slice(sector);
                }
            }
        }
    }
}

#[derive(Default)]
struct Disk<'a>(BTreeMap<&'a str, OnDisk<'a>>);

impl<'a> Disk<'a> {
    fn take(&mut self, step: &Step<'a>) {
        match (step.kind, step.file) {
            (Kind::Sync, "") => {
                for file in self.0.values_mut() {
                    file.named = true;
                }
            }
            (Kind::Sync, file) => self.0.entry(file).or_default().settle(|| true),
            (Kind::Unlink, file) => drop(self.0.remove(file)),
            (kind, file) => {
                let file = self.0.entry(file).or_default();
                file.since.push((kind, step.offset, step.bytes));
            }
        }
    }

    fn fail(mut self, unsynced: Unsynced, folder: &Path) {
        let mut coin = match unsynced {
            Unsynced::Gone => None,
            Unsynced::Tossed(seed) => Some(seed | 1),
        };
        for (name, file) in &mut self.0 {
            file.settle(|| coin.as_mut().is_some_and(heads));
            if file.named || coin.is_some() {
                std::fs::write(folder.join(name), &file.safe).unwrap();
            }
        }
    }
}

/// Tosses a coin (xorshift, so that a seed always gives the same tosses).
fn heads(state: &mut u64) -> bool {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state & 0x1_0000 != 0
}
