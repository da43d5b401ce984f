//! Private PostgreSQL servers on loopback, and fresh databases in them. The machine's own server is not used.
//!
//! A server lives below a small shell that waits on a pipe from the test process. However the test process
//! ends, the pipe closes, and the shell stops the server and removes its files.
//!
//! Roles belong to the whole server. In the shared server the product's two NOLOGIN roles exist from the
//! start, and every database's owner may grant them; whoever tests their making takes [`Server::private`].

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};
use std::thread::sleep;
use std::time::{Duration, Instant};

mod database;

pub use database::Database;

const PATIENCE: Duration = Duration::from_secs(30);

/// $1 the server's directory, $2… the command that runs the server in the foreground.
const KEEPER: &str = r#"
trap '' INT TERM HUP
dir=$1; shift
start() { "$@" >>"$dir/log" 2>&1 </dev/null & pid=$!; }
start "$@"
while read -r word; do
    case $word in
    start) start "$@" ;;
    stop) kill -INT "$pid"; wait "$pid" ;;
    crash) kill -KILL "$pid"; wait "$pid" ;;
    esac 2>/dev/null
    echo "$word"
done
kill -QUIT "$pid" 2>/dev/null; wait "$pid" 2>/dev/null
rm -rf "$dir"
"#;

/// The longest text that goes as one argument: Linux takes 128 KiB.
const ARGUMENT: usize = 100 * 1024;

/// A running PostgreSQL server with trust authentication, for this test process alone.
pub struct Server {
    bin: PathBuf,
    dir: PathBuf,
    port: u16,
    roles_exist: bool,
    next: AtomicU32,
    keeper: Mutex<Keeper>,
}

struct Keeper {
    child: Child,
    ask: Option<ChildStdin>,
    answer: BufReader<ChildStdout>,
}

/// A database role that may log in, and how.
#[derive(Clone, Debug)]
pub struct Login {
    /// The role's name, which is the actor of what it writes.
    pub name: String,
    /// What `--store` takes to come in as this role.
    pub url: String,
}

/// The server that all tests of this process share; `None` only if `SMC_NO_POSTGRES` is set.
///
/// Fails the test when PostgreSQL is not installed: a test that passes without running proves nothing.
pub fn postgres() -> Option<&'static Server> {
    static SHARED: OnceLock<Option<Server>> = OnceLock::new();
    let shared = SHARED.get_or_init(|| {
        let mut server = Server::private()?;
        server.superuser_sql(
            "postgres",
            "CREATE ROLE smc_owner NOLOGIN; CREATE ROLE smc_console NOLOGIN;
             GRANT smc_console TO smc_owner WITH ADMIN OPTION",
        );
        server.roles_exist = true;
        Some(server)
    });
    if shared.is_none() {
        println!("skipped: SMC_NO_POSTGRES is set");
    }
    shared.as_ref()
}

