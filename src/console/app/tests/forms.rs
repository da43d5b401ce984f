//! Verbs, their forms, and what becomes of what was typed.

use super::*;

#[test]
fn a_verb_opens_its_form_and_writes_only_when_submitted() {
    let mut world = at_80x24();
    world.strike("j j a");
    assert!(world.shown().contains("Counts your yes for one discipline"));
    assert_eq!(world.submitted(), None);
    world.strike("Ctrl-O");
    let submission = world.submitted().unwrap();
    assert_eq!(submission.command, "change.approve");
    assert_eq!(
        Value::Object(submission.fields.clone()),
        json!({"ref": "CR-3", "expect": 7, "discipline": "engineering"})
    );
    let number = world.app.submission.unwrap();
    let receipt = Receipt {
        reference: None,
        said: "CR-3 approved for engineering".into(),
        told: Vec::new(),
        leads: None,
    };
    world.tell(Msg::Submitted(number, Ok(receipt)));
    assert!(world.app.overlay.is_none());
    assert!(world.shown().contains("CR-3 approved for engineering"));
}

#[test]
fn a_refused_command_keeps_its_form_and_says_why() {
    let mut world = at_80x24();
    world.strike("j j a Ctrl-O");
    let number = world.app.submission.unwrap();
    let failure = Failure::Refused {
        code: "four-eyes".into(),
        message: "you asked for this change".into(),
        fix: "another engineer has to decide".into(),
        field: None,
    };
    world.tell(Msg::Submitted(number, Err(failure)));
    let shown = world.shown();
    assert!(shown.contains("refused (four-eyes): you asked for this change"), "{shown}");
    world.strike("Ctrl-O");
    assert!(world.app.submission.is_some_and(|again| again != number));
}

#[test]
fn one_stands_on_what_one_has_made_unless_one_went_on() {
    for (then, stands) in [("", "CR-30"), ("j", "CR-2")] {
        let mut world = at_80x24();
        world.strike("l");
        world.write("the panel was restarted");
        world.strike("Ctrl-O");
        let number = world.app.submission.unwrap();
        let receipt = Receipt {
            reference: Some("CR-30".to_owned()),
            said: "CR-30 is written".into(),
            told: Vec::new(),
            leads: None,
        };
        // The list that is asked anew has it; a key that was struck before the answer came goes before.
        let asked = world.app.update(now(), Msg::Submitted(number, Ok(receipt)));
        world.strike(then);
        world.settle(asked);
        assert_eq!(world.app.focus().unwrap().reference, stands, "{then}");
    }
}

#[test]
fn what_is_said_never_covers_the_row_that_one_stands_on() {
    let mut world = at_80x24();
    // The lowest row that the list shows of those that it has, whatever its height.
    let lowest = |world: &World| {
        let shown = world.shown();
        let mut rows =
            shown.lines().filter_map(|line| line.split_whitespace().find(|w| w.starts_with("CR-")));
        rows.next_back().unwrap().to_owned()
    };
    for _ in 0..16 {
        world.strike("j");
    }
    let stands = world.app.focus().unwrap().reference;
    assert_eq!(lowest(&world), stands, "it stands at the edge");
    world.strike("c");
    world.write("the panel was restarted");
    world.strike("Ctrl-O");
    let number = world.app.submission.unwrap();
    let said =
        "it is written, and what follows from it is said in as many words as it takes; ".repeat(4);
    let receipt =
        Receipt { reference: None, said: said.as_str().into(), told: Vec::new(), leads: None };
    world.tell(Msg::Submitted(number, Ok(receipt)));
    assert_eq!(world.app.focus().unwrap().reference, stands);
    let shown = world.shown();
    assert_eq!(shown.matches("it takes;").count(), 4, "{shown}");
    let row = shown.lines().find(|line| line.contains(&format!("{stands} ")));
    assert!(row.is_some_and(|row| row.contains("RLF")), "{shown}");
}

#[test]
fn a_form_says_how_one_chooses_until_one_has() {
    let mut world = at_80x24();
    world.strike("n Tab Tab Tab");
    let how = "One sentence of help. Left, right or a first letter chooses.";
    assert!(world.shown().contains(how), "{}", world.shown());
    world.strike("e");
    let shown = world.shown();
    assert!(!shown.contains(how) && shown.contains("(x) emergency"), "{shown}");
}

#[test]
fn what_was_said_goes_with_the_news_once_it_was_read() {
    let mut world = at_80x24();
    world.strike("n Ctrl-X");
    let said = "what was typed is thrown away";
    let news = |world: &mut World, seconds: i64| {
        let effects = world.app.update(now().plus_seconds(seconds), Msg::Changed);
        world.settle(effects);
    };
    news(&mut world, SAID - 1);
    assert!(world.shown().contains(said), "it stands long enough to be read");
    news(&mut world, SAID);
    assert!(!world.shown().contains(said), "{}", world.shown());
}

