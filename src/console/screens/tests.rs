//! Every screen with made-up rows at fixed times, at both sizes and without colour.

mod queue;
mod rows;
mod verbs;

use std::collections::BTreeSet;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::from_value;
use serde_json::json;

use super::list::{ListScreen, Spec};
use super::matrix::MatrixScreen;
use super::posture::objects::Found;
use super::posture::{measures, objects, zones};
use super::watch::{About, Watched};
use super::{Reaction, Screen, changes, items, posture, risks, watch, windows};
use crate::console::ctx::{Ctx, Me};
use crate::console::data::Data;
use crate::console::keys::{Act, Move};
use crate::console::theme::legend::LEGEND;
use crate::console::theme::{Look, Theme, glyphs};
use crate::console::widgets::cell::{Align, Column};
use crate::console::widgets::layout::Layout;
use crate::console::widgets::list::{Fetch, Page, Row};
use crate::console::widgets::paint;
use crate::domain::alarm::{Alarm, AlarmKind, State, Urgent, rationale, reference};
use crate::domain::discipline::Discipline;
use crate::domain::names::{Login, Ref, SiteCode};
use crate::domain::posture::{Count, Counts, Fall, Fell, Function, Measure, Score, Tally};
use crate::domain::role::{Grant, Holder, Role};
use crate::domain::time::Time;
use crate::store::query::{
    Approval, Approvals, Change, Doubtful, Lines, Ranks, Risk, Scores, SitePosture, Told, Weighed,
    Window,
};
use crate::store::query::{Footing, Item, MeasureRow, Zone};
use rows::*;

fn shown<T: Row>(spec: &'static Spec<T>, rows: Vec<T>, size: (u16, u16), ascii: bool) -> String {
    picture(&mut ListScreen::new(spec), Page { rows, next: None }, size, ascii)
}

fn picture<T: Send + 'static>(
    screen: &mut dyn Screen,
    page: Page<T>,
    size: (u16, u16),
    ascii: bool,
) -> String {
    painted(screen, page, size, ascii, None)
}

/// The screen in UTC, or in the time of each site and of this zone where there is none.
fn painted<T: Send + 'static>(
    screen: &mut dyn Screen,
    page: Page<T>,
    size: (u16, u16),
    ascii: bool,
    local: Option<chrono_tz::Tz>,
) -> String {
    let look = Look { theme: Theme::named(if ascii { "mono" } else { "dark" }).unwrap(), ascii };
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
        utc: local.is_none(),
        local: local.unwrap_or(chrono_tz::Tz::UTC),
        zone: chrono_tz::Tz::UTC,
        look: &look,
        stale: false,
        me,
    };
    let area = Rect::new(0, 0, size.0, size.1);
    // Too small for the console, a screen still draws into what it is given.
    let small = Layout { body: area, strip: area, ..Layout::default() };
    let layout = Layout::of(area, screen.strip_rows(), screen.is_tiled()).unwrap_or(small);
    screen.set_height(layout.body.height);
    screen.accept(Data::List(Box::new(page)), Fetch::Anew);
    let mut buffer = Buffer::empty(area);
    screen.view(&ctx, layout.body, layout.side, &mut buffer);
    for (y, cell) in (0..layout.strip.height).zip(screen.strip(&ctx)) {
        paint::cell(&mut buffer, paint::row(layout.strip, y), &cell, Align::Left, &ctx, None);
    }
    if ascii {
        glyphs::to_ascii(&mut buffer);
    }
    let row = |y: u16| -> String {
        let line: String = (0..size.0).map(|x| buffer[(x, y)].symbol()).collect();
        line.trim_end().to_owned()
    };
    (2..size.1.saturating_sub(2)).map(row).collect::<Vec<_>>().join("\n")
}

/// The screen at both sizes, and in ASCII without colour.
macro_rules! snapshots {
    ($name:literal, $spec:expr, $rows:expr) => {
        insta::assert_snapshot!(concat!($name, "_80x24"), shown($spec, $rows, (80, 24), false));
        insta::assert_snapshot!(concat!($name, "_120x40"), shown($spec, $rows, (120, 40), false));
        insta::assert_snapshot!(concat!($name, "_mono"), shown($spec, $rows, (80, 24), true));
    };
}

