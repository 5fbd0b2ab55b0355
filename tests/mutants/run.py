#!/usr/bin/env python3
"""Mutates what decides, and names the mutants that no test catches.

The mutants are those of `cargo mutants` (`.cargo/mutants.toml` says of which files). One build for each of them would
take hours, so all of them go into one build, and a number in the environment says which one is awake. The domain leans
on nothing of the rest, so it is built as a package of its own, in `target/mutants/`. What the compiler refuses in that
build is compiled once more by itself: it can be no code at all, and is counted as such, or it is built and woken alone.

    tests/mutants/run.py                      all of them, against docs/MUTATIONS.md
    tests/mutants/run.py case/gate.rs undo    only those whose name holds one of these words

It can be stopped at any time. What was found is in `COUNTERSIGN_MUTANTS_FOUND` (`target/mutants.jsonl`), one line for
each mutant, and holds until the mutated file changes; what no test noticed is tried again once anything has changed.
"""

import hashlib
import json
import os
import re
import resource
import shutil
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ALONE = ROOT / "target" / "mutants"
SINGLE = ROOT / "target" / "mutant"
FOUND = Path(os.environ.get("COUNTERSIGN_MUTANTS_FOUND", ROOT / "target" / "mutants.jsonl"))
RECORD = ROOT / "docs" / "MUTATIONS.md"
PROGRAMS = ["domain", "policy"]
PARTS = ["src/domain", "tests/domain", "tests/policy", "tests/support/shipped.rs", "tests/support/schema_fields.rs", "manifests", "docs/WALK.md"]
# Tests that need other rooms than the domain.
LEFT_OUT = {
    "tests/policy/schemas.rs": ("tests/policy/main.rs", "mod schemas;\n"),
    "tests/policy/fields/mod.rs": ("tests/policy/main.rs", "mod fields;\n"),
}
# What the domain and its tests name of the dependencies.
NEEDED = """base64 hex hmac jiff proptest regex schemars serde serde_json serde_json_canonicalizer sha2 subtle
    unicode-normalization""".split()
