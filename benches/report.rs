//! The page that a run writes: the machine, and for each part a table with medians and spreads.

use std::fmt::Write as _;
use std::process::Command;

/// What was measured, as Markdown.
pub struct Report(String);

impl Report {
    /// Begins with nothing.
    pub fn begin() -> Self {
        Self(String::new())
    }

    /// A heading, and under it what the numbers mean.
    pub fn part(&mut self, title: &str, words: &str) {
        write!(self.0, "\n### {title}\n\n{words}\n").unwrap();
    }

    /// A table; the first row is the head.
    pub fn table(&mut self, rows: &[Vec<String>]) {
        let line = |row: &Vec<String>| format!("| {} |\n", row.join(" | "));
        self.0.push('\n');
        for (at, row) in rows.iter().enumerate() {
            self.0.push_str(&line(row));
            if at == 0 {
                self.0.push_str(&line(&vec!["---".to_owned(); row.len()]));
            }
        }
    }

    /// Prints it, and puts it where `docs/PERFORMANCE.md` has a place for this part.
    pub fn keep(self, part: &str) {
        let measured = format!("{}\n{}\n", self.0, machine());
        println!("{measured}");
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/PERFORMANCE.md");
        let page = std::fs::read_to_string(path).unwrap();
        let (begin, end) = (
            format!("<!-- {part} -->\n"),
            format!("<!-- end of {part} -->"),
        );
        let from = page
            .find(&begin)
            .expect("the page has a place for this part")
            + begin.len();
        let to = page.find(&end).expect("the page says where this part ends");
        std::fs::write(path, [&page[..from], &measured, &page[to..]].concat()).unwrap();
    }
}

/// The middle of some numbers, with the smallest and the largest.
pub struct Spread {
    /// The middle one.
    pub median: f64,
    least: f64,
    most: f64,
}

impl Spread {
    /// Of at least one number.
    pub fn of(numbers: impl IntoIterator<Item = f64>) -> Self {
        let mut all: Vec<f64> = numbers.into_iter().collect();
        all.sort_by(f64::total_cmp);
        Self {
            median: all[all.len() / 2],
            least: all[0],
            most: all[all.len() - 1],
        }
    }

    /// With as many digits after the point.
    pub fn digits(&self, digits: usize) -> String {
        let Self {
            median,
            least,
            most,
        } = self;
        format!("{median:.digits$} ({least:.digits$} to {most:.digits$})")
    }
}

/// Cells of a row.
pub fn cells(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

fn machine() -> String {
    let said = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output();
        let text = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
        text.unwrap_or_default()
    };
    let file = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let processor = file("/proc/cpuinfo");
    let processor = processor
        .lines()
        .find_map(|line| line.strip_prefix("model name"));
    let processor = processor.map_or("unknown", |name| name.trim_start_matches([' ', '\t', ':']));
    let memory = file("/proc/meminfo");
    let memory: u64 = memory
        .split_whitespace()
        .nth(1)
        .and_then(|kib| kib.parse().ok())
        .unwrap_or(0);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let load = file("/proc/loadavg");
    let load = load.split_whitespace().next().unwrap_or("?");
    let git = said("git", &["describe", "--always", "--dirty", "--abbrev=10"]);
    format!(
        "*{cores} cores of {processor}, {} GiB, {} {}; load {load}; {}; version {git}; {}.*",
        memory / 1024 / 1024,
        said("uname", &["-s"]),
        said("uname", &["-r"]),
        said("rustc", &["--version"]),
        said("date", &["-u", "+%Y-%m-%d"]),
    )
}