#[test]
fn every_screen_shows_its_rows_at_both_sizes_and_without_colour() {
    static CHANGES: Spec<Change> = changes::SPEC;
    static WINDOWS: Spec<Window> = windows::SPEC;
    static RISKS: Spec<Risk> = risks::SPEC;
    static POSTURE: Spec<SitePosture> = posture::SPEC;
    static WATCH: Spec<Watched> = watch::SPEC;
    snapshots!("changes", &CHANGES, vec![change(1, "requested"), change(2, "in_progress")]);
    snapshots!(
        "windows",
        &WINDOWS,
        vec![window(3, "open", "open"), window(4, "approved", "armed")]
    );
    snapshots!("risks", &RISKS, vec![risk(1, 1, "candidate"), risk(2, 3, "treating")]);
    snapshots!("posture", &POSTURE, vec![site("RLF", "Ras Laffan"), site("ANR", "Antwerp")]);
    let rows = || {
        vec![
            watched(2, "alarm", About::Window(Box::new(window(3, "open", "open")))),
            watched(3, "decide", About::Change(Box::new(change(1, "requested")))),
        ]
    };
    snapshots!("watch", &WATCH, rows());
}

#[test]
fn at_a_hundred_columns_a_list_beside_its_detail_keeps_what_matters() {
    static CHANGES: Spec<Change> = changes::SPEC;
    static WATCH: Spec<Watched> = watch::SPEC;
    let rows = vec![
        watched(2, "alarm", About::Window(Box::new(window(3, "open", "open")))),
        watched(3, "decide", About::Change(Box::new(change(1, "requested")))),
    ];
    insta::assert_snapshot!("watch_100x24", shown(&WATCH, rows, (100, 24), false));
    let rows = vec![change(1, "requested"), change(2, "in_progress")];
    insta::assert_snapshot!("changes_100x24", shown(&CHANGES, rows, (100, 24), false));
}

fn matrix() -> Page<Weighed> {
    let cell = |likelihood, worst, count| Weighed { likelihood, worst, count };
    let rows = vec![cell(5, 5, 12), cell(4, 5, 3), cell(3, 3, 140), cell(1, 2, 7)];
    Page { rows, next: None }
}

#[test]
fn the_matrix_counts_risks_by_likelihood_and_worst_consequence() {
    for (name, size, ascii) in
        [("80x24", (80, 24), false), ("120x40", (120, 40), false), ("mono", (80, 24), true)]
    {
        let mut screen = MatrixScreen::default();
        insta::assert_snapshot!(
            format!("matrix_{name}"),
            picture(&mut screen, matrix(), size, ascii)
        );
    }
}

#[test]
fn a_cell_of_the_matrix_opens_the_risks_that_stand_in_it() {
    let mut screen = MatrixScreen::default();
    screen.accept(Data::List(Box::new(matrix())), Fetch::Anew);
    for movement in [Move::Down, Move::Left, Move::Left, Move::Right] {
        screen.act(Act::Move(movement));
    }
    let Reaction::Open(list) = screen.act(Act::Open) else { panic!("nothing opens") };
    assert!(list.filter().ends_with("likelihood:4 worst:4"), "{}", list.filter());
    let known = list.filter_known().unwrap();
    assert!(crate::domain::filter::Filter::parse(list.filter(), &known).is_ok());
}

#[test]
fn no_size_makes_a_screen_panic() {
    static CHANGES: Spec<Change> = changes::SPEC;
    static WINDOWS: Spec<Window> = windows::SPEC;
    static RISKS: Spec<Risk> = risks::SPEC;
    static POSTURE: Spec<SitePosture> = posture::SPEC;
    static WATCH: Spec<Watched> = watch::SPEC;
    let alarm = || watched(2, "alarm", About::Window(Box::new(window(3, "open", "open"))));
    for width in (1..=200).step_by(13).chain([59, 60, 79, 80, 99, 100, 120]) {
        for height in (1..=60).step_by(7).chain([2, 3, 14, 24, 40]) {
            let size = (width, height);
            shown(&CHANGES, vec![change(1, "requested")], size, false);
            shown(&WINDOWS, vec![window(3, "open", "open")], size, false);
            shown(&RISKS, vec![risk(1, 1, "candidate")], size, true);
            shown(&POSTURE, vec![site("RLF", "Ras Laffan")], size, false);
            shown(&WATCH, vec![alarm()], size, false);
            picture(&mut MatrixScreen::default(), matrix(), size, false);
        }
    }
}

