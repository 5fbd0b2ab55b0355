# Shortcuts for people. What is behind each is in `.ci/run` too, which does not need `just`.

# The recipes, with what they do.
default:
    @just --list

# Everything on this machine, no keys: prints one address to open in a browser.
demo *args:
    cargo run -- demo {{args}}

# All tests. Those on PostgreSQL skip themselves where it is not installed.
test *args:
    cargo test {{args}}

# Ends the real server by `kill -9` two hundred times under load, on each database.
kills rounds="200":
    COUNTERSIGN_KILL_ROUNDS={{rounds}} cargo test --test cli -- --nocapture kills

# Plays the main stories with a crash at every commit and every call to the outside, on both databases. Takes an hour.
crashes:
    COUNTERSIGN_EVERY_CRASH=1 cargo test --test stories -- --nocapture crashes::

# All that CI runs, in CI's order.
check:
    .ci/run

# Parts: clicks flow reads fold audit process. It wants a quiet machine, and some gigabytes in the temporary folder.

# The numbers of docs/PERFORMANCE.md, measured here and written there: all parts, or those that are named.
bench *parts:
    cargo bench --bench numbers -- {{parts}}

# Formats the code.
fmt:
    cargo fmt

# Writes the JSON Schemas of `manifests/schema/` anew. `cargo test` checks that they are current.
schemas:
    cargo run -- policy schema

# Every state of a case and of the board, as far as each walk goes (docs/WALK.md has how far). Optimised, in a build of its own; `cargo
# test` goes a shorter way.
walk:
    COUNTERSIGN_WALK=deep CARGO_PROFILE_DEV_OPT_LEVEL=1 CARGO_TARGET_DIR=target/walk cargo test --test domain every_ -- --nocapture

# Needs cargo-mutants. With words, only the mutants whose names hold one of them. It can be stopped and goes on where it was.
# The record is docs/MUTATIONS.md.

# Changes the code that decides in every way that `cargo mutants` knows, and says which changes no test notices.
mutants *words:
    python3 tests/mutants/run.py {{words}}

# Bans, licences and sources of the dependencies.
deny:
    cargo deny check bans licenses sources

# Pictures of the real cards for the README, taken from the running demonstration. Needs chromium and chromium-driver.
pictures:
    python3 tests/browser/pictures.py

# A person at the page, in a real browser. Needs chromium and chromium-driver.
browser:
    python3 tests/browser/clicks.py

# Throws made-up input at one reader of `fuzz/`: `just fuzz redaction 300`. Needs cargo-fuzz; see fuzz/README.md.
fuzz reader seconds="0":
    cp Cargo.lock fuzz/Cargo.lock
    mkdir -p fuzz/corpus/{{reader}}
    RUSTC_BOOTSTRAP=1 cargo fuzz run --sanitizer none {{reader}} fuzz/corpus/{{reader}} fuzz/seeds/{{reader}} -- -max_total_time={{seconds}} -timeout=10 -rss_limit_mb=1024 -max_len=65536

# The checks by other programs than ours.
conformance: browser

# Writes the journal of a version that is about to be released, and what it folds to.
journal version:
    COUNTERSIGN_WRITE_JOURNAL={{version}} cargo test --test stories -- --ignored the_journal_of_a_release_is_written
    COUNTERSIGN_WRITE_JOURNAL={{version}} cargo test --test store a_journal_of_every_released_version_still_folds
