//! A person's hand at a console: it starts one, and strikes one key after the other.

use std::time::{Duration, Instant};

use super::engine::Person;
use super::terminal::Terminal;

/// How long a key may show nothing before the next is struck all the same.
const HELD_UP: Duration = Duration::from_millis(400);

/// The console of a person, once it shows the watch and whose it is.
pub fn console(person: &Person) -> Terminal {
    let terminal = person.terminal(&[]).env("LC_ALL", "C.UTF-8").start();
    terminal.wait_for("0 Watch");
    terminal.wait_for(&person.login);
    terminal
}

/// Strikes keys one at a time, as a hand does, and waits until they are shown.
#[track_caller]
pub fn strike(terminal: &mut Terminal, strokes: &[&str]) {
    for stroke in strokes {
        // A hand strikes when it has seen; what comes sooner after a text that came in one read is of that paste.
        terminal.settle(Duration::from_millis(80));
        let before = terminal.bytes();
        terminal.send(stroke);
        // Keys that come in one read are a paste, which starts no verb and submits nothing.
        terminal.wait_read();
        std::thread::sleep(Duration::from_millis(80));
        // What was held up is waited for; most keys show something.
        let end = Instant::now() + HELD_UP;
        while terminal.bytes() == before && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(3));
        }
        terminal.settle(Duration::from_millis(60));
    }
}