#[test]
fn from_a_number_down_to_its_objects_every_list_fits() {
    static MEASURES: Spec<MeasureRow> = measures::SPEC;
    static OBJECTS: Spec<Found> = objects::SPEC;
    static ZONES: Spec<Zone> = zones::SPEC;
    snapshots!("measures", &MEASURES, vec![measure()]);
    let rows =
        || vec![item("PLC-7", "stale", Some("not confirmed in time")), item("PLC-8", "ok", None)];
    snapshots!("objects", &OBJECTS, rows());
    let rows =
        || vec![zone("A", Some(3), Some(2)), zone("B", Some(2), Some(2)), zone("C", Some(3), None)];
    snapshots!("zone_levels", &ZONES, rows());
}

#[test]
fn in_the_time_of_the_site_each_row_stands_in_that_of_its_own() {
    static CHANGES: Spec<Change> = changes::SPEC;
    static WINDOWS: Spec<Window> = windows::SPEC;
    let antwerp = Change { timezone: "Europe/Brussels".into(), ..change(2, "requested") };
    let riyadh = Change { timezone: "Asia/Riyadh".into(), ..change(1, "requested") };
    let page = Page { rows: vec![riyadh, antwerp], next: None };
    let zone = Some(chrono_tz::Tz::Asia__Riyadh);
    let mut list = ListScreen::new(&CHANGES);
    let said = painted(&mut list, page, (80, 24), false, zone);
    let rows: Vec<&str> = said.lines().collect();
    assert!(rows[1].contains("22 20:00+2h"), "{said}");
    assert!(rows[2].contains("22 18:00+2h"), "{said}");
    let mut item = serde_json::json!({"ref": "SE-1", "started_at": "2026-11-22T14:00:00Z", "timezone": "Asia/Riyadh"});
    let mut rows = vec![items::Item::new(item.clone())];
    item["ref"] = "SE-2".into();
    item["timezone"] = serde_json::Value::Null;
    rows.push(items::Item::new(item));
    let mut list = ListScreen::new(const { &items::SESSIONS });
    let brussels = Some(chrono_tz::Tz::Europe__Brussels);
    let said = painted(&mut list, Page { rows, next: None }, (80, 24), false, brussels);
    let rows: Vec<&str> = said.lines().collect();
    assert!(rows[1].ends_with(" 17:00"), "{said}");
    assert!(rows[2].ends_with(" 15:00"), "of no site, it stands as the last row says: {said}");
    let open = Window { timezone: "Asia/Riyadh".into(), ..window(3, "open", "open") };
    let mut list = ListScreen::new(&WINDOWS);
    let page = Page { rows: vec![open.clone()], next: None };
    let here = painted(&mut list, page.clone(), (80, 24), false, zone);
    let there = painted(&mut ListScreen::new(&WINDOWS), page, (80, 24), false, brussels);
    assert_eq!(here, there, "all that is said of the row is in the time of its site");
}

/// The signs of a text: what is neither a letter, a digit nor what words are set with.
fn signs(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !c.is_alphanumeric() && !" ,.:;/()'-_#&%@".contains(*c))
}

#[test]
fn the_legend_names_every_sign_of_every_column() {
    fn of<T>(columns: &[Column<T>], rows: &[T], ctx: &Ctx<'_>, found: &mut BTreeSet<char>) {
        for column in columns {
            found.extend(signs(column.title));
            for row in rows {
                found.extend(signs((column.cell)(row, ctx).plain().as_str()));
            }
        }
    }
    let look = Look::default();
    let now = at("2026-11-22T14:32:00Z");
    let (utc, me) = (chrono_tz::Tz::UTC, Me { holder: None, now });
    let ctx = Ctx { now, utc: true, local: utc, zone: utc, look: &look, stale: false, me };
    let mut found = BTreeSet::new();
    let board = |decision: Option<&str>| {
        let mut row = change(2, "requested");
        row.approvals.0[1].decision = decision.map(str::to_owned);
        row
    };
    of(changes::SPEC.columns, &[board(None), board(Some("no"))], &ctx, &mut found);
    of(windows::SPEC.columns, &[window(3, "open", "overrun")], &ctx, &mut found);
    of(risks::SPEC.columns, &[risk(1, 1, "candidate"), risk(2, 3, "treating")], &ctx, &mut found);
    of(posture::SPEC.columns, &[site("RLF", "Ras Laffan")], &ctx, &mut found);
    of(measures::SPEC.columns, &[measure()], &ctx, &mut found);
    of(objects::SPEC.columns, &[item("PLC-7", "stale", None)], &ctx, &mut found);
    of(
        zones::SPEC.columns,
        &[zone("A", Some(3), Some(2)), zone("C", Some(3), None)],
        &ctx,
        &mut found,
    );
    let calls = watched(2, "alarm", About::Window(Box::new(window(3, "open", "open"))));
    of(watch::SPEC.columns, &[Watched { unacknowledged: true, ..calls }], &ctx, &mut found);
    assert!(found.len() > 8, "{found:?}");
    let legend: String = LEGEND.iter().flat_map(|(_, all)| *all).map(|one| one.sign).collect();
    let unnamed: Vec<&char> = found.iter().filter(|sign| !legend.contains(**sign)).collect();
    assert!(unnamed.is_empty(), "{unnamed:?}");
}

