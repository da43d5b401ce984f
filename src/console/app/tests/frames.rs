//! The frame at its sizes, and the keys that move in it.

use super::*;
use crate::console::screens::list::Spec;
use crate::console::screens::sample::Sample;

#[test]
fn the_frame_at_80x24() {
    insta::assert_snapshot!(at_80x24().shown());
}

#[test]
fn the_frame_at_120x40_has_the_detail_beside_the_list() {
    insta::assert_snapshot!(World::new(look("dark"), (120, 40), 30).shown());
}

#[test]
fn the_frame_in_mono_and_ascii_loses_nothing() {
    let look = Look { ascii: true, ..look("mono") };
    let world = World::new(look, (80, 24), 30);
    assert!(world.shown().is_ascii());
    insta::assert_snapshot!(world.shown());
}

#[test]
fn an_empty_list_says_what_to_do() {
    insta::assert_snapshot!(World::new(look("dark"), (80, 15), 0).shown());
}

#[test]
fn the_selection_is_reversed_and_marked_in_every_theme() {
    for (name, _) in crate::console::theme::BUILT_IN {
        let mut world = World::new(look(name), (80, 24), 30);
        world.strike("j j");
        let buffer = world.buffer();
        assert_eq!(buffer[(0, 5)].symbol(), ">", "{name}");
        assert!(buffer[(1, 5)].modifier.contains(Modifier::REVERSED), "{name}");
        assert!(!buffer[(1, 4)].modifier.contains(Modifier::REVERSED), "{name}");
    }
}

#[test]
fn no_size_makes_the_console_panic() {
    let mut world = at_80x24();
    for keys in [
        "",
        "?",
        "Esc :",
        "P L",
        "Esc n",
        "Tab Tab Tab Tab P",
        "Esc j j a",
        "Esc ! Ctrl-K",
        "Esc Enter",
        "Esc q",
        "Esc /",
        "s t",
    ] {
        world.strike(keys);
        for width in (1..=200).step_by(19).chain([59, 60, 80, 99, 100]) {
            for height in (1..=60).step_by(7).chain([14, 15, 24]) {
                world.tell(Msg::Resized(Size::new(width, height)));
                world.buffer();
            }
        }
    }
    world.tell(Msg::Resized(Size::new(59, 24)));
    assert_eq!(world.shown().trim_end(), "smc needs 60x15; this is 59x24");
}

#[test]
fn escape_goes_back_and_never_quits_while_q_asks_at_the_top() {
    let mut world = at_80x24();
    world.strike("Enter");
    assert!(world.shown().contains("CR-1 PLC firmware"));
    world.strike("Esc Esc Esc Esc");
    assert!(!world.effects.contains(&Effect::Quit));
    world.strike("q");
    assert!(world.shown().contains("handover HO-3, not yet signed"));
    world.strike("Esc q q");
    assert!(world.effects.contains(&Effect::Quit));
}

#[test]
fn the_number_of_a_screen_leads_to_its_list_whatever_was_open_on_it() {
    let mut world = at_80x24();
    world.strike("3 Enter");
    assert!(world.shown().contains("CR-1 PLC firmware"));
    world.strike("4 3");
    assert!(world.shown().contains(" Pri Ref "), "{}", world.shown());
    world.strike("Enter 3");
    assert!(world.shown().contains(" Pri Ref "), "{}", world.shown());
}

#[test]
fn the_number_of_a_screen_leads_to_what_row_2_counts_and_says_which_filter_it_took_off() {
    let mut world = at_80x24();
    world.strike("3");
    world.app.level_mut().unwrap().screen.set_filter("kind:x".into());
    world.strike("0 3");
    let screen = &world.app.level_mut().unwrap().screen;
    assert_eq!((screen.filter(), screen.last_filter()), ("", "kind:x"));
    assert!(world.shown().contains("the filter kind:x is off: / and Up"), "{}", world.shown());
    world.strike("3");
    assert!(!world.shown().contains("is off"), "nothing was taken off: {}", world.shown());
}

#[test]
fn a_screen_is_read_before_its_key_is_struck_and_anew_when_it_is() {
    let mut world = at_80x24();
    let lists = |world: &World| {
        let asked = |effect: &&Effect| matches!(effect, Effect::Load(_, _, Ask::List { .. }));
        world.effects.iter().filter(asked).count()
    };
    assert_eq!(lists(&world), SCREENS.len(), "one question for each, and none twice");
    let (number, effects) = (world.app.serial, world.app.show(3));
    assert!(world.shown().contains("CR-1 "), "it shows what it knows until the answer comes");
    let [Effect::Load(_, asked, Ask::List { after: None, .. })] = effects.as_slice() else {
        panic!("{effects:?}");
    };
    assert_eq!(*asked, number + 1);
}

