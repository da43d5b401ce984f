//! The views of the watch, what was put aside, and what takes another's place under the hand.

use super::*;
use crate::console::keys::by_id;
use crate::console::screens::watch::Aside;

static WATCH: Spec<Watched> = watch::SPEC;

fn page(rows: Vec<Watched>) -> Page<Watched> {
    Page { rows, next: None }
}

fn alarm() -> Watched {
    watched(2, "alarm", About::Window(Box::new(window(3, "open", "open"))))
}

fn asleep() -> Watched {
    let aside = Aside {
        until: at("2026-11-22T15:30:00Z"),
        who: "you".to_owned(),
        reason: Some("after the round.".to_owned()),
    };
    let task = watched(4, "decide", About::Change(Box::new(change(1, "requested"))));
    Watched { aside: Some(aside), ..task }
}

fn off(screen: &ListScreen<Watched>, action: &str) -> Option<String> {
    let look = Look::default();
    let now = at("2026-11-22T14:32:00Z");
    let holder = Holder {
        login: Login::new("olga").unwrap(),
        active: true,
        disciplines: vec![Discipline::Operations],
        grants: vec![Grant { role: Role::ShiftLead, site: None, until: None }],
    };
    let me = Me { holder: Some(&holder), now };
    let ctx = Ctx {
        now,
        utc: true,
        local: chrono_tz::Tz::UTC,
        zone: chrono_tz::Tz::UTC,
        look: &look,
        stale: false,
        me,
    };
    screen.denied(by_id(action).unwrap(), &ctx).map(|why| why.to_string())
}

#[test]
fn f_shows_what_is_mine_then_the_shelf_then_all_and_keeps_what_was_typed() {
    let mut screen = ListScreen::new(&WATCH);
    screen.set_filter("site:RLF".to_owned());
    let mut filters = Vec::new();
    for _ in 0..3 {
        screen.act(Act::View);
        filters.push(screen.filter().to_owned());
    }
    assert_eq!(filters, ["site:RLF mine:yes", "site:RLF state:shelved", "site:RLF"]);
    screen.act(Act::View);
    assert_eq!(screen.part().plain().as_str(), "mine /site:RLF");
    let mut empty = ListScreen::filtered(&WATCH, "mine:yes".to_owned());
    let shown = picture(&mut empty, page(Vec::new()), (80, 24), false);
    assert!(shown.contains("No alarm and no task is yours. Esc shows all that"), "{shown}");
    assert!(shown.lines().next().unwrap().ends_with("mine (f: shelf)"), "{shown}");
}

#[test]
fn a_numbered_list_opens_as_row_2_counts_it_and_a_typed_word_takes_the_place_of_its_own() {
    static CHANGES: Spec<Change> = changes::SPEC;
    let mut screen = ListScreen::viewed(&CHANGES);
    let opened = screen.opened().to_owned();
    assert_eq!((screen.filter(), opened.as_str()), ("live:yes site:mine", "live:yes site:mine"));
    assert_eq!(screen.part().plain().as_str(), "live");
    for (typed, stands, part) in [
        ("pump", "live:yes site:mine pump", "live /pump"),
        ("state:verified", "site:mine state:verified", "/site:mine state:verified"),
        ("site:ANR", "live:yes site:ANR", "/live:yes site:ANR"),
    ] {
        screen.set_filter(format!("{opened} {typed}"));
        assert_eq!((screen.filter(), screen.part().plain().as_str()), (stands, part));
    }
    screen.set_filter(opened.clone());
    assert_eq!(screen.last_filter(), "live:yes site:ANR", "/ offers it again");
    let mut filters = Vec::new();
    for _ in 0..2 {
        screen.act(Act::View);
        filters.push(screen.filter().to_owned());
    }
    assert_eq!(filters, ["", "live:yes site:mine"], "f shows all, and comes back");
}

#[test]
fn an_empty_list_says_how_the_first_comes_about_and_what_no_filter_word_fits_how_to_go_on() {
    static CHANGES: Spec<Change> = changes::SPEC;
    let none = || Page::<Change> { rows: Vec::new(), next: None };
    let mut screen = ListScreen::viewed(&CHANGES);
    let words = |said: String| said.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = words(picture(&mut screen, none(), (80, 24), false));
    assert!(said.contains(changes::LIVE.empty), "{said}");
    assert!(said.contains("No role of yours does n: it takes smc_operator."), "{said}");
    let long = "x".repeat(300);
    screen.set_filter(format!("live:yes site:mine {long}"));
    let said = words(picture(&mut screen, none(), (80, 24), false));
    assert!(said.contains("Nothing of what is live here matches xxx"), "{said}");
    assert!(said.contains("with an empty line it shows all"), "{said}");
}

