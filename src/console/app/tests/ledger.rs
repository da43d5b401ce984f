//! What a person is told of the ledger itself: who holds it while a command waits, and what a restore has lost.

use super::*;
use crate::console::data::Check;
use crate::console::screens::page::PageScreen;

#[test]
fn whoever_holds_the_ledger_is_shown_while_a_command_waits_and_ctrl_c_gives_up() {
    let mut world = at_80x24();
    let waits = |seconds: i64| {
        let text = format!("waiting for the ledger {seconds} s: bob (jh1, process 7) holds it");
        Msg::Told(Told::Waiting(Some(SafeText::from(text))))
    };
    // A deadline that the console records by itself waits in silence.
    world.tell(waits(1));
    assert!(!world.shown().contains("waiting for the ledger"));

    world.strike("j j a Ctrl-O");
    let number = world.app.submission.unwrap();
    world.tell(waits(3));
    let shown = world.shown();
    let last = shown.lines().rev().nth(1).unwrap_or_default();
    assert!(
        last.contains("Ctrl-C cancel  waiting for the ledger 3 s: bob (jh1, process 7)"),
        "{shown}"
    );
    assert!(shown.contains("sending …"), "{shown}");

    world.strike("Ctrl-C");
    assert_eq!(world.effects.last(), Some(&Effect::GiveUp));
    assert!(world.shown().contains("waiting for the ledger"), "until the store has answered");
    let failure = Failure::Refused {
        code: "conflict".into(),
        message: "you gave up waiting for the ledger; nothing was written".into(),
        fix: "do it again".into(),
        field: None,
    };
    world.tell(Msg::Told(Told::Waiting(None)));
    world.tell(Msg::Submitted(number, Err(failure)));
    let shown = world.shown();
    assert!(shown.contains("nothing was written") && shown.contains("[Submit]"), "{shown}");
    assert!(!shown.contains("holds it"), "{shown}");
}

#[test]
fn what_a_restore_has_lost_is_said_over_the_screen_once_a_form_is_left() {
    let mut world = at_80x24();
    world.strike("n");
    world.tell(Msg::Told(Told::Lost(
        "every entry after 50 up to 100:AAAAAAAAAAAAAAAA is lost".into(),
    )));
    assert!(!world.shown().contains("ARE LOST"));
    world.strike("Esc");
    assert!(world.effects.contains(&Effect::Bell));
    let shown = world.shown();
    assert!(shown.contains("ENTRIES OF THIS STORE ARE LOST"), "{shown}");
    assert!(shown.contains("every entry after 50"), "{shown}");
    world.strike("Esc");
    assert!(!world.shown().contains("ARE LOST"));
}

#[test]
fn a_long_work_ends_when_its_page_is_left() {
    let mut world = at_80x24();
    let verify = Ask::Check(Check::Verify);
    let page = PageScreen::of_store("verification of the store", verify);
    let asked = world.app.push(Box::new(page));
    assert!(matches!(asked.as_slice(), [Effect::Load(..)]), "{asked:?}");
    world.strike("Esc");
    assert!(world.effects.contains(&Effect::Cancel));
    world.effects.clear();
    world.strike("y Esc");
    assert!(!world.effects.contains(&Effect::Cancel), "a page that stands is left as it is");
}
