//! Answers that come late, a store that does not answer, and the alarms that follow from it.

use super::*;
use crate::console::data::Cut;
use crate::domain::alarm::AlarmKind;

#[test]
fn an_older_answer_never_replaces_a_newer_one() {
    let mut world = at_80x24();
    let first = world.app.update(now(), Msg::Strokes(one('r')));
    let second = world.app.update(now(), Msg::Strokes(one('r')));
    let [Effect::Load(slot, old, _)] = first.as_slice() else { panic!("{first:?}") };
    let [Effect::Load(_, new, _)] = second.as_slice() else { panic!("{second:?}") };
    world.app.update(now(), Msg::Loaded(*slot, *new, Ok(Data::List(Box::new(sample::page(3))))));
    world.app.update(now(), Msg::Loaded(*slot, *old, Ok(Data::List(Box::new(sample::page(30))))));
    assert!(!world.shown().contains("CR-4"));
}

#[test]
fn a_store_that_changes_faster_than_it_answers_does_not_starve_the_screen() {
    let mut world = at_80x24();
    let asked = world.app.update(now(), Msg::Changed);
    assert_eq!(asked.len(), 2);
    assert!(world.app.update(now(), Msg::Changed).is_empty());
    let Some(Effect::Load(slot, number, ask)) = asked.last() else { panic!() };
    let again = world.app.update(now(), Msg::Loaded(*slot, *number, answer(ask, 3)));
    assert!(matches!(again.as_slice(), [Effect::Load(..)]));
}

#[test]
fn a_lost_store_shows_the_last_rows_as_stale_and_why() {
    let mut world = at_80x24();
    let asked = world.app.update(now(), Msg::Changed);
    let Some(Effect::Load(slot, number, _)) = asked.last() else { panic!() };
    let failure = Failure::Unavailable("the connection was refused".into());
    world.app.update(now(), Msg::Loaded(*slot, *number, Err(failure)));
    let shown = world.shown();
    assert!(shown.contains("CR-1") && shown.contains("the store does not answer"), "{shown}");
    let cell = world.buffer()[(20, 5)].clone();
    assert_eq!(cell.modifier, look("dark").theme.style(Role::Stale).add_modifier);
    let marks = |world: &World| {
        let rows = world.shown();
        let first = |row: &str| row.chars().next().unwrap_or(' ');
        rows.lines().skip(2).take(5).map(first).collect::<String>()
    };
    assert_eq!(marks(&world), "?>???", "{}", world.shown());
    world.app.update(now().plus_seconds(42), Msg::Minute);
    assert!(world.shown().contains("the store does not answer for 42s"), "{}", world.shown());
}

#[test]
fn the_bell_rings_by_priority_when_an_alarm_is_new_and_the_first_again_each_minute() {
    let mut world = at_80x24();
    let rung = |world: &World| {
        let strokes = world.effects.iter().filter_map(|effect| {
            let Effect::Ring(strokes) = effect else { return None };
            Some(*strokes)
        });
        strokes.collect::<Vec<_>>()
    };
    assert_eq!(rung(&world), [1], "once for an alarm of priority 2");
    world.tell(Msg::Minute);
    assert_eq!(rung(&world), [1], "and not again");
    world.strike("M");
    world.app.attention.loud.push(calls("window_overrun:VW-32", 1));
    assert_eq!(world.app.ring(false), Some(Effect::Ring(3)), "the first is heard however silent");
    assert_eq!(world.app.ring(false), None, "it is new once");
    world.app.now = now().plus_seconds(60);
    assert_eq!(world.app.ring(true), Some(Effect::Ring(3)), "and calls each minute");
    world.app.now = Time::from_micros(now().plus_seconds(120).micros() - 10_000);
    assert_eq!(world.app.ring(true), None, "once in a minute");
    world.app.now = now().plus_seconds(120);
    assert_eq!(world.app.ring(true), Some(Effect::Ring(3)), "however near the last tick came");
    world.app.rung_at = Time::from_micros(now().plus_seconds(180).micros() + 10_000);
    world.app.now = now().plus_seconds(240);
    assert_eq!(world.app.ring(true), Some(Effect::Ring(3)), "or however late");
    world.app.now = now().plus_seconds(245);
    assert_eq!(world.app.ring(true), None, "a lost store is asked for more often");
    world.app.now = now().plus_seconds(300);
    world.strike("M");
    assert_eq!(world.app.ring(true), None);
    world.app.read_only = Some("it is of the past".into());
    world.app.attention.loud.push(calls("window_overrun:VW-33", 1));
    assert_eq!(world.app.ring(false), None, "whoever only reads hears nothing");
}

/// What the feed says of a store that does not answer.
fn cut(world: &mut World, why: &str) {
    let since = now().plus_seconds(-3);
    world.tell(Msg::Told(Told::Cut(Some(Cut { since, why: why.into() }))));
}