# A loop without an end is caught by the seconds of processor time that it takes.
MOST_SECONDS = 60
QUIET = subprocess.DEVNULL
JOBS = int(os.environ.get("COUNTERSIGN_MUTANTS_JOBS", "2"))
# The tests of which one most likely goes red, by the file that is mutated.
NEAR = {
    "decide": ["board"],
    "mod": ["flow", "refus", "escalations", "housekeeping"],
    "judge": ["flow", "gate", "edits", "linking"],
    "subject": ["subject"],
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


class Found:
    """What came of each mutant, in a file that outlives a run that is stopped."""

    def __init__(self):
        self.lines = {}
        if FOUND.exists():
            for line in FOUND.read_text().splitlines():
                one = json.loads(line)
                self.lines[one["mutant"]] = one
        digest = hashlib.sha256()
        for part in PARTS:
            paths = [ROOT / part] if (ROOT / part).is_file() else sorted((ROOT / part).rglob("*"))
            for path in paths:
                if path.is_file():
                    digest.update(path.read_bytes())
        self.all = digest.hexdigest()[:16]

    def of(self, one):
        """`caught`, `missed` or `unviable` (the compiler refuses it); nothing if it is not known."""
        line = self.lines.get(one["name"])
        if not line or line["file"] != digest_of(one["file"]):
            return None
        return line["came"] if line["came"] != "missed" or line["all"] == self.all else None

    def keep(self, one, came, by=()):
        line = {"mutant": one["name"], "file": digest_of(one["file"]), "all": self.all, "came": came, "by": list(by)[:3]}
        self.lines[one["name"]] = line
        FOUND.parent.mkdir(parents=True, exist_ok=True)
        with FOUND.open("a") as file:
            file.write(json.dumps(line) + "\n")


@cache
def digest_of(file):
    return hashlib.sha256((ROOT / file).read_bytes()).hexdigest()[:16]


def lay_out(folder):
    """The same files and versions as a package of the domain alone. What did not change keeps its build."""
    for part in PARTS:
        source, target = ROOT / part, folder / part
        if source.is_dir():
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(source, target)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    for gone, (names_it, line) in LEFT_OUT.items():
        (folder / gone).unlink()
        text = (folder / names_it).read_text()
        (folder / names_it).write_text(text.replace(line, ""))
        shutil.copystat(ROOT / names_it, folder / names_it)
    manifest = (ROOT / "Cargo.toml").read_text()
    package = re.search(r"\[package\]\n(.*\n)*?rust-version.*\n", manifest).group(0)
    needed = [re.search(rf"^{name} = .*\n", manifest, re.M).group(0) for name in NEEDED]
    profile = '[profile.dev]\ndebug = false\n[profile.dev.package."*"]\nopt-level = 1\n'
    # A name of its own keeps what is built in one folder apart from what is built in the other.
    package = package.replace('name = "countersign"', f'name = "countersign-{folder.name}"')
    library = '[lib]\nname = "countersign"\ndoctest = false\n'
    needs = f"[dependencies]\n{''.join(needed)}"
    (folder / "Cargo.toml").write_text(f"{package}{library}{needs}{profile}[workspace]\n")
    shutil.copy2(ROOT / "Cargo.lock", folder / "Cargo.lock")
    (folder / ".cargo").mkdir(exist_ok=True)
    shutil.copy2(ROOT / ".cargo/mutants.toml", folder / ".cargo/mutants.toml")
    (folder / "src/lib.rs").write_text(LIBRARY)


def listed():
    """The mutants, as `cargo mutants` lists them. Their names hold the line and the column."""
    done = subprocess.run(
        ["cargo", "mutants", "--list", "--json"], cwd=SINGLE, check=True, capture_output=True, text=True
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


def cargo(folder, *words):
    """Cargo's messages, and whether it was content."""
    environment = {**os.environ, "RUSTFLAGS": "--cap-lints allow", "CARGO_TARGET_DIR": str(ALONE / "target")}
    command = ["cargo", *words, "--message-format=json"]
    done = subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=QUIET, text=True)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")], done.returncode == 0


def programs_of(folder):
    """The two test programs of a package, or the compiler's messages."""
    wanted = [word for program in PROGRAMS for word in ("--test", program)]
    messages, content = cargo(folder, "test", "--no-run", *wanted)
    built = {m["target"]["name"]: m["executable"] for m in messages if m.get("executable")}
    return [built[program] for program in PROGRAMS] if content else None, messages


def errors_of(messages, lines):
    """The compiler's errors by the mutant in whose lines they are, as their codes."""
    errors = {}
    for message in messages:
        inner = message.get("message") or {}
        code = (inner.get("code") or {}).get("code")
        for span in inner.get("spans", []):
            for number, (begin, end) in lines.get(span["file_name"], {}).items():
                if span["is_primary"] and begin <= span["line_start"] <= end:
                    errors.setdefault(number, set()).add(code or "syntax")
    return errors


def build(mutants, found):
    """One build of all the mutants but those that the compiler refuses there."""
    files = {one["file"] for one in mutants}
    mutants = [one for one in mutants if found.of(one) != "unviable"]
    while True:
        lines = {}
        for name in files:
            text, lines[name] = woven(ROOT / name, [one for one in mutants if one["file"] == name])
            place(name, text)
        programs, messages = programs_of(ALONE)
        if programs:
            return programs, mutants
        bad = errors_of(messages, lines)
        if not bad and not any(loosened(message, files) for message in messages):
            told = [m["message"]["rendered"] for m in messages if (m.get("message") or {}).get("level") == "error"]
            raise SystemExit("\n".join([*told[:3], "The mutants do not build, and not because of any one of them."]))
        for one in mutants:
            if one["number"] in bad:
                found.keep(one, "unviable", bad[one["number"]])
        mutants = [one for one in mutants if one["number"] not in bad]


def place(name, text):
    """Puts a woven file where it is built. What did not change keeps its age, and with it its build."""
    kept = ALONE / "woven" / name
    if not kept.exists() or kept.read_text() != text:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(text)
    shutil.copy2(kept, ALONE / name)


def loosened(message, woven_files):
    """Whether a constant function was in the way that calls a woven one, and is no constant function any more."""
    inner = message.get("message") or {}
    spans = [span for span in inner.get("spans", []) if span["is_primary"]]
    if (inner.get("code") or {}).get("code") != "E0015" or not spans or spans[0]["file_name"] in woven_files:
        return False
    path = ALONE / spans[0]["file_name"]
    lines = path.read_text().splitlines(keepends=True)
    for at in reversed(range(spans[0]["line_start"])):
        if "const fn " in lines[at]:
            lines[at] = lines[at].replace("const fn ", "fn ", 1)
            place(spans[0]["file_name"], "".join(lines))
            return True
    return False


def alone(one):
    """What comes of a mutant that is all that is changed."""
    source = Text(ROOT / one["file"])
    at, until = source.span(one["span"])
    path = SINGLE / one["file"]
    path.write_text(source.text[:at] + " " + one["replacement"] + " " + source.text[until:])
    try:
        messages, content = cargo(SINGLE, "check", "--lib")
        if not content:
            codes = [((m.get("message") or {}).get("code") or {}).get("code") for m in messages]
            return "unviable", sorted({code for code in codes if code and code.startswith("E")})
        programs, _ = programs_of(SINGLE)
        if not programs:
            raise SystemExit("The tests of the domain do not compile in a package of the domain alone.")
        tests = catches(programs, one)
        return ("caught" if tests else "missed"), tests
    finally:
        path.write_text(source.text)


def bounded():
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))