#[test]
fn keys_struck_before_the_store_has_answered_choose_from_its_answer() {
    let mut world = at_80x24();
    world.strike("n Tab Tab Tab Tab");
    let mut asked = Vec::new();
    let typed = "PLC".chars().map(Key::char);
    let keys = typed.chain(["Down", "Down", "Enter"].map(|key| key.parse().unwrap()));
    for key in keys {
        let strokes = Strokes { strokes: vec![Stroke::Key(key)], burst: false };
        asked.extend(world.app.update(now(), Msg::Strokes(strokes)));
    }
    assert!(world.shown().contains(">assets"), "{}", world.shown());
    assert!(!world.shown().contains("RLF/PLC-2,"), "{}", world.shown());
    world.settle(asked);
    assert!(world.shown().contains("RLF/PLC-2,"), "{}", world.shown());
    // What one types on is not lost behind it either, and what leaves waits for nothing.
    world.app.update(now(), Msg::Strokes(one('P')));
    world.strike("Enter");
    world.strike("Esc");
    assert!(world.app.overlay.is_none() && world.app.held.is_empty());
}

fn moved() -> Failure {
    Failure::Refused {
        code: "stale".into(),
        message: "CR-3 moved: bmaes wrote change.decided".into(),
        fix: "read it again and decide anew".into(),
        field: None,
    }
}

#[test]
fn a_form_whose_object_moved_reads_it_again_and_goes_through_where_nothing_that_it_shows_changed() {
    let mut world = at_80x24();
    world.strike("j j a Ctrl-O");
    let first = world.app.submission.unwrap();
    let asked = world.app.update(now(), Msg::Submitted(first, Err(moved())));
    let again = |effect: &Effect| matches!(effect, Effect::Load(Slot::Prefill, _, Ask::Prefill { reference: Some(of), .. }) if of == "CR-3");
    assert!(asked.iter().any(again), "{asked:?}");
    world.settle(asked);
    assert_ne!(world.app.submission, Some(first), "it was handed in again");
    let fields = &world.submitted().unwrap().fields;
    assert_eq!(fields["expect"], 9, "what was read again counts");
}

#[test]
fn a_form_whose_object_moves_again_and_again_waits_for_a_key() {
    let mut world = at_80x24();
    world.strike("j j a Ctrl-O");
    for _ in 0..4 {
        let number = world.app.submission.unwrap();
        let asked = world.app.update(now(), Msg::Submitted(number, Err(moved())));
        world.settle(asked);
    }
    let shown = world.shown();
    assert!(shown.contains("CR-3 moved: bmaes wrote change.decided; what stands here"), "{shown}");
    let before = world.app.submission;
    world.strike("Ctrl-O");
    assert_ne!(world.app.submission, before);
}

#[test]
fn a_draft_is_thrown_away_with_one_key() {
    let mut world = at_80x24();
    world.strike("n");
    world.write("new firmware");
    world.strike("Esc n");
    assert!(world.shown().contains("new firmware"));
    assert!(world.shown().contains("as you left it: Ctrl-X throws it away"));
    world.strike("Ctrl-X");
    assert!(
        matches!(world.effects.last(), Some(Effect::KeepDrafts(d)) if d.is_empty()),
        "{:?}",
        world.effects.last()
    );
    world.strike("n");
    assert!(!world.shown().contains("new firmware"), "{}", world.shown());
}

#[test]
fn a_form_that_is_left_keeps_its_draft_and_opens_with_it() {
    let mut world = at_80x24();
    world.strike("n");
    world.write("new firmware");
    world.strike("Tab");
    world.write("+2h");
    world.strike("Esc");
    assert!(
        matches!(world.effects.last(), Some(Effect::KeepDrafts(d)) if d.contains_key("change.request"))
    );
    world.strike("n");
    let shown = world.shown();
    assert!(shown.contains("new firmware") && shown.contains("= 19:32 +03 = 16:32Z"), "{shown}");
}

#[test]
fn a_log_line_is_one_draft_wherever_it_was_begun() {
    let mut world = at_80x24();
    world.strike("l");
    world.write("the panel was restarted");
    world.strike("Esc j j l");
    assert!(world.shown().contains("the panel was restarted"), "{}", world.shown());
}

#[test]
fn a_decision_shows_what_is_decided_above_its_fields() {
    let mut world = at_80x24();
    world.strike("j j a");
    let shown = world.shown();
    let at = |words: &str| shown.find(words).unwrap_or_else(|| panic!("{words}: {shown}"));
    assert!(at("what          PLC firmware 2.8 on the feed pump") < at("discipline*"));
    // What is filled in is looked at: one writes where something is to be written.
    at(">reason");
}