impl Server {
    /// A server of the test's own, on which nobody has made a role yet; `None` if `SMC_NO_POSTGRES` is set.
    pub fn private() -> Option<Self> {
        if std::env::var_os("SMC_NO_POSTGRES").is_some_and(|value| !value.is_empty()) {
            return None;
        }
        let bin = programs();
        // Not TMPDIR: root's may be closed to the user that runs the server.
        let dir = tempfile::Builder::new()
            .prefix("smc-test-postgres-")
            .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o755))
            .tempdir_in("/tmp")
            .expect("a directory for the server")
            .keep();
        let data = dir.join("data");
        std::fs::create_dir(&data).expect("a data directory");
        if nix::unistd::geteuid().is_root() {
            let user = nix::unistd::User::from_name(UNPRIVILEGED).expect("the user list");
            let user = user.expect("Debian's package makes the user postgres");
            nix::unistd::chown(&data, Some(user.uid), Some(user.gid)).expect("chown");
        }
        init(&bin, &data);

        let port = free_port();
        let settings = [
            "listen_addresses=127.0.0.1".to_owned(),
            format!("port={port}"),
            "unix_socket_directories=".to_owned(),
            "max_connections=600".to_owned(),
            // Tests kill servers; they cut no power.
            "fsync=off".to_owned(),
            "log_line_prefix=%m [%p] %u@%d ".to_owned(),
            // No test may pass because the server happens to think in UTC.
            "timezone=America/St_Johns".to_owned(),
        ];
        let mut command = unprivileged(&bin.join("postgres"));
        command.extend(["-D".to_owned(), data.display().to_string()]);
        command.extend(settings.into_iter().flat_map(|setting| ["-c".to_owned(), setting]));
        let mut child = Command::new("sh")
            .args(["-c", KEEPER, "sh"])
            .arg(&dir)
            .args(command)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("sh starts");
        let ask = child.stdin.take();
        let answer = BufReader::new(child.stdout.take().expect("stdout is a pipe"));
        let keeper = Mutex::new(Keeper { child, ask, answer });
        let server = Self { bin, dir, port, roles_exist: false, next: AtomicU32::new(1), keeper };
        server.wait_ready();
        Some(server)
    }

    /// The TCP port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What the server logged so far.
    pub fn log(&self) -> String {
        let log = std::fs::read(self.dir.join("log")).unwrap_or_default();
        String::from_utf8_lossy(&log).into_owned()
    }

    /// Stops the server: it ends every session and writes its checkpoint.
    pub fn stop(&self) {
        self.tell("stop");
    }

    /// The directory that holds all of the server.
    pub fn place(&self) -> std::path::PathBuf {
        self.dir.to_path_buf()
    }

    /// Kills the server as a power cut would.
    pub fn crash(&self) {
        self.tell("crash");
    }

    /// Starts a server that was stopped or crashed, and waits until it takes connections.
    pub fn start(&self) {
        let end = Instant::now() + PATIENCE;
        loop {
            self.tell("start");
            // Orphans of a crash hold the shared memory for a moment, and the new server gives up.
            for _ in 0..40 {
                if self.is_ready() {
                    return;
                }
                sleep(Duration::from_millis(50));
            }
            assert!(Instant::now() < end, "the server did not come back:\n{}", self.log());
        }
    }

    /// A fresh database owned by a fresh login.
    pub fn database(&self) -> Database<'_> {
        let number = self.number();
        let name = format!("db_{number}");
        let owner = self.login(&format!("dba_{number}"), &name, "CREATEROLE");
        self.superuser_sql("postgres", &format!("CREATE DATABASE {name} OWNER {}", owner.name));
        if self.roles_exist {
            let grant = format!("GRANT smc_owner, smc_console TO {} WITH ADMIN OPTION", owner.name);
            self.superuser_sql("postgres", &grant);
        }
        Database::of(self, name, owner)
    }

    /// Another database with what pg_dump says of this one, restored by the superuser.
    fn restored(&self, from: &str) -> Database<'_> {
        let database = self.database();
        let dump = self.dir.join(format!("{from}.dump"));
        let run = |program: &str, url: String, rest: &[&str]| {
            let output = Command::new(self.bin.join(program))
                .args(rest)
                .args(["-d", &url])
                .env("PGSSLMODE", "disable")
                .current_dir("/")
                .output()
                .expect("the program starts");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        };
        let file = dump.display().to_string();
        run("pg_dump", self.url("postgres", from), &["-Fc", "-f", &file]);
        run("pg_restore", self.url("postgres", database.name()), &["--exit-on-error", "-1", &file]);
        database
    }

    fn number(&self) -> u32 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    fn login(&self, name: &str, database: &str, options: &str) -> Login {
        self.superuser_sql("postgres", &format!("CREATE ROLE {name} LOGIN {options}"));
        Login { name: name.to_owned(), url: self.url(name, database) }
    }

    fn url(&self, role: &str, database: &str) -> String {
        format!("postgres://{role}@127.0.0.1:{}/{database}", self.port)
    }

    #[track_caller]
    fn superuser_sql(&self, database: &str, sql: &str) -> String {
        let said = self.psql(&self.url("postgres", database), sql);
        said.unwrap_or_else(|why| panic!("the superuser's {sql:?} failed: {why}"))
    }

    /// Statements of one request; a script that is too long for an argument says its own transactions and is read.
    fn psql(&self, url: &str, sql: &str) -> Result<String, String> {
        let long = sql.len() >= ARGUMENT;
        let how: &[&str] = if long { &["-f", "-"] } else { &["-c", sql] };
        let mut psql = Command::new(self.bin.join("psql"))
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url])
            .args(how)
            .env("PGSSLMODE", "disable")
            .current_dir("/")
            .stdin(if long { Stdio::piped() } else { Stdio::null() })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("psql starts");
        if let Some(mut script) = psql.stdin.take() {
            // A refusal ends it before it has read everything.
            let _ = script.write_all(sql.as_bytes());
        }
        let output = psql.wait_with_output().expect("psql ends");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
    }

    fn tell(&self, word: &str) {
        let mut keeper = self.keeper.lock().expect("no test panicked while it held the keeper");
        let ask = keeper.ask.as_mut().expect("the keeper lives as long as the server");
        writeln!(ask, "{word}").expect("the keeper listens");
        let mut answer = String::new();
        keeper.answer.read_line(&mut answer).expect("the keeper answers");
        assert_eq!(answer.trim(), word);
    }

    fn is_ready(&self) -> bool {
        Command::new(self.bin.join("pg_isready"))
            .args(["-q", "-h", "127.0.0.1", "-t", "1", "-p", &self.port.to_string()])
            .status()
            .expect("pg_isready starts")
            .success()
    }

    fn wait_ready(&self) {
        let end = Instant::now() + PATIENCE;
        while !self.is_ready() {
            assert!(Instant::now() < end, "PostgreSQL did not start:\n{}", self.log());
            sleep(Duration::from_millis(30));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Ok(keeper) = self.keeper.get_mut() {
            keeper.ask = None;
            let _ = keeper.child.wait();
        }
    }
}

