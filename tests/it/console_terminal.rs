//! The console on a real pseudo-terminal: taken, given back, stopped, resized, and hung up on.
//!
//! The program on the screen is this test binary again, running a console over a store in memory.

use std::time::{Duration, Instant};

use smc::console::app::{Drafts, Habits, Setup};
use smc::console::data::{Ask, Data, Failure, Object, Receipt, Submission, Told};
use smc::console::keys::{Keymap, Scope};
use smc::console::runtime::Back;
use smc::console::screens::page::PageScreen;
use smc::console::screens::{Focus, Screen, Subject};
use smc::console::theme::{Look, Theme};
use smc::console::widgets::doc::Doc;
use smc::domain::time::Time;

use crate::support::terminal::{Setup as Start, Terminal, keys, program};

/// Set for the child, so that a run of all tests does not open a console.
const CHILD: &str = "SMC_TEST_CONSOLE";

#[derive(Clone)]
struct Memory;

impl Back for Memory {
    async fn load(&self, ask: Ask) -> Result<Data, Failure> {
        match ask {
            Ask::Object { reference } if reference == "PANIC" => panic!("a job failed badly"),
            Ask::Object { reference } => {
                let doc = Doc::titled(reference.as_str()).text("a document from memory");
                Ok(Data::Object(Object { doc, ..Object::default() }))
            }
            Ask::Bars
            | Ask::Tiles
            | Ask::Check(_)
            | Ask::List { .. }
            | Ask::History { .. }
            | Ask::Why { .. }
            | Ask::WhoDecides { .. }
            | Ask::Prefill { .. }
            | Ask::Suggest { .. }
            | Ask::Values { .. }
            | Ask::Over { .. }
            | Ask::Find { .. } => Err(Failure::Unavailable("only documents here".into())),
        }
    }

    async fn submit(&self, _: Submission) -> Result<Receipt, Failure> {
        Err(Failure::Unavailable("nothing is written here".into()))
    }

    async fn changed(&mut self) {
        std::future::pending().await
    }

    async fn told(&mut self) -> Told {
        std::future::pending().await
    }

    fn give_up(&self) {}

    async fn keep_drafts(&self, _: Drafts) {}

    fn now(&self) -> Time {
        "2026-11-22T14:32:00Z".parse().unwrap()
    }
}

fn document() -> Box<dyn Screen> {
    Box::new(PageScreen::object(Focus::of("CR-7", "firmware", Scope::Change)))
}

fn failing() -> Box<dyn Screen> {
    Box::new(PageScreen::object(Focus::of("PANIC", "fails", Scope::Change)))
}

const SCREENS: &[Subject] = &[
    Subject { name: "watch", help: "", make: document },
    Subject { name: "posture", help: "", make: failing },
];

/// Not a test of its own: the program that the others look at.
#[test]
fn child() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    let setup = Setup {
        habits: Habits::default(),
        look: Look { theme: Theme::named("dark").unwrap(), ascii: false },
        keymap: Keymap::default(),
        forms: |_| None,
        screens: SCREENS,
        subjects: &[],
        read_only: None,
        first: smc::console::screens::tabs::SCREENS[0].name,
        drafts: Drafts::new(),
        returns: false,
        missed: None,
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let ended = runtime.block_on(async {
        let mut keyboard = smc::console::keyboard()?;
        smc::console::open(setup, Memory, &mut keyboard).await
    });
    println!("ended: {ended:?}");
}

fn console() -> Start {
    let binary = std::env::current_exe().unwrap();
    program(&binary, &["--exact", "it::console_terminal::child", "--nocapture"]).env(CHILD, "1")
}

fn started() -> Terminal {
    let terminal = console().start();
    terminal.wait_for("a document from memory");
    terminal
}

fn processor_time(pid: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    after.split_whitespace().skip(11).take(2).filter_map(|t| t.parse::<u64>().ok()).sum()
}

#[test]
fn the_terminal_is_given_back_as_it_was_taken() {
    let mut terminal = started();
    assert!(terminal.screen(|screen| screen.alternate_screen() && screen.bracketed_paste()));
    assert!(terminal.screen(vt100::Screen::hide_cursor));
    terminal.send("q");
    terminal.wait_for("Leave the console?");
    terminal.send("q");
    terminal.wait_for("ended: Ok(Left)");
    assert!(terminal.screen(|screen| !screen.alternate_screen() && !screen.bracketed_paste()));
    assert!(!terminal.screen(vt100::Screen::hide_cursor));
}

