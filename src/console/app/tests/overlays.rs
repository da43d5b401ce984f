//! Completion, palette, filter line, ready reasons, idle and habits, as a person meets them.

use serde_json::json;

use super::*;

#[test]
fn a_reference_is_completed_from_the_store_and_taken_with_enter() {
    let mut world = at_80x24();
    world.strike("n Tab Tab Tab Tab");
    world.write("PLC");
    insta::assert_snapshot!("the_form_completes_an_asset", world.shown());
    world.strike("Down Down Enter");
    world.write("DCS");
    world.strike("Enter");
    world.write("sis");
    world.strike("Enter");
    let shown = world.shown();
    assert!(shown.contains("RLF/PLC-2, RLF/DCS-02"), "{shown}");
    assert!(shown.contains("sis.change"), "{shown}");
}

#[test]
fn what_the_store_does_not_know_is_said_beside_the_field() {
    let mut world = at_80x24();
    world.strike("n Tab Tab Tab Tab");
    world.write("XYZ");
    assert!(world.shown().contains("nothing in the store is called so"), "{}", world.shown());
}

#[test]
fn the_number_of_a_screen_leads_to_its_list_from_wherever_one_stands() {
    let mut world = at_80x24();
    let stacked = |world: &World| world.app.levels[0].len();
    world.app.show(0);
    let subject = world.app.subjects[0].name;
    world.app.go(subject);
    assert_eq!(stacked(&world), 2);
    world.strike("1 0");
    assert_eq!(stacked(&world), 1);
    world.app.go(subject);
    world.strike("0");
    assert_eq!(stacked(&world), 1);
}

#[test]
fn the_palette_finds_an_object_by_a_part_of_its_reference() {
    let mut world = at_80x24();
    world.strike(":");
    world.write("PLC-1");
    let shown = world.shown();
    assert!(shown.contains("RLF/PLC-1") && shown.contains("feed pump controller"), "{shown}");
    world.strike("Enter");
    assert_eq!(world.app.focus().unwrap().scope, Scope::Asset);
}

#[test]
fn a_vendor_is_cut_off_by_a_digit_and_the_key_that_submits_and_a_paste_never_does_it() {
    let mut world = at_80x24();
    world.strike("! Ctrl-K");
    let strokes = vec![Stroke::Key(Key::char('2')), Stroke::Key(Key::char('3'))];
    world.tell(Msg::Strokes(Strokes { strokes, burst: true }));
    assert_eq!(world.submitted(), None);
    world.strike("Backspace Backspace 1 2");
    assert_eq!(world.submitted(), None, "a digit says why and does nothing yet");
    world.strike("Ctrl-O");
    let sent = world.submitted().unwrap();
    assert_eq!(sent.command, "window.cut-off");
    assert_eq!(
        Value::Object(sent.fields.clone()),
        json!({"ref": "VW-31", "reason": "work is done that was not asked for"})
    );
}

#[test]
fn whoever_types_why_a_vendor_is_cut_off_may_begin_with_a_digit() {
    let mut world = at_80x24();
    world.strike("! Ctrl-K");
    for letter in "20 min late".chars() {
        world.tell(Msg::Strokes(Strokes {
            strokes: vec![Stroke::Key(Key::char(letter))],
            burst: false,
        }));
    }
    assert_eq!(world.submitted(), None);
    world.strike("Ctrl-O");
    let sent = world.submitted().unwrap();
    assert_eq!(sent.fields.get("reason"), Some(&json!("20 min late")));
}

#[test]
fn a_change_on_the_watch_is_approved_with_four_keys_at_most() {
    let mut world = at_80x24();
    world.strike("j j a Ctrl-O");
    assert_eq!(world.submitted().unwrap().command, "change.approve");
}

#[test]
fn a_bare_time_is_in_the_zone_of_the_site_that_the_form_names() {
    let mut world = at_80x24();
    world.app.forms = |_| {
        let field = |name: &str, kind| FieldSpec {
            name: name.to_owned(),
            label: SafeText::from_untrusted(name),
            kind,
            ..FieldSpec::default()
        };
        let (site, start) = (FieldKind::Known(Looked::SITE), FieldKind::Time(None));
        Some(vec![field("site", site), field("start", start)])
    };
    world.app.status.sites =
        vec![("ANR".into(), Tz::Europe__Brussels), ("RLF".into(), Tz::Asia__Qatar)];
    world.strike("n");
    world.write("ANR");
    world.strike("Tab");
    world.write("18:00");
    assert!(world.shown().contains("= 18:00 +01 = 17:00Z"), "{}", world.shown());
}

