//! The help over what is open: of a form, of a line that one types in, of a page.

use super::*;
use crate::console::overlays::form::Form;

fn form(world: &World) -> &Form {
    let Some(Overlay::Form(form)) = &world.app.overlay else { panic!("no form is open") };
    form
}

/// All that the help says, page by page.
fn all_of_it(world: &mut World) -> String {
    let mut said = world.shown();
    for _ in 0..12 {
        world.strike("PgDn");
        said += &world.shown();
    }
    said
}

#[test]
fn a_form_has_help_of_its_command_and_of_the_field_that_one_stands_in() {
    let mut world = at_80x24();
    world.strike("j j a");
    assert!(world.shown().lines().nth(22).unwrap().contains("Ctrl-G help"), "{}", world.shown());
    world.strike("?");
    assert!(world.app.aid.is_none(), "? is text there");
    let before = world.shown();
    world.strike("Ctrl-G");
    let said = all_of_it(&mut world);
    for words in [
        "Help: change.approve CR-3",
        "Says yes to a change.",
        "any deciding role, within a discipline held",
        "an entry of the ledger, change.decided",
        "Where you stand: reason",
        "text; Enter begins a new line, Tab leaves the field",
        "Ctrl-O        Submits the form",
        "Ctrl-G        Shows the help",
        "discipline*",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let footer = world.shown().lines().nth(22).unwrap().to_owned();
    assert!(footer.contains("Esc back") && !footer.contains("Ctrl-G"), "{footer}");
    world.strike("Esc");
    assert_eq!(world.shown(), before, "the form is as it was");
    for key in ["q", "Ctrl-G"] {
        world.strike("Ctrl-G");
        world.strike(key);
        assert_eq!(world.shown(), before, "{key} goes back too");
    }
    assert_eq!(world.submitted(), None);
}

#[test]
fn the_help_of_a_time_shows_every_way_to_write_one_as_it_would_be_read() {
    let mut world = at_80x24();
    world.strike("n Tab");
    world.strike("Ctrl-G");
    let said = all_of_it(&mut world);
    for words in [
        "14:00           = 2026-11-23 14:00 +03 = 11:00Z, Mon, in 20h28m",
        "14:00Z          = 2026-11-23 17:00 +03 = 14:00Z, Mon, in 23h28m",
        "+2h             = 19:32 +03 = 16:32Z, Sun, in 2h",
        "Asia/Riyadh, +03 now",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    world.strike("Esc Tab Ctrl-G");
    let said = all_of_it(&mut world);
    assert!(said.contains("+2h counts from start"), "{said}");
}

#[test]
fn keys_and_pastes_do_nothing_to_the_form_below_its_help() {
    let mut world = at_80x24();
    world.strike("n");
    world.write("new firmware");
    let before = form(&world).draft();
    world.strike("Ctrl-G");
    world.write("xyz");
    world.strike("Ctrl-O Ctrl-X Tab Enter");
    world.tell(Msg::Strokes(Strokes {
        strokes: vec![Stroke::Paste("pasted".to_owned())],
        burst: false,
    }));
    assert!(world.shown().contains("nothing of the paste was taken"), "{}", world.shown());
    world.strike("Esc");
    assert_eq!(form(&world).draft(), before);
    assert_eq!(form(&world).focus, 0);
    assert_eq!(world.submitted(), None);
}

#[test]
fn a_form_goes_on_below_its_help_and_what_became_another_is_read_after_it() {
    let mut world = at_80x24();
    world.strike("j j a Ctrl-G");
    let asked = world.app.update(now().plus_seconds(1), Msg::Changed);
    let of = |effect: &Effect| matches!(effect, Effect::Load(Slot::Prefill, ..));
    assert!(asked.iter().any(of), "it follows its object: {asked:?}");
    for effect in asked {
        let Effect::Load(slot, number, ask) = effect else { continue };
        let answered = match slot {
            Slot::Prefill => {
                let values = json!({"discipline": "engineering"}).as_object().unwrap().clone();
                let brief = Doc::default().field("what", "another firmware");
                Ok(Data::Prefill(Start { values, brief, version: 11, ..Start::default() }))
            }
            Slot::Bars
            | Slot::Tiles
            | Slot::Screen(_)
            | Slot::Suggestions
            | Slot::Found
            | Slot::Drafts => answer(&ask, 30),
        };
        world.app.update(now().plus_seconds(1), Msg::Loaded(slot, number, answered));
    }
    assert!(!world.shown().contains("another firmware"), "help covers it");
    let strike = |world: &mut World, key: &str, second: i64| {
        let strokes = vec![Stroke::Key(key.parse().unwrap())];
        let strokes = Msg::Strokes(Strokes { strokes, burst: false });
        world.app.update(now().plus_seconds(second), strokes)
    };
    strike(&mut world, "Esc", 60);
    assert!(world.shown().contains("another firmware"), "{}", world.shown());
    let submits = |effects: Vec<Effect>| effects.iter().any(|e| matches!(e, Effect::Submit(..)));
    assert!(!submits(strike(&mut world, "Ctrl-O", 61)), "nobody has read it yet");
    assert!(submits(strike(&mut world, "Ctrl-O", 62)));
}

#[test]
fn the_palette_the_filter_line_and_pages_have_help_under_the_same_key() {
    for (opens, words) in [
        (":", "Takes the selected line."),
        ("/", "Completes the word of a filter"),
        ("q", "Paints the whole screen again."),
        ("?", ""),
    ] {
        let mut world = at_80x24();
        world.strike(opens);
        let before = world.shown();
        world.strike("Ctrl-G");
        if words.is_empty() {
            assert!(world.app.aid.is_none() && world.app.overlay.is_none(), "it closes help");
            continue;
        }
        let said = all_of_it(&mut world);
        assert!(said.contains(words), "{opens}: {said}");
        assert!(world.app.aid.is_some(), "{opens}");
        world.strike("Ctrl-G");
        assert_eq!(world.shown(), before, "{opens}");
    }
    let mut world = at_80x24();
    world.strike("Ctrl-G");
    assert!(matches!(world.app.overlay, Some(Overlay::Help(_))), "on a list as ? does");
}

#[test]
fn help_goes_with_what_it_is_of() {
    let mut world = at_80x24();
    world.strike("j j a Ctrl-O Ctrl-G");
    assert!(world.app.aid.is_some());
    let number = world.app.submission.unwrap();
    let receipt =
        Receipt { reference: None, said: "CR-3 approved".into(), told: Vec::new(), leads: None };
    world.tell(Msg::Submitted(number, Ok(receipt)));
    assert!(world.app.aid.is_none() && world.app.overlay.is_none());
    assert!(world.shown().contains("CR-3 approved"), "{}", world.shown());
}