#[test]
fn nothing_is_ever_asked_of_the_terminal_and_an_idle_console_is_silent() {
    let mut terminal = started();
    let before = terminal.settle(Duration::from_millis(300));
    std::thread::sleep(Duration::from_millis(1_500));
    assert_eq!(terminal.bytes(), before);
    terminal.send("\x0c");
    terminal.settle(Duration::from_millis(300));
    terminal.resize(30, 100);
    terminal.wait_for("14:32Z");
    let all = terminal.raw(0);
    let has = |sequence: &[u8]| all.windows(sequence.len()).any(|window| window == sequence);
    for question in [&b"\x1b[6n"[..], b"\x1b[c", b"\x1b[>c", b"\x1b[?u", b"\x1b[?1000h", b"\x1b]"] {
        assert!(!has(question), "{question:?}");
    }
}

#[test]
fn a_line_that_drops_ends_the_console_within_two_seconds_and_without_spinning() {
    for ignores_hangups in [false, true] {
        let setup = console();
        let setup =
            if ignores_hangups { setup.below_a_parent_that_ignores_hangups() } else { setup };
        let mut terminal = setup.start();
        terminal.wait_for("a document from memory");
        let (began, spent) = (Instant::now(), processor_time(terminal.pid()));
        terminal.hang_up();
        assert!(terminal.wait_exit(Duration::from_secs(2)).is_some(), "{:?}", began.elapsed());
        assert!(processor_time(terminal.pid()).saturating_sub(spent) < 50);
    }
}

#[test]
fn a_signal_from_outside_leaves_the_terminal_in_order() {
    let terminal = started();
    let pid = nix::unistd::Pid::from_raw(i32::try_from(terminal.pid()).unwrap());
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM).unwrap();
    terminal.wait_for("ended: Ok(Hangup(Told))");
    assert!(terminal.screen(|screen| !screen.alternate_screen()));
}

#[test]
fn a_login_shell_cannot_be_suspended_into_nowhere() {
    let mut terminal = started();
    terminal.send("\x1a");
    terminal.settle(Duration::from_millis(200));
    terminal.send("?");
    terminal.wait_for("Moves the selection one row down");
    assert!(terminal.row(23).contains("14:32Z"), "{:?}", terminal.row(23));
}

#[test]
fn a_job_that_panics_gives_the_terminal_back_before_it_prints() {
    let mut terminal = started();
    terminal.send("1");
    terminal.wait_for("a job failed badly");
    assert!(terminal.screen(|screen| !screen.alternate_screen()));
    assert!(terminal.wait_exit(Duration::from_secs(2)).is_some());
}

#[test]
fn an_arrow_split_by_the_network_moves_and_a_lone_escape_leaves() {
    let mut terminal = started();
    terminal.send("?");
    terminal.wait_for("Change");
    terminal.send("\x1b");
    std::thread::sleep(Duration::from_millis(10));
    terminal.send("[B");
    terminal.settle(Duration::from_millis(200));
    assert!(terminal.text().contains("more"), "{}", terminal.text());
    terminal.send(keys::ESC);
    terminal.wait_for("a document from memory");
}

#[test]
fn a_paste_that_never_ends_leaves_the_keyboard_to_the_person() {
    let mut terminal = started();
    terminal.send("\x1b[200~half a paste");
    terminal.wait_for("a paste broke off: nothing of it was taken");
    terminal.send("?");
    terminal.wait_for("Moves the selection one row down");
    terminal.send("\x1b[200~q\r over the help");
    terminal.wait_for("a paste broke off: nothing of it was taken");
    terminal.send(keys::ESC);
    terminal.wait_for("a document from memory");
    // The key that cancels waits for no silence.
    terminal.send("\x1b[200~half a paste");
    std::thread::sleep(Duration::from_millis(200));
    terminal.send(keys::CTRL_C);
    let began = Instant::now();
    terminal.wait_for("Leave the console?");
    assert!(began.elapsed() < Duration::from_millis(800), "{:?}", began.elapsed());
}

#[test]
fn a_stopped_console_gives_the_terminal_to_the_shell_and_comes_back_whole() {
    let binary = std::env::current_exe().unwrap();
    let script = format!(
        "'{}' --exact it::console_terminal::child --nocapture; echo the shell is back; sleep 1; fg",
        binary.display()
    );
    let mut terminal =
        program(std::path::Path::new("bash"), &["-m", "-c", &script]).env(CHILD, "1").start();
    terminal.wait_for("a document from memory");
    terminal.send("\x1a");
    terminal.wait_for("the shell is back");
    assert!(terminal.screen(|screen| !screen.alternate_screen() && !screen.bracketed_paste()));
    terminal.wait_for("a document from memory");
    assert!(terminal.screen(|screen| screen.alternate_screen() && screen.bracketed_paste()));
    terminal.send("q");
    terminal.wait_for("Leave the console?");
}