/// What the store finds wrong with itself.
fn wrong(world: &mut World, kinds: &[AlarmKind]) {
    let why = || SafeText::from("this console saw 12");
    let conditions = kinds.iter().map(|kind| Condition::new(*kind, why())).collect();
    world.app.attend(Attention { conditions, ..world.app.attention.clone() });
}

fn leads(world: &World) -> Option<String> {
    world.app.row_one().lead.filter(Lead::calls).map(|lead| lead.id)
}

#[test]
fn a_store_that_is_lost_or_went_backwards_stands_in_row_one() {
    let mut world = at_80x24();
    cut(&mut world, "no answer for 5 s");
    assert_eq!(leads(&world).as_deref(), Some("store_stale"));
    assert_eq!(world.app.row_one().counts, [0, 2, 4, 9]);
    let shown = world.shown();
    assert!(shown.contains("P2! store") && shown.contains("since 14:32:00Z"), "{shown}");
    wrong(&mut world, &[AlarmKind::StoreBackwards]);
    assert_eq!(world.app.row_one().lead.map(|lead| lead.priority), Some(1));
    assert!(world.shown().contains("P1! store"), "{}", world.shown());
}

#[test]
fn a_store_that_answers_again_is_asked_at_once_whatever_was_still_on_its_way() {
    let mut world = at_80x24();
    let asked = world.app.update(now(), Msg::Strokes(one('r')));
    let [Effect::Load(Slot::Screen(_), hung, _)] = asked.as_slice() else { panic!("{asked:?}") };
    cut(&mut world, "no answer for 5 s");
    assert!(world.app.is_lost() && world.shown().contains("the store does not answer"));
    let again = world.app.update(now(), Msg::Told(Told::Cut(None)));
    let newer = |effect: &&Effect| matches!(effect, Effect::Load(_, number, _) if number > hung);
    assert_eq!(again.iter().filter(newer).count(), 2, "{again:?}");
    assert!(world.app.is_lost(), "until it has answered, what is shown is old");
    world.settle(again);
    assert!(!world.app.is_lost() && !world.shown().contains("does not answer"));
    assert_eq!(leads(&world).as_deref(), Some("window_ending:VW-31"));
}

#[test]
fn news_that_stay_away_are_looked_for_more_often_although_the_store_answers() {
    let mut world = at_80x24();
    cut(&mut world, "too many clients");
    world.tell(Msg::Changed);
    assert!(world.app.is_lost() && !world.shown().contains("does not answer"));
}

#[test]
fn a_page_that_stands_open_is_painted_as_old() {
    let mut world = at_80x24();
    world.strike("y");
    let stale = look("dark").theme.style(Role::Stale).add_modifier;
    assert_ne!(world.buffer()[(5, 3)].modifier, stale);
    cut(&mut world, "no answer for 5 s");
    assert_eq!(world.buffer()[(5, 3)].modifier, stale, "{}", world.shown());
}

#[test]
fn an_alarm_of_this_console_is_opened_and_acknowledged_here_without_the_store() {
    let mut world = at_80x24();
    cut(&mut world, "no answer for 5 s");
    let before = world.effects.len();
    world.strike("!");
    let stale = look("dark").theme.style(Role::Stale).add_modifier;
    assert_ne!(world.buffer()[(15, 5)].modifier, stale, "what the console says itself is not old");
    let shown = world.shown();
    assert!(shown.contains("stands; nobody at this console has acknowledged it"), "{shown}");
    assert!(shown.contains("tell whoever runs the store"), "{shown}");
    world.strike("z");
    assert!(world.shown().contains("an alarm of this console is not shelved"), "{}", world.shown());
    world.strike("y");
    assert!(world.shown().contains("this console raised it by itself"), "{}", world.shown());
    let asked = |effect: &Effect| matches!(effect, Effect::Submit(..) | Effect::Load(..));
    assert!(!world.effects[before..].iter().any(asked), "{:?}", &world.effects[before..]);
    let done = world.app.update(now(), Msg::Strokes(one('A')));
    assert!(!done.iter().any(|effect| matches!(effect, Effect::Submit(..))), "{done:?}");
    assert!(world.shown().contains("store_stale acknowledged at this console"));
    assert_eq!(leads(&world).as_deref(), Some("window_ending:VW-31"), "it calls no more");
    assert_eq!(world.app.row_one().counts, [0, 2, 4, 9], "and stands on");
    world.app.rung_at = now().plus_seconds(-600);
    assert_eq!(world.app.ring(true), None);
    world.tell(Msg::Told(Told::Cut(None)));
    assert_eq!(world.app.row_one().counts, [0, 1, 4, 9], "it has ended");
    cut(&mut world, "no answer for 5 s");
    assert_eq!(leads(&world).as_deref(), Some("store_stale"), "the next time is another alarm");
}