#[test]
fn what_was_said_stands_whole_above_the_keys_until_the_next_one() {
    let mut world = at_80x24();
    let advice = "wait until the freeze is lifted with `smc do incident.unfreeze`";
    let said =
        format!("CR-1 cannot start: INC-2 froze RLF: nothing starts and nothing opens; {advice}");
    world.app.say(Cell::text(said));
    let shown = world.shown();
    let rows: Vec<&str> = shown.lines().collect();
    let whole = [rows[19].trim_end(), rows[20]].join(" ");
    assert!(whole.ends_with(advice), "{whole}");
    assert!(rows[22].contains("? help"), "{shown}");
    world.app.say(Cell::text(["word"; 40].join(" ")));
    let shown = world.shown();
    assert_eq!(shown.matches("word").count(), 40, "{shown}");
    assert!(shown.contains("? help"), "{shown}");
    world.strike("j");
    assert!(!world.shown().contains("word word"));
    world.app.say(Cell::text("CR-2 started"));
    let shown = world.shown();
    let rows: Vec<&str> = shown.lines().collect();
    assert_eq!(rows[20], "CR-2 started");
    assert!(!rows[21].is_empty(), "what is to be done next stays in view");
}

/// A list that says more of what is to be done than one row holds.
fn wordy() -> Box<dyn Screen> {
    static WORDY: Spec<Sample> = Spec {
        strip: |row, _| [Cell::text(row.title.as_str()), Cell::text(["word"; 20].join(" "))],
        ..sample::SPEC
    };
    Box::new(ListScreen::new(&WORDY))
}

#[test]
fn what_is_to_be_done_is_not_cut_by_what_was_said() {
    const SCREENS: &[Subject] = &[Subject { name: "changes", help: "one line", make: wordy }];
    for (width, title_gives_way) in [(60, false), (80, false), (100, true), (130, true)] {
        let start = Setup { screens: SCREENS, ..setup(look("dark")) };
        let (app, effects) = App::start(start, now(), Size::new(width, 24));
        let mut world = World { app, effects: Vec::new(), rows: 30 };
        world.settle(effects);
        let before = world.shown();
        assert_eq!(before.matches("word").count(), 20, "{width}: {before}");
        world.app.say(Cell::text("CR-2 started"));
        let shown = world.shown();
        let row = if title_gives_way { 20 } else { 19 };
        assert!(shown.lines().nth(row).unwrap().starts_with("CR-2 started"), "{width}: {shown}");
        assert_eq!(shown.matches("word").count(), 20, "{width}: {shown}");
    }
}

#[test]
fn times_switch_between_utc_and_the_site() {
    let mut world = at_80x24();
    assert!(world.shown().contains("2026-11-22 14:32Z +03"));
    world.strike("u");
    assert!(world.shown().contains("2026-11-22 17:32 +03"));
}

#[test]
fn the_first_row_leads_to_its_object() {
    let mut world = at_80x24();
    world.strike("!");
    assert!(world.shown().contains("VW-31 Yokogawa on RLF-DCS-02"));
    assert_eq!(world.app.focus().unwrap().scope, Scope::Window);
}

#[test]
fn every_named_key_can_be_struck_on_the_screen_without_harm() {
    let mut world = at_80x24();
    for code in
        [Code::Left, Code::Right, Code::Home, Code::End, Code::PageDown, Code::Tab, Code::F(9)]
    {
        let strokes = vec![Stroke::Key(Key::plain(code))];
        world.tell(Msg::Strokes(Strokes { strokes, burst: false }));
    }
    assert!(world.app.overlay.is_none());
}

#[test]
fn what_names_a_row_stays_while_its_other_columns_scroll() {
    let mut world = at_80x24();
    world.strike("Right Right");
    let header = |world: &World| world.shown().lines().nth(2).unwrap().to_owned();
    let words = |line: String| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(header(&world))[..3], ["Pri", "Ref", "Due"]);
    for _ in 0..20 {
        world.strike("Right");
    }
    assert_eq!(words(header(&world)), ["Pri", "Ref", "Title"], "the last one stays in view");
    world.strike("Left");
    assert_eq!(words(header(&world)), ["Pri", "Ref", "Approvals", "Title"]);
}

#[test]
fn an_empty_list_offers_what_makes_something_new_and_nothing_that_needs_a_row() {
    let world = World::new(look("dark"), (80, 24), 0);
    for action in crate::console::keys::all().filter(|action| action.writes()) {
        let nothing =
            world.app.denied(action).is_some_and(|why| why.as_str() == "nothing is selected");
        let alone =
            matches!(action.does, Does::New(_) | Does::ChooseNew(_)) && action.id != "bypass.place";
        let alone = alone && !["vendor.person", "run.start"].contains(&action.id);
        assert_eq!(nothing, !alone, "{}", action.id);
    }
    let rows = at_80x24();
    let place = crate::console::keys::by_id("bypass.place").unwrap();
    assert_ne!(
        rows.app.denied(place).map(|why| why.to_string()).as_deref(),
        Some("nothing is selected")
    );
}