#[test]
fn a_number_says_which_way_it_moved_in_a_day_where_that_is_known() {
    let said = |row: &SitePosture, function| posture::score(row, function).plain().to_string();
    let known = site("RLF", "Ras Laffan");
    assert_eq!(said(&known, Function::Govern), "↑100 ");
    assert_eq!(said(&known, Function::Identify), "↓61▼?");
    assert_eq!(said(&known, Function::Protect), "90▼", "as it was");
    assert_eq!(said(&known, Function::Detect), "--?");
    let unknown = SitePosture { was: None, ..known };
    assert_eq!(said(&unknown, Function::Identify), "61▼?", "too much moved to say");
}

#[test]
fn in_the_time_of_the_site_nothing_is_left_in_utc_and_the_header_says_it() {
    static CHANGES: Spec<Change> = changes::SPEC;
    static WINDOWS: Spec<Window> = windows::SPEC;
    static RISKS: Spec<Risk> = risks::SPEC;
    static WATCH: Spec<Watched> = watch::SPEC;
    let zone = Some(chrono_tz::Tz::Asia__Riyadh);
    fn page<T>(rows: Vec<T>) -> Page<T> {
        Page { rows, next: None }
    }
    let change = || change(1, "requested");
    let window = || window(3, "open", "open");
    let about = || vec![watched(2, "alarm", About::Window(Box::new(window())))];
    let held = Watched { due: Some(at("2026-11-22T14:40:00Z")), ..about().remove(0) };
    for size in [(80, 24), (160, 48)] {
        let said = [
            painted(&mut ListScreen::new(&CHANGES), page(vec![change()]), size, false, zone),
            painted(&mut ListScreen::new(&WINDOWS), page(vec![window()]), size, false, zone),
            painted(
                &mut ListScreen::new(&RISKS),
                page(vec![risk(2, 3, "treating")]),
                size,
                false,
                zone,
            ),
            painted(&mut ListScreen::new(&WATCH), page(vec![held.clone()]), size, false, zone),
        ];
        for one in said {
            let utc = one
                .match_indices('Z')
                .any(|(at, _)| one[..at].ends_with(|c: char| c.is_ascii_digit()));
            assert!(!utc, "{one}");
        }
    }
    let mut list = ListScreen::new(&WATCH);
    let both = || {
        let away = Watched {
            id: "other".into(),
            zone: chrono_tz::Tz::America__New_York,
            ..about().remove(0)
        };
        page(vec![about().remove(0), away])
    };
    let header = |said: String| said.lines().next().unwrap().to_owned();
    for (zone, whose) in [(zone, " When +03 "), (None, " When UTC ")] {
        let rows = || page(vec![window()]);
        let said = header(painted(&mut ListScreen::new(&WINDOWS), rows(), (80, 24), false, zone));
        assert!(said.contains(whose), "{said}");
    }
    let said = header(painted(&mut list, both(), (80, 24), false, zone));
    assert!(said.ends_with("times of each site · all (f: mine)"), "{said}");
    let said = header(painted(&mut list, page(about()), (80, 24), false, zone));
    assert!(said.ends_with("times +03 · all (f: mine)"), "{said}");
    let said = header(painted(&mut list, page(about()), (80, 24), false, None));
    assert!(said.ends_with("  all (f: mine)") && !said.contains("times"), "{said}");
}