#[test]
fn where_nothing_waits_the_risks_that_stand_open_are_named() {
    let mut world = at_80x24();
    world.app.attention.lead = None;
    let said = "nothing urgent waits for you; 14 risks of P1 and P2 stand open";
    assert!(world.shown().contains(said), "{}", world.shown());
    world.strike("!");
    assert_eq!(world.shown().matches(said).count(), 2, "{}", world.shown());
    world.app.attention.risks = 1;
    assert!(world.shown().contains("1 risk of P1 or P2 stands open"), "{}", world.shown());
}

#[test]
fn a_verb_that_no_role_of_the_person_gives_is_not_offered_and_says_who_may() {
    use crate::domain::names::Login;
    use crate::domain::role::{Grant, Holder, Role};
    let mut world = at_80x24();
    world.app.status.person = Some(Holder {
        login: Login::new("olga").unwrap(),
        active: true,
        disciplines: Vec::new(),
        grants: vec![Grant { role: Role::ShiftLead, site: None, until: None }],
    });
    world.strike("j j");
    let footer = world.shown().lines().rev().nth(1).unwrap().to_owned();
    assert!(footer.contains("a approve") && !footer.contains("n new"), "{footer}");
    world.strike("n");
    assert!(world.shown().contains("it takes smc_operator"), "{}", world.shown());
}

#[test]
fn a_disabled_action_says_why() {
    let mut world = at_80x24();
    world.strike("w");
    assert!(world.shown().contains("withdraw: this version does not have it"));
    world.strike("?");
    assert!(!world.shown().contains("Takes the request back"), "what is not built is not offered");
    world.strike("Esc");
    world.strike("A");
    assert!(world.shown().contains("acknowledge: this version does not have it"));
    world.app.read_only = Some("this console only reads".into());
    world.strike("a");
    assert!(world.shown().contains("approve: this console only reads"));
    assert!(world.app.overlay.is_none());
}

#[test]
fn a_pasted_text_starts_no_verb_and_does_not_leave() {
    let mut world = at_80x24();
    let strokes = "aq\u{3}nq".chars().map(|c| match c {
        '\u{3}' => Stroke::Key(Key::ctrl('c')),
        c => Stroke::Key(Key::char(c)),
    });
    let strokes = strokes.chain([Stroke::Key(Key::ctrl('o'))]).collect();
    world.tell(Msg::Strokes(Strokes { strokes, burst: true }));
    assert!(world.app.overlay.is_none());
    assert_eq!(world.submitted(), None);
    assert!(world.shown().contains("came at once with others"), "{}", world.shown());
}

#[test]
fn a_key_that_a_form_does_not_take_says_so_where_one_stands() {
    let mut world = at_80x24();
    world.strike("j j a");
    let below = |world: &World| {
        let shown = world.shown();
        // Below the rows that frame every screen.
        let lines = || shown.lines().skip(2);
        let at = lines().position(|line| line.starts_with('>')).unwrap();
        lines().skip(at).take(5).collect::<Vec<_>>().join("\n")
    };
    let ctrl_o = Strokes { strokes: vec![Stroke::Key(Key::ctrl('o'))], burst: true };
    world.tell(Msg::Strokes(ctrl_o));
    assert_eq!(world.submitted(), None);
    assert!(below(&world).contains("Ctrl-O was not taken: it came at once"), "{}", world.shown());
    world.strike("F5");
    assert!(below(&world).contains("F5 does nothing here"), "{}", world.shown());
    world.strike("Ctrl-B");
    assert!(below(&world).contains("Ctrl-B does nothing here"), "{}", world.shown());
    world.strike("x");
    assert!(!below(&world).contains("does nothing here"), "it goes with the next key");
    world.strike("Shift-Tab z");
    assert!(below(&world).contains("no word here begins with z"), "{}", world.shown());
    world.strike("Tab Tab y");
    let foot = world.shown().lines().find(|line| line.contains("[Submit]")).unwrap().to_owned();
    assert!(foot.contains(">[Submit]  y does nothing here"), "{foot}");
    world.strike("Ctrl-O Ctrl-O");
    assert!(world.shown().contains("it is on its way already"), "{}", world.shown());
}

#[test]
fn the_cursor_goes_through_what_was_typed() {
    let mut world = at_80x24();
    world.strike("n");
    world.write("irmware");
    world.strike("Home F");
    world.strike("End Left Left X Right Y");
    let Some(Overlay::Form(form)) = &world.app.overlay else { panic!() };
    assert_eq!(form.draft()["title"], "FirmwaXrYe");
    world.strike("Esc l");
    world.write("one");
    world.strike("Enter");
    world.write("two");
    world.strike("Up Home 1 Down End 2");
    let Some(Overlay::Form(form)) = &world.app.overlay else { panic!() };
    assert_eq!(form.draft()["text"], "1one\ntwo2");
    world.strike("Down");
    let Some(Overlay::Form(form)) = &world.app.overlay else { panic!() };
    assert_eq!(form.focus, 1, "below its last line one leaves it");
}