#[test]
fn a_filter_that_is_not_understood_is_told_beside_it_before_anything_is_asked() {
    let mut world = at_80x24();
    world.strike("/");
    world.write("sate:open");
    world.strike("Enter");
    assert!(matches!(world.app.overlay, Some(Overlay::Filter(_))));
    assert!(world.shown().contains("this list is not filtered by"), "{}", world.shown());
}

#[test]
fn a_list_whose_filter_the_store_refuses_opens_its_line_again() {
    let mut world = at_80x24();
    world.app.level_mut().unwrap().screen.set_filter("kind:x".into());
    let asked = world.app.update(now(), Msg::Strokes(one('r')));
    let [Effect::Load(slot, number, _)] = asked.as_slice() else { panic!("{asked:?}") };
    let failure = Failure::Refused {
        code: "asked wrongly".into(),
        message: "kind:x is not understood".into(),
        fix: "".into(),
        field: None,
    };
    world.app.update(now(), Msg::Loaded(*slot, *number, Err(failure)));
    assert!(world.shown().contains("/kind:x_  kind:x is not understood"), "{}", world.shown());
}

#[test]
fn the_person_and_the_mode_are_never_cut_from_the_last_row() {
    for width in 60..=120 {
        let mut world = at_80x24();
        world.app.status.who = "wdewit OP/EN shift_lead+2".into();
        world.tell(Msg::Resized(Size::new(width, 24)));
        let shown = world.shown();
        let row = shown.lines().last().unwrap();
        assert!(row.contains("| wdewit OP/EN shift_lead+2 | EXERCISE |"), "{width}: {row}");
        assert!(row.contains("14:32Z +03"), "{width}: {row}");
    }
}

#[test]
fn every_command_is_reached_by_a_key_or_the_palette() {
    let mut world = at_80x24();
    world.app.forms = crate::console::forms::fields;
    for spec in crate::domain::command::commands() {
        let name = spec.command.unwrap();
        assert!(crate::console::forms::fields(name).is_some(), "{name} has a form");
        world.strike(":");
        world.write(name);
        let shown = world.shown();
        world.strike("Esc");
        assert!(shown.lines().any(|line| line.contains(&format!(">{name} "))), "{name}: {shown}");
    }
}

#[test]
fn the_palette_takes_in_files_unless_the_host_forbids_it() {
    let mut world = at_80x24();
    world.app.forms = crate::console::forms::fields;
    world.strike(":");
    world.write("import.assets");
    world.strike("Enter");
    assert!(world.shown().contains("create sites"), "{}", world.shown());
    world.write("/tmp/plant.csv; /tmp/my plant.csv");
    world.strike("Ctrl-o");
    let submission = world.submitted().unwrap();
    assert_eq!(submission.command, "import.assets");
    assert_eq!(submission.fields["paths"], json!(["/tmp/plant.csv", "/tmp/my plant.csv"]));
    let told = vec![SafeText::fixed("3 read, 3 written"), SafeText::fixed("columns: a = b")];
    let receipt =
        crate::console::data::Receipt { reference: None, said: told[0].clone(), told, leads: None };
    world.tell(Msg::Submitted(world.app.serial, Ok(receipt)));
    assert!(world.shown().contains("columns: a = b"), "all of it is there to be read");
    world.strike("Esc");
    world.app.habits.files = false;
    for name in ["import.assets", "backup"] {
        world.strike(":");
        world.write(name);
        world.strike("Enter");
        assert!(world.shown().contains("allow no files"), "{}", world.shown());
        world.strike("Esc Esc");
    }
}

#[test]
fn an_idle_console_hides_what_it_shows_and_the_key_that_wakes_it_does_nothing_else() {
    let mut world = at_80x24();
    world.app.habits.idle_minutes = 15;
    world.app.update(now().plus_seconds(14 * 60), Msg::Minute);
    assert!(world.shown().contains("CR-1"));
    world.app.update(now().plus_seconds(15 * 60), Msg::Minute);
    assert_eq!(world.shown().trim_end(), "smc is idle: any key shows the screen again");
    world.strike("n");
    assert!(world.app.overlay.is_none() && world.shown().contains("CR-1"));
}