#[test]
fn what_is_mine_begins_at_the_first_decision_and_is_answered_only_once_it_is_there() {
    let decide =
        |number| watched(3, "decide", About::Change(Box::new(change(number, "requested"))));
    let one = |id: &str, row: Watched| Watched { id: id.to_owned(), ..row };
    let rows = |names: &[&str]| {
        let row = |name: &&str| match name.strip_prefix("decide:") {
            Some(_) => one(name, decide(1)),
            None => one(name, Watched { kind: "triage", ..decide(2) }),
        };
        page(names.iter().map(row).collect())
    };
    let mut screen = ListScreen::new(&WATCH);
    picture(&mut screen, rows(&["triage:REP-1", "decide:CR-9"]), (80, 24), false);
    assert_eq!(off(&screen, "change.approve"), None);
    screen.act(Act::View);
    let why = off(&screen, "change.approve").unwrap();
    assert!(why.contains("the other view is not here yet"), "{why}");
    let mine = rows(&["triage:REP-1", "decide:CR-4", "decide:CR-9"]);
    screen.accept(Data::List(Box::new(mine)), Fetch::Anew);
    assert_eq!(screen.selected().map(|row| row.id.as_str()), Some("decide:CR-4"));
    assert_eq!(off(&screen, "change.approve"), None);
    screen.act(Act::Move(Move::Top));
    let again = rows(&["triage:REP-1", "decide:CR-4", "decide:CR-9"]);
    screen.accept(Data::List(Box::new(again)), Fetch::Refresh);
    let stands = screen.selected().map(|row| row.id.as_str());
    assert_eq!(stands, Some("triage:REP-1"), "nothing moves under the hand");
    for _ in 0..2 {
        screen.act(Act::View);
        screen.accept(Data::List(Box::new(rows(&["triage:REP-1", "decide:CR-9"]))), Fetch::Anew);
        assert_eq!(screen.selected().map(|row| row.id.as_str()), Some("triage:REP-1"));
    }
}

#[test]
fn what_was_put_aside_says_until_when_by_whom_and_why_and_is_taken_back() {
    let mut screen = ListScreen::new(&WATCH);
    let shown = picture(&mut screen, page(vec![asleep()]), (80, 24), false);
    assert!(
        shown.contains("asleep") && shown.contains("until 15:30Z approve PLC firmware"),
        "{shown}"
    );
    let strip = "sleeps until 15:30Z (18:30 +03) by you: after the round; Z wakes it";
    assert!(shown.contains(strip), "{shown}");
    assert_eq!(off(&screen, "alarm.unshelve"), None);
    let waits = Watched { aside: None, ..asleep() };
    picture(&mut screen, page(vec![waits]), (80, 24), false);
    assert!(off(&screen, "alarm.unshelve").unwrap().contains("does not sleep"));
}

#[test]
fn an_alarm_that_took_the_place_of_another_is_not_acknowledged_by_the_same_stroke() {
    let mut screen = ListScreen::new(&WATCH);
    picture(&mut screen, page(vec![alarm()]), (80, 24), false);
    assert_eq!(off(&screen, "alarm.acknowledge"), None);
    let overrun = Watched { id: "window_overrun:VW-3".to_owned(), ..alarm() };
    screen.accept(Data::List(Box::new(page(vec![overrun]))), Fetch::Refresh);
    let why = off(&screen, "alarm.acknowledge").unwrap();
    assert!(why.contains("something else stands here"), "{why}");
    assert_eq!(off(&screen, "window.close"), None, "it is the same window");
    screen.looked();
    assert_eq!(off(&screen, "alarm.acknowledge"), None);
    let focus = screen.focus().unwrap();
    assert_eq!(focus.due, Some(ending().due), "the occurrence that was seen goes with it");
}

#[test]
fn a_key_is_named_to_those_who_may_and_to_others_who_may() {
    let now = at("2026-11-22T14:32:00Z");
    let mut holder = Holder {
        login: Login::new("rita").unwrap(),
        active: true,
        disciplines: Vec::new(),
        grants: vec![Grant { role: Role::ShiftLead, site: None, until: None }],
    };
    let can = |holder: &Holder| {
        let me = Me { holder: Some(holder), now };
        crate::console::screens::gate::can("window.close", "RLF", &me, "d closes it", "closes it")
    };
    assert_eq!(can(&holder), "smc_operator, or shift_lead with operations closes it");
    holder.disciplines = vec![Discipline::Operations];
    assert_eq!(can(&holder), "d closes it");
}

#[test]
fn what_is_overdue_is_not_offered_to_sleep() {
    let mut screen = ListScreen::new(&WATCH);
    let mut met = |due: &str| {
        let task = watched(4, "decide", About::Change(Box::new(change(1, "requested"))));
        let rows = page(vec![Watched { due: Some(at(due)), ..task }]);
        screen.accept(Data::List(Box::new(rows)), Fetch::Anew);
        off(&screen, "alarm.shelve")
    };
    assert_eq!(met("2026-11-22T14:33:00Z"), None);
    let why = met("2026-11-22T14:32:00Z").unwrap();
    assert!(why.contains("what is overdue does not sleep: do it now"), "{why}");
}

#[test]
fn what_left_the_shelf_is_not_called_done_however_often_it_is_read_again() {
    let (mut shelved, mut stood) = (asleep(), alarm());
    for _ in 0..2 {
        shelved.leave();
        stood.leave();
    }
    assert!(shelved.because.as_str().starts_with("back on the watch"), "{}", shelved.because);
    assert!(stood.because.as_str().starts_with("done, put aside"), "{}", stood.because);
}
