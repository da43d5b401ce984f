//! Unfinished forms: where they are offered, that their object is over, and how one is rid of them.

use super::*;

/// A console in which a reason was typed into the decision on CR-3, which is over, and a change was begun.
fn with_drafts() -> World {
    let mut world = at_80x24();
    world.strike("n");
    world.write("new firmware");
    world.strike("Esc j j a");
    world.write("the line stands");
    world.strike("Esc");
    assert_eq!(world.app.drafts.len(), 2);
    world
}

fn open(world: &mut World) {
    world.strike(":");
    world.write("drafts");
    world.strike("Enter");
}

#[test]
fn an_unfinished_form_whose_object_is_over_says_so_where_it_is_offered() {
    let mut world = with_drafts();
    open(&mut world);
    let shown = world.shown();
    assert!(shown.contains("Unfinished forms"), "{shown}");
    let row = shown.lines().find(|line| line.contains("change.approve CR-3")).unwrap();
    assert!(row.contains("OVER: CR-3 is expired"), "{shown}");
    let other = shown.lines().find(|line| line.contains("change.request")).unwrap();
    assert!(!other.contains("OVER"), "{shown}");
    assert!(shown.contains("the line stands"), "what was typed is there to be read: {shown}");
    world.strike("Esc q");
    let leaving = world.shown();
    assert!(
        leaving.contains("an unfinished form: change.approve CR-3; OVER: CR-3 is expired"),
        "{leaving}"
    );
    assert!(leaving.contains(":drafts shows what was typed"), "{leaving}");
}

#[test]
fn an_unfinished_form_is_thrown_away_with_one_key_that_is_struck_twice() {
    let mut world = with_drafts();
    open(&mut world);
    let kept = |world: &World| world.app.drafts.keys().cloned().collect::<Vec<_>>();
    world.strike("Ctrl-X");
    let asked = "Throw away what was typed into change.approve CR-3?";
    assert!(world.shown().contains(asked), "{}", world.shown());
    assert!(!world.shown().contains('…'), "it is told whole: {}", world.shown());
    assert_eq!(kept(&world).len(), 2, "nothing goes before it is confirmed");
    world.strike("j");
    assert!(!world.shown().contains(asked), "any other key keeps it");
    world.strike("k Ctrl-X Ctrl-X");
    assert_eq!(kept(&world), ["change.request"]);
    assert!(
        matches!(world.effects.last(), Some(Effect::KeepDrafts(kept)) if kept.len() == 1),
        "{:?}",
        world.effects.last()
    );
    let shown = world.shown();
    assert!(shown.contains("change.approve CR-3: what was typed is thrown away"), "{shown}");
    world.strike("Ctrl-X Ctrl-X");
    assert!(world.shown().contains("There is none."), "{}", world.shown());
}

#[test]
fn a_paste_throws_nothing_away() {
    let mut world = with_drafts();
    open(&mut world);
    let twice = vec![Stroke::Key(Key::ctrl('x')), Stroke::Key(Key::ctrl('x'))];
    world.tell(Msg::Strokes(Strokes { strokes: twice, burst: true }));
    assert_eq!(world.app.drafts.len(), 2);
}

#[test]
fn an_unfinished_form_is_opened_from_the_list_and_its_object_where_it_is_about_one() {
    let mut world = with_drafts();
    open(&mut world);
    world.strike("j Enter");
    assert!(world.shown().contains("new firmware"), "{}", world.shown());
    world.strike("Esc");
    open(&mut world);
    world.strike("Enter");
    assert_eq!(world.app.focus().unwrap().reference, "CR-3");
    assert!(world.shown().contains("approve opens what you typed"), "{}", world.shown());
    world.strike("a");
    assert!(world.shown().contains("the line stands"), "{}", world.shown());
}

#[test]
fn a_verb_that_is_off_says_that_something_typed_for_it_is_kept() {
    let mut world = with_drafts();
    world.app.read_only = Some("it is expired".into());
    world.strike("a");
    let shown = world.shown();
    assert!(shown.contains("approve: it is expired; what you typed into it is kept"), "{shown}");
}