#[test]
fn a_row_of_several_sites_says_which_it_is_of() {
    static MEASURES: Spec<MeasureRow> = measures::SPEC;
    static OBJECTS: Spec<Found> = objects::SPEC;
    let of_measure = shown(&MEASURES, vec![measure()], (80, 24), false);
    assert!(of_measure.lines().nth(1).unwrap().contains(" RLF "), "{of_measure}");
    let of_item = shown(&OBJECTS, vec![item("PLC-7", "ok", None)], (80, 24), false);
    assert!(of_item.lines().nth(1).unwrap().contains(" RLF "), "{of_item}");
}

#[test]
fn a_measure_without_anything_wrong_says_so_and_how_to_see_its_items() {
    let mut sites = posture::sites();
    let rows = Page { rows: vec![site("RLF", "Ras Laffan")], next: None };
    sites.accept(Data::List(Box::new(rows)), Fetch::Anew);
    let Reaction::Open(mut measures) = sites.act(Act::Open) else { panic!("no measures") };
    measures.accept(Data::List(Box::new(Page { rows: vec![measure()], next: None })), Fetch::Anew);
    let Reaction::Open(mut items) = measures.act(Act::Open) else { panic!("no items") };
    let none = || Page::<Found> { rows: Vec::new(), next: None };
    let said = picture(&mut *items, none(), (80, 24), false);
    assert!(said.contains("Nothing is wrong in this measure; f shows all its items."), "{said}");
    items.set_filter("site:RLF measure:described pump".into());
    let said = picture(&mut *items, none(), (80, 24), false);
    let words = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let told =
        "Nothing matches site:RLF measure:described pump: / changes the words, with an empty";
    assert!(words.contains(told), "{said}");
    assert!(items.part().plain().as_str().contains("/site:RLF"), "the filter is in view");
}

#[test]
fn what_an_empty_list_says_stands_whole_at_80_columns() {
    static LONG: Spec<Change> = Spec {
        empty: "No change is asked for. n asks for one, and here the sentence goes on until it takes a second line.",
        ..changes::SPEC
    };
    let said = shown(&LONG, Vec::new(), (80, 24), false);
    let words = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains(LONG.empty), "{said}");
}

#[test]
fn the_measures_of_a_site_open_at_the_one_that_fell_most_and_stay_where_one_goes() {
    let mut sites = posture::sites();
    let rows = Page { rows: vec![site("RLF", "Ras Laffan")], next: None };
    sites.accept(Data::List(Box::new(rows)), Fetch::Anew);
    let Reaction::Open(mut measures) = sites.act(Act::Open) else { panic!("no measures") };
    let page = || {
        let rights = MeasureRow { r#ref: "RLF#decision_rights".into(), ..measure() };
        Data::List(Box::new(Page { rows: vec![rights, measure()], next: None }))
    };
    measures.accept(page(), Fetch::Anew);
    assert_eq!(measures.focus().unwrap().reference, "RLF#described");
    measures.act(Act::Move(Move::Top));
    measures.accept(page(), Fetch::Anew);
    assert_eq!(measures.focus().unwrap().reference, "RLF#decision_rights");
}

#[test]
fn enter_leads_from_a_site_to_its_measures_and_on_to_the_items_that_are_not_ok() {
    let mut sites = posture::sites();
    sites.accept(
        Data::List(Box::new(Page { rows: vec![site("RLF", "Ras Laffan")], next: None })),
        Fetch::Anew,
    );
    let Reaction::Open(mut measures) = sites.act(Act::Open) else { panic!("no measures") };
    assert_eq!(measures.filter(), "site:RLF");
    measures.accept(Data::List(Box::new(Page { rows: vec![measure()], next: None })), Fetch::Anew);
    let Reaction::Open(mut items) = measures.act(Act::Open) else { panic!("no items") };
    assert_eq!(items.filter(), "site:RLF measure:described state:bad,stale,unknown");
    assert!(matches!(items.act(Act::View), Reaction::Fetch(Fetch::Anew)));
    assert_eq!(items.filter(), "site:RLF measure:described");
    items.accept(
        Data::List(Box::new(Page { rows: vec![item("PLC-7", "ok", None)], next: None })),
        Fetch::Anew,
    );
    let Reaction::Open(object) = items.act(Act::Open) else { panic!("no object") };
    assert_eq!(object.focus().unwrap().reference, "RLF/PLC-7");
    let Reaction::Open(zones) = sites.act(Act::View) else { panic!("no zones") };
    assert_eq!(zones.title().to_string(), "Posture: zones");
}