const UNPRIVILEGED: &str = "postgres";

/// The command line that runs a program as a user other than root, which PostgreSQL refuses.
fn unprivileged(program: &Path) -> Vec<String> {
    let program = program.display().to_string();
    if !nix::unistd::geteuid().is_root() {
        return vec![program];
    }
    let words = ["setpriv", "--reuid", UNPRIVILEGED, "--regid", UNPRIVILEGED, "--clear-groups"];
    words.into_iter().map(str::to_owned).chain([program]).collect()
}

/// Where PostgreSQL's programs are: Debian keeps the server's off the PATH.
fn programs() -> PathBuf {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin"))
        .filter(|bin| bin.join("initdb").exists())
        .collect();
    found.sort_by_key(|bin| {
        let version = bin.parent().and_then(Path::file_name).and_then(|name| name.to_str());
        version.and_then(|version| version.parse::<u32>().ok())
    });
    let path = std::env::var_os("PATH").unwrap_or_default();
    found
        .pop()
        .or_else(|| std::env::split_paths(&path).find(|bin| bin.join("initdb").exists()))
        .expect("PostgreSQL's server programs: run scripts/test.sh, or apt-get install postgresql")
}

/// A linguistic default collation, as real servers have, so that an ORDER BY that forgets "C" shows.
fn init(bin: &Path, data: &Path) {
    let mut command = unprivileged(&bin.join("initdb"));
    command.extend(
        ["--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8"]
            .into_iter()
            .chain(["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US", "-D"])
            .map(str::to_owned),
    );
    let output = Command::new(&command[0])
        .args(&command[1..])
        .arg(data)
        .current_dir("/")
        .output()
        .expect("initdb starts");
    assert!(output.status.success(), "initdb: {}", String::from_utf8_lossy(&output.stderr));
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
    listener.local_addr().expect("a bound port").port()
}
