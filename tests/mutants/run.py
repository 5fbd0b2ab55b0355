#!/usr/bin/env python3
"""Mutates what decides, and names the mutants that no test catches.

The mutants are those of `cargo mutants` (`.cargo/mutants.toml` says of which files). One build for each of them would
take hours, so all of them go into one build, and a number in the environment says which one is awake. The domain leans
on nothing of the rest, so it is built as a package of its own, in `target/mutants/`.

    tests/mutants/run.py                      all of them, against docs/MUTATIONS.md
    tests/mutants/run.py case/gate.rs undo    only those whose name holds one of these words
"""

import json
import os
import re
import resource
import shutil
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ALONE = ROOT / "target" / "mutants"
RECORD = ROOT / "docs" / "MUTATIONS.md"
PROGRAMS = ["domain", "policy"]
PARTS = ["src/domain", "tests/domain", "tests/policy", "tests/support/shipped.rs", "manifests"]
# What the domain and its tests name of the dependencies.
NEEDED = """base64 hex hmac jiff proptest regex schemars serde serde_json serde_json_canonicalizer sha2 subtle
    unicode-normalization""".split()
# A loop without an end is caught by the seconds of processor time that it takes.
MOST_SECONDS = 60
JOBS = 3
# The tests of which one most likely goes red, by the file that is mutated.
NEAR = {
    "gate": ["gate"],
    "clicks": ["refus", "requests", "acting"],
    "standing": ["refus", "edges"],
    "open": ["told", "refus", "acting"],
    "undo": ["acting", "refus"],
    "edits": ["edits"],
    "asking": ["flow", "escalations", "linking"],
    "outcomes": ["acting", "gate_answers", "escalations"],
    "deadlines": ["escalations", "housekeeping", "acting"],
    "evidence": ["gathering", "linking"],
    "drafting": ["flow", "same_money", "succession"],
    "work": ["escalations", "refus", "linking"],
    "succession": ["succession", "same_money", "housekeeping"],
    "link": ["linking", "unlinked", "edges"],
}

LIBRARY = """
pub mod domain;
pub mod awake {
    /// The number of the mutant that is awake; 0 where none is.
    #[must_use]
    pub fn number() -> u32 {
        static NUMBER: std::sync::OnceLock<u32> = std::sync::OnceLock::new();
        *NUMBER.get_or_init(|| std::env::var("MUTANT").ok().and_then(|n| n.parse().ok()).unwrap_or(0))
    }
}
"""


def lay_out():
    """The same files and versions as a package of the domain alone. What did not change keeps its build."""
    for part in PARTS:
        source, target = ROOT / part, ALONE / part
        if source.is_dir():
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(source, target)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    manifest = (ROOT / "Cargo.toml").read_text()
    package = re.search(r"\[package\]\n(.*\n)*?rust-version.*\n", manifest).group(0)
    needed = [re.search(rf"^{name} = .*\n", manifest, re.M).group(0) for name in NEEDED]
    profile = '[profile.dev]\ndebug = false\n[profile.dev.package."*"]\nopt-level = 1\n'
    (ALONE / "Cargo.toml").write_text(
        f"{package}[lib]\ndoctest = false\n[dependencies]\n{''.join(needed)}{profile}[workspace]\n"
    )
    shutil.copy2(ROOT / "Cargo.lock", ALONE / "Cargo.lock")
    (ALONE / ".cargo").mkdir(exist_ok=True)
    shutil.copy2(ROOT / ".cargo/mutants.toml", ALONE / ".cargo/mutants.toml")
    (ALONE / "src/lib.rs").write_text(LIBRARY)


def listed():
    """The mutants, as `cargo mutants` lists them. Their names hold the line and the column."""
    done = subprocess.run(
        ["cargo", "mutants", "--list", "--json"], cwd=ALONE, check=True, capture_output=True, text=True
    )
    mutants = json.loads(done.stdout)
    for number, mutant in enumerate(mutants, 1):
        mutant["number"] = number
    return mutants


class Text:
    """A source text whose places are lines and columns, as the list of mutants has them."""

    def __init__(self, path):
        self.text = path.read_text()
        self.begins = [0]
        for line in self.text.splitlines(keepends=True):
            self.begins.append(self.begins[-1] + len(line))

    def place(self, at):
        return self.begins[at["line"] - 1] + at["column"] - 1

    def span(self, of):
        return self.place(of["start"]), self.place(of["end"])

    def body(self, begin, end):
        """Where the body of a function begins and ends, braces excluded: the first brace outside of its arguments."""
        depth, at = 0, begin
        while at < end:
            rest = self.text[at:end]
            skipped = re.match(r"//[^\n]*|\"(\\.|[^\"\\])*\"", rest)
            if skipped:
                at += skipped.end()
                continue
            depth += (rest[0] in "([") - (rest[0] in ")]")
            if rest[0] == "{" and depth == 0:
                return at + 1, self.text.rindex("}", 0, end)
            at += 1
        raise ValueError("a function without a body")


def outermost(functions):
    """Functions inside others are mutated as parts of those."""
    kept = []
    for begin, end in sorted(set(functions), key=lambda span: (span[0], -span[1])):
        if not kept or begin >= kept[-1][1]:
            kept.append((begin, end))
    return kept