#[test]
fn behind_a_more_urgent_alarm_the_second_stroke_leads_to_what_the_console_found() {
    let mut world = at_80x24();
    world.app.attention.lead.as_mut().unwrap().priority = 1;
    cut(&mut world, "no answer for 5 s");
    assert_eq!(leads(&world).as_deref(), Some("window_ending:VW-31"));
    let keys = |world: &mut World| drop(world.app.update(now(), Msg::Strokes(one('!'))));
    keys(&mut world);
    assert_eq!(world.app.focus().unwrap().reference, "VW-31");
    keys(&mut world);
    assert_eq!(world.app.on_own(), Some(AlarmKind::StoreStale));
    keys(&mut world);
    assert_eq!(world.app.focus().unwrap().reference, "VW-31");
}

#[test]
fn whoever_only_reads_acknowledges_what_their_console_raises() {
    let mut world = at_80x24();
    world.app.read_only = Some("this console only reads".into());
    cut(&mut world, "no answer for 5 s");
    world.strike("! A");
    assert!(world.shown().contains("acknowledged at this console"), "{}", world.shown());
}

#[test]
fn a_store_that_was_not_what_it_should_be_calls_until_somebody_has_seen_it() {
    let mut world = at_80x24();
    wrong(&mut world, &[AlarmKind::StoreBackwards, AlarmKind::ClockSkew]);
    wrong(&mut world, &[]);
    assert_eq!(leads(&world).as_deref(), Some("store_backwards"), "the clocks agree again");
    assert!(world.shown().contains("ended: the store ends before"), "{}", world.shown());
    world.strike("! A");
    assert_eq!(leads(&world).as_deref(), Some("window_ending:VW-31"));
    assert_eq!(world.app.row_one().counts, [0, 1, 4, 9]);
}

#[test]
fn a_moment_that_cannot_be_opened_leads_back_to_the_present_and_says_why() {
    let missed = Some("the cache /home/olga/.cache/smc cannot be read".into());
    let setup = Setup { missed, ..setup(look("dark")) };
    let (app, effects) = App::start(setup, now(), Size::new(80, 24));
    let mut world = World { app, effects: Vec::new(), rows: 30 };
    world.settle(effects);
    let said = world.shown();
    assert!(said.contains("That moment cannot be opened"), "{said}");
    assert!(said.contains("the cache /home/olga/.cache/smc cannot be read"), "{said}");
    world.strike("Esc");
    assert!(world.app.overlay.is_none() && world.shown().contains("pg:smc"), "the present stands");
}

#[test]
fn an_alarm_of_a_page_is_not_acknowledged_while_the_store_is_lost_and_that_is_said() {
    let mut world = at_80x24();
    cut(&mut world, "no answer for 5 s");
    world.app.attention.lead.as_mut().unwrap().priority = 1;
    world.strike("!");
    cut(&mut world, "no answer for 5 s");
    world.strike("A");
    let shown = world.shown();
    assert!(shown.contains("the store does not answer: nothing is written until it"), "{shown}");
    assert!(!shown.contains("no alarm stands"), "{shown}");
    assert!(world.submitted().is_none() && world.app.overlay.is_none());
}

#[test]
fn a_new_alarm_of_the_first_priority_is_named_once_and_leads_row_one_until_somebody_goes_to_it() {
    let mut world = at_80x24();
    world.strike("j");
    let stands = |world: &World| world.app.focus().unwrap().reference;
    let before = stands(&world);
    let old = calls("window_overrun:VW-40", 1);
    let row = Attention { lead: Some(old.clone()), loud: vec![old.clone()], ..attention() };
    world.app.attend(row.clone());
    assert!(world.shown().contains("new P1: VW-40 Yokogawa"), "{}", world.shown());
    world.strike("!");
    world.strike("Esc");
    let both = vec![old, calls("window_overrun:VW-41", 1)];
    world.app.attend(Attention { loud: both.clone(), ..row.clone() });
    let shown = world.shown();
    assert!(shown.starts_with("■P1! VW-41"), "{shown}");
    assert!(shown.contains("new P1: VW-41 Yokogawa") && shown.contains("! goes to it"), "{shown}");
    assert_eq!(stands(&world), before, "nothing moves under the hand");
    world.app.attend(Attention { loud: both.clone(), ..row.clone() });
    world.strike("j");
    world.app.attend(Attention { loud: both, ..row });
    let shown = world.shown();
    assert!(!shown.contains("new P1") && shown.starts_with("■P1! VW-41"), "once: {shown}");
    world.strike("!");
    assert_eq!(stands(&world), "VW-41");
    assert!(world.shown().starts_with("■P1! VW-40"), "{}", world.shown());
}
