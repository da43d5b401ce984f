//! Runs the built program without a terminal and keeps what it said. A program on a screen: see `terminal`.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// The program under test.
pub fn binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_smc"))
}

/// A person's account on a host: a home of its own and an environment that holds nothing by accident.
pub struct Account {
    home: tempfile::TempDir,
    env: Vec<(String, String)>,
}

/// What a finished program left behind.
#[derive(Debug)]
pub struct Ran {
    /// The exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// Standard output, which must be UTF-8.
    pub stdout: String,
    /// Standard error, which must be UTF-8.
    pub stderr: String,
    /// How long it took.
    pub took: Duration,
    what: String,
}

/// A fresh account whose `SMC_STORE` is `store`.
pub fn account(store: &str) -> Account {
    Account::fresh().with("SMC_STORE", store)
}

impl Account {
    /// A fresh account that knows of no store.
    pub fn fresh() -> Self {
        let home = tempfile::Builder::new().prefix("smc-home-").tempdir().expect("a home");
        Self { home, env: Vec::new() }
    }

    /// The same account with one more environment variable.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The store that it knows of.
    pub fn store(&self) -> &str {
        let store = self.env.iter().rev().find(|(name, _)| name == "SMC_STORE");
        store.map_or("", |(_, value)| value.as_str())
    }

    /// The home directory.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The whole environment that a program of this account sees.
    pub fn environment(&self) -> Vec<(OsString, OsString)> {
        let mut all: Vec<(OsString, OsString)> = vec![
            ("PATH".into(), std::env::var_os("PATH").unwrap_or_default()),
            ("HOME".into(), self.home().into()),
            ("LANG".into(), "C.UTF-8".into()),
            ("XDG_CONFIG_HOME".into(), self.home().join(".config").into()),
            ("XDG_DATA_HOME".into(), self.home().join(".local/share").into()),
            ("XDG_STATE_HOME".into(), self.home().join(".local/state").into()),
            ("XDG_CACHE_HOME".into(), self.home().join(".cache").into()),
        ];
        all.extend(self.env.iter().map(|(name, value)| (name.into(), value.into())));
        all
    }

    /// Runs `smc` with these arguments to its end.
    pub fn smc(&self, args: &[&str]) -> Ran {
        self.smc_with_input(args, "")
    }

    /// Runs `smc` with these arguments and this standard input to its end.
    pub fn smc_with_input(&self, args: &[&str], input: &str) -> Ran {
        let began = Instant::now();
        let mut child = self.spawn(args);
        let mut stdin = child.stdin.take().expect("stdin is a pipe");
        let input = input.to_owned();
        // A program that refuses early does not read: a broken pipe here is no fault of the test.
        let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
        let output = child.wait_with_output().expect("the program can be waited for");
        let _ = writer.join().expect("the writer does not panic");
        Ran {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
            took: began.elapsed(),
            what: format!("smc {}", args.join(" ")),
        }
    }

    /// Starts `smc` with all three streams as pipes: for programs that are killed, raced or followed.
    pub fn spawn(&self, args: &[&str]) -> std::process::Child {
        Command::new(binary())
            .args(args)
            .env_clear()
            .envs(self.environment())
            .current_dir(self.home())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the built program starts")
    }

    /// Writes a file into the home directory and says where it is.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.home().join(name);
        std::fs::write(&path, content).expect("the home directory takes a file");
        path
    }
}

impl Ran {
    /// The same run, if it ended with this exit code; fails the test with both streams otherwise.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(
            self.code,
            Some(code),
            "{} should have ended with {code}\nstdout: {}\nstderr: {}",
            self.what,
            self.stdout,
            self.stderr
        );
        self
    }

    /// Standard output as one JSON value.
    #[track_caller]
    pub fn json(&self) -> Value {
        parse(&self.what, &self.stdout)
    }

    /// Standard output as JSON lines.
    #[track_caller]
    pub fn json_lines(&self) -> Vec<Value> {
        self.stdout.lines().map(|line| parse(&self.what, line)).collect()
    }

    /// Standard error as one JSON value: what a refusal says with `--json`.
    #[track_caller]
    pub fn json_error(&self) -> Value {
        parse(&self.what, &self.stderr)
    }
}

#[track_caller]
fn parse(what: &str, text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|why| panic!("{what} wrote no JSON: {why}\n{text}"))
}
