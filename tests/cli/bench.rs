//! A folder with the shipped manifests, and the built program run in it with a cleared environment.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use countersign::sandbox::{Sandbox, SandboxConfig, TOKEN};
use serde_json::{Value, json};

use crate::folder::Folder;

/// What a run left: its exit code and what it wrote.
pub struct Left {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Left {
    /// Fails unless the exit code is this; shows everything that was written.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        let Self { out, err, .. } = &self;
        assert_eq!(self.code, code, "output:\n{out}\nerrors:\n{err}");
        self
    }

    /// Fails unless the output holds these words.
    #[track_caller]
    pub fn says(self, words: &str) -> Self {
        assert!(self.out.contains(words), "no `{words}` in:\n{}", self.out);
        self
    }

    /// Fails unless the errors hold these words.
    #[track_caller]
    pub fn complains(self, words: &str) -> Self {
        assert!(self.err.contains(words), "no `{words}` in:\n{}", self.err);
        self
    }
}

/// A folder of its own.
pub struct Bench {
    folder: Folder,
    environment: Vec<(String, String)>,
}

impl Bench {
    /// A folder with the shipped manifests and the example tickets.
    pub fn new() -> Self {
        let folder = Folder::make();
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR"));
        for part in ["manifests", "examples"] {
            copy(&shipped.join(part), &folder.path().join(part));
        }
        Self {
            folder,
            environment: vec![],
        }
    }

    /// Sets a variable for every run that follows.
    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// Points the manifests at a local workspace, and sets its secrets. The server takes any port that is free.
    pub fn point_at(&mut self, sandbox: &Sandbox) {
        self.change("manifests/workspace.json", |doc| {
            doc["listen"] = json!("127.0.0.1:0");
            doc["slack"]["api_url"] = json!(sandbox.slack_api_url());
            doc["connectors"][0]["base_url"] = json!(sandbox.stripe_url());
            doc["desks"][0]["url"] = json!(sandbox.desk_url());
        });
        let secrets = SandboxConfig::default();
        self.set("COUNTERSIGN_SLACK_SIGNING_SECRET", &secrets.signing_secret);
        self.set("COUNTERSIGN_SLACK_BOT_TOKEN", TOKEN);
        self.set("COUNTERSIGN_INTAKE_SECRET", &secrets.intake_secret);
        self.set("COUNTERSIGN_DESK_SECRET", &secrets.desk_secret);
        self.set("COUNTERSIGN_STRIPE_KEY", "rk_sandbox");
    }

    pub fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    pub fn write(&self, below: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path(below), bytes).unwrap();
    }

    pub fn json(&self, below: &str) -> Value {
        let bytes = std::fs::read(self.path(below)).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    /// Copies a folder beside another.
    pub fn copy(&self, from: &str, to: &str) {
        copy(&self.path(from), &self.path(to));
    }

    /// Changes a JSON file.
    pub fn change(&self, below: &str, change: impl FnOnce(&mut Value)) {
        let mut value = self.json(below);
        change(&mut value);
        self.write(below, serde_json::to_vec_pretty(&value).unwrap());
    }

    /// Runs the program to its end, with nothing on its keyboard.
    pub fn run(&self, arguments: &[&str]) -> Left {
        self.typing(arguments, "")
    }

    /// Runs the program to its end, with these words typed.
    pub fn typing(&self, arguments: &[&str], typed: &str) -> Left {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        // A program that ends before it reads closes the pipe, which is no failure of the test.
        drop(child.stdin.take().unwrap().write_all(typed.as_bytes()));
        let output = child.wait_with_output().unwrap();
        Left {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs the program while nobody reads what it prints.
    pub fn run_unread(&self, arguments: &[&str]) -> Left {
        let mut command = self.command(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        Left {
            code: output.status.code().unwrap_or(-1),
            out: String::new(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Starts a program that goes on, and waits for the line that holds `words`.
    pub fn start(&self, arguments: &[&str], words: &str) -> Running {
        self.started(self.command(arguments), words)
    }

    /// The same, for a program that ignores a signal from its first moment.
    pub fn start_deaf_to(&self, signal: &str, arguments: &[&str], words: &str) -> Running {
        let mut command = Command::new("sh");
        let script = format!("trap '' {signal}; exec \"$0\" \"$@\"");
        command
            .args(["-c", &script, env!("CARGO_BIN_EXE_countersign")])
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .envs(self.environment.iter().cloned());
        self.started(command, words)
    }

    fn started(&self, mut command: Command, words: &str) -> Running {
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let errors = std::fs::File::create(self.path("errors.txt")).unwrap();
        let mut child = command.stderr(errors).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.find_map(|line| line.ok().filter(|line| line.contains(words)));
        let Some(line) = line else {
            drop(child.kill());
            let errors = std::fs::read_to_string(self.path("errors.txt")).unwrap_or_default();
            panic!("the program ended without saying `{words}`:\n{errors}");
        };
        // The pipe is read to its end, so that the program never waits for somebody to listen.
        let rest = std::thread::spawn(move || lines.map_while(Result::ok).collect());
        Running {
            child,
            line,
            rest: Some(rest),
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .envs(self.environment.iter().cloned());
        command
    }
}

/// A program that goes on until it is ended, or until this is dropped.
pub struct Running {
    child: Child,
    line: String,
    rest: Option<std::thread::JoinHandle<Vec<String>>>,
}

impl Running {
    /// The address in the line that was waited for.
    pub fn address(&self) -> String {
        let from = self.line.find("http://").unwrap();
        let address = self.line[from..].split_whitespace().next().unwrap();
        address.trim_end_matches(['/', '.']).to_owned()
    }

    /// The id of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it politely, and gives its exit code and the rest of what it said.
    pub fn terminate(mut self) -> (Option<i32>, Vec<String>) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &id]).status().unwrap();
        assert!(sent.success());
        let code = self.child.wait().unwrap().code();
        (code, self.rest.take().unwrap().join().unwrap())
    }

    /// Ends it as a power cut does.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let below = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &below);
        } else {
            std::fs::copy(entry.path(), below).unwrap();
        }
    }
}