def first_red(program, words, environment):
    """The first test of a program that goes red; nothing if all of them hold."""
    command = [program, *words]
    running = subprocess.Popen(
        command, cwd=ALONE, env=environment, stdout=subprocess.PIPE, stderr=QUIET, text=True, preexec_fn=bounded
    )
    red = []
    for line in running.stdout:
        red = re.findall(r"^test (\S+) .*FAILED$", line)
        if red:
            running.kill()
            break
    running.stdout.close()
    return red or (["(it never ended)"] if running.wait() else [])


def catches(programs, one):
    """Which test goes red first: of those that are about the file, then of all but the walks, then of the walks."""
    environment = {**os.environ, "MUTANT": str(one["number"]), "PROPTEST_RNG_SEED": "1", "COUNTERSIGN_WALK": "short"}
    domain, policy = programs
    walks = ["walk::", "every_"]
    but_walks = [word for walk in walks for word in ("--skip", walk)]
    rounds = [(domain, but_walks), (policy, []), (domain, walks)]
    stem = Path(one["file"]).stem
    if "/policy/" in one["file"]:
        rounds.insert(0, (policy, ["--skip", "lint", "--skip", "differing"]))
    elif stem in NEAR:
        rounds.insert(0, (domain, ["--skip", "every_", *NEAR[stem]]))
    for program, words in rounds:
        red = first_red(program, words, environment)
        if red:
            return red
    return []


def unplaced(name):
    """A mutant without its line and column, which change with every edit of the file."""
    return re.sub(r":\d+:\d+:", ":", name)


def recorded():
    """The mutants that change nothing, as the record has them: one line for each, with the reason."""
    return Counter(re.findall(r"^- `(src/[^`]+)`", RECORD.read_text(), re.M))


def wake(mutants, found):
    """Wakes each of the mutants of which it is not known yet what comes of it."""
    programs, built = build(mutants, found)
    if catches(programs, {"number": 0, "file": ""}):
        raise SystemExit("The tests fail without any mutant: cargo test --test domain --test policy")
    waiting = [one for one in built if not found.of(one)]
    print(f"{len(built)} mutants in one build, {len(waiting)} of them to wake", flush=True)
    with ThreadPoolExecutor(max_workers=JOBS) as pool:
        for one, tests in zip(waiting, pool.map(lambda one: catches(programs, one), waiting)):
            found.keep(one, "caught" if tests else "missed", tests)
            if not tests:
                print(f"no test notices {one['name']}", flush=True)


def wake_alone(mutants, found):
    """Those that the one build had no place for, one build for each."""
    waiting = [one for one in mutants if found.of(one) is None]
    print(f"{len(waiting)} mutants are compiled alone", flush=True)
    for one in waiting:
        came, by = alone(one)
        found.keep(one, came, by)
        if came != "unviable":
            print(f"alone: {came} {one['name']}", flush=True)


def main():
    words = sys.argv[1:]
    found = Found()
    lay_out(ALONE)
    lay_out(SINGLE)
    mutants = [one for one in listed() if not words or any(word in one["name"] for word in words)]
    # Two bodies of one function cannot both be the iterator that it does not name.
    wake([one for one in mutants if "impl " not in one["function"]["return_type"]], found)
    wake_alone(mutants, found)
    came = Counter(found.of(one) for one in mutants)
    missed = [one["name"] for one in mutants if found.of(one) == "missed"]
    known = recorded()
    new = Counter(map(unplaced, missed)) - known
    equal = len(missed) - new.total()
    print(
        f"{len(mutants)} mutants: {came['caught']} caught, {equal} equivalent, {came['unviable']} are no code; "
        f"{new.total()} that no test notices"
    )
    if new:
        raise SystemExit("Write a test for each, or a line with the reason in docs/MUTATIONS.md: " + "; ".join(new))


if __name__ == "__main__":
    main()
