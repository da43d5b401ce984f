//! A person's hand at a console: it starts one, and strikes one key after the other.

use std::time::Duration;

use super::engine::Person;
use super::terminal::Terminal;

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
        terminal.send(stroke);
        // Keys that come in one read are a paste, which starts no verb and submits nothing.
        terminal.wait_read();
        std::thread::sleep(Duration::from_millis(80));
        terminal.settle(Duration::from_millis(60));
    }
}