def woven(path, mutants):
    """The text of a file in which each function asks which mutant is awake; and the lines of each mutant in it."""
    source = Text(path)
    spans = [(source.span(one["function"]["span"]), one) for one in mutants]
    out, done, lines = [], 0, {}
    for begin, end in outermost(span for span, _ in spans):
        first, last = source.body(begin, end)
        arms = []
        for (inside, _), one in spans:
            if begin <= inside < end:
                at, until = source.span(one["span"])
                mutated = source.text[first:at] + " " + one["replacement"] + " " + source.text[until:last]
                arms.append((one["number"], mutated))
        head = re.sub(r"\bconst (fn\b)", r"\1", source.text[done:first])
        out.append(head + " match crate::awake::number() {\n")
        for number, mutated in arms:
            starts = sum(part.count("\n") for part in out) + 1
            out.append(f"{number} => {{{mutated}}}\n")
            lines[number] = (starts, starts + mutated.count("\n"))
        out.append(f"_ => {{{source.text[first:last]}}}\n}}")
        done = last
    out.append(source.text[done:])
    return "".join(out), lines


def build(mutants):
    """One build of all the mutants. Those that the compiler refuses are left out, and counted as such."""
    refused = []
    originals = {one["file"]: (ROOT / one["file"]) for one in mutants}
    while True:
        lines = {}
        for name, path in originals.items():
            those = [one for one in mutants if one["file"] == name]
            text, of_file = woven(path, those)
            (ALONE / name).write_text(text)
            lines[name] = of_file
        command = ["cargo", "test", "--no-run", "--message-format=json"]
        command += [word for program in PROGRAMS for word in ("--test", program)]
        environment = {**os.environ, "RUSTFLAGS": "--cap-lints allow"}
        done = subprocess.run(command, cwd=ALONE, env=environment, stdout=subprocess.PIPE, text=True)
        messages = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        if done.returncode == 0:
            built = {m["target"]["name"]: m["executable"] for m in messages if m.get("executable")}
            programs = [built[program] for program in PROGRAMS]
            return programs, mutants, refused
        bad = set()
        for message in messages:
            for span in (message.get("message") or {}).get("spans", []):
                for number, (begin, end) in lines.get(span["file_name"], {}).items():
                    if span["is_primary"] and begin <= span["line_start"] <= end:
                        bad.add(number)
        if not bad:
            raise SystemExit("The mutants do not build, and not because of any one of them; see above.")
        refused += [one for one in mutants if one["number"] in bad]
        mutants = [one for one in mutants if one["number"] not in bad]


def bounded():
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))


def catches(programs, one):
    """Which tests go red first: those that are about the file, then all that are about one thing, then the walks."""
    environment = {**os.environ, "MUTANT": str(one["number"]), "PROPTEST_RNG_SEED": "1", "COUNTERSIGN_WALK": "short"}
    domain, policy = programs
    walks = ["walk::", "every_"]
    but_walks = [word for walk in walks for word in ("--skip", walk)]
    stem = Path(one["file"]).stem
    near = [(domain, ["--skip", "every_", *NEAR[stem]])] if stem in NEAR else []
    for program, words in [*near, (domain, but_walks), (policy, []), (domain, walks)]:
        done = subprocess.run(
            [program, *words], cwd=ALONE, env=environment, capture_output=True, text=True, preexec_fn=bounded
        )
        if done.returncode != 0:
            return re.findall(r"^test (\S+) \.\.\. FAILED$", done.stdout, re.M) or ["(it never ended)"]
    return []


def unplaced(name):
    """A mutant without its line and column, which change with every edit of the file."""
    return re.sub(r":\d+:\d+:", ":", name)


def recorded():
    """The mutants that change nothing, as the record has them: one line for each, with the reason."""
    return Counter(re.findall(r"^- `(src/[^`]+)`", RECORD.read_text(), re.M))


def main():
    words = sys.argv[1:]
    lay_out()
    mutants = [one for one in listed() if not words or any(word in one["name"] for word in words)]
    # Two bodies of one function cannot both be the iterator that it does not name.
    opaque = [one for one in mutants if "impl " in one["function"]["return_type"]]
    programs, mutants, refused = build([one for one in mutants if one not in opaque])
    print(f"{len(mutants)} mutants in one build; {len(refused)} do not compile, {len(opaque)} are left out", flush=True)
    if catches(programs, {"number": 0, "file": ""}):
        raise SystemExit("The tests fail without any mutant: cargo test --test domain --test policy")
    known, missed = recorded(), []
    with ThreadPoolExecutor(max_workers=JOBS) as pool:
        for one, tests in zip(mutants, pool.map(lambda one: catches(programs, one), mutants)):
            if not tests:
                missed.append(one["name"])
                print(f"{'equivalent' if known[unplaced(one['name'])] else 'MISSED'} {one['name']}", flush=True)
    new = Counter(map(unplaced, missed)) - known
    print(f"{len(mutants)} mutants: {len(mutants) - len(missed)} caught, {len(missed)} not, {new.total()} of them new")
    if new:
        raise SystemExit("Write a test for each, or a line with the reason in docs/MUTATIONS.md: " + "; ".join(new))


if __name__ == "__main__":
    main()