#[test]
fn an_idle_console_hides_what_it_shows_to_the_second_and_not_when_a_minute_begins() {
    let mut world = at_80x24();
    world.app.habits.idle_minutes = 15;
    world.app.attention.next = None;
    world.strike("j");
    let hides = now().plus_seconds(15 * 60);
    assert_eq!(world.app.dues().collect::<Vec<_>>(), [hides], "the loop sleeps until then");
    world.app.update(hides, Msg::Due);
    assert_eq!(world.shown().trim_end(), "smc is idle: any key shows the screen again");
    assert_eq!(world.app.dues().count(), 0, "it is hidden once");
}

#[test]
fn a_host_may_forbid_suspending_and_a_person_blinking_and_the_bell() {
    let mut world = at_80x24();
    assert!(world.buffer()[(0, 0)].modifier.contains(Modifier::SLOW_BLINK));
    world.app.habits =
        Habits { blink: false, bell: false, suspend: false, files: false, idle_minutes: 0 };
    world.strike("Ctrl-Z");
    assert!(!world.effects.contains(&Effect::Suspend));
    assert!(world.shown().contains("config.toml forbids it"));
    assert!(!world.buffer()[(0, 0)].modifier.contains(Modifier::SLOW_BLINK));
    let rung = world.effects.iter().filter(|effect| matches!(effect, Effect::Ring(_))).count();
    world.app.attention.lead = None;
    world.tell(Msg::Minute);
    let rings = world.effects.iter().filter(|effect| matches!(effect, Effect::Ring(_))).count();
    assert_eq!(rings, rung);
}

#[test]
fn the_palette_goes_to_a_screen_by_a_few_letters() {
    let mut world = at_80x24();
    world.strike(":");
    world.write("wind");
    world.strike("Enter");
    assert_eq!(world.app.active, 4);
    world.strike(":");
    world.write("asse");
    world.strike("Enter");
    assert_eq!(world.app.levels[4].len(), 2);
}

#[test]
fn a_list_that_was_opened_by_its_name_says_so_and_no_tab_is_marked() {
    let mut world = at_80x24();
    let row = |world: &World| world.shown().lines().nth(1).unwrap().to_owned();
    world.strike("4");
    assert!(row(&world).contains(">4 Windows") && !row(&world).contains(">:"), "{}", row(&world));
    world.strike(":");
    world.write("asse");
    world.strike("Enter");
    for keys in ["", "Enter"] {
        world.strike(keys);
        for width in [60, 80, 120] {
            world.tell(Msg::Resized(Size::new(width, 24)));
            let row = row(&world);
            assert!(row.ends_with(">:assets"), "{width}: {row}");
            assert_eq!(row.matches('>').count(), 1, "no tab is marked: {row}");
        }
    }
    world.strike("Esc Esc");
    assert!(row(&world).contains(">4 Windows") && !row(&world).contains(">:"), "{}", row(&world));
    world.strike("Enter");
    assert!(row(&world).contains(">4 Windows"), "what a tab opens is of that tab");
}

#[test]
fn the_question_whether_to_leave_offers_the_key_that_does() {
    let mut world = at_80x24();
    let keys = |world: &World| world.shown().lines().nth(22).unwrap().to_owned();
    world.strike("q");
    assert!(keys(&world).contains(" q ") && keys(&world).contains("Esc"), "{}", keys(&world));
    world.strike("Esc ?");
    assert!(!keys(&world).contains(" q "), "the help leaves nothing: {}", keys(&world));
}

#[test]
fn escape_takes_the_filter_off_a_list_that_nothing_lies_over() {
    let mut world = at_80x24();
    world.strike("/");
    world.write("site:RLF");
    world.strike("Enter");
    assert!(world.shown().contains("/site:RLF"));
    world.strike("Enter Esc");
    assert!(world.shown().contains("/site:RLF"), "first the page is left");
    world.strike("Esc");
    assert!(!world.shown().contains("/site:RLF"));
    let last = world.effects.iter().rev().find_map(|effect| {
        let Effect::Load(_, _, Ask::List { filter, .. }) = effect else { return None };
        Some(filter.as_str())
    });
    assert_eq!(last, Some(""));
}

#[test]
fn the_filter_is_asked_of_the_store_and_kept() {
    let mut world = at_80x24();
    world.strike("/");
    world.write("state:appr");
    world.strike("Tab Enter");
    let asked = world.effects.iter().rev().find_map(|effect| {
        let Effect::Load(_, _, Ask::List { filter, .. }) = effect else { return None };
        Some(filter.clone())
    });
    assert_eq!(asked.as_deref(), Some("state:approved"));
    world.strike("/");
    assert!(world.shown().contains("/state:approved_"));
}
