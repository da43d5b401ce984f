//! A form as a person fills it in: what is sent, what is refused, what is kept.

mod long;
mod news;
mod raised;
mod times;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::json;

use super::*;
use crate::console::ctx::Me;
use crate::console::data::{Failure, Start};
use crate::console::keys::Key;
use crate::console::overlays::field::{Needs, Tells};
use crate::console::overlays::form_view::draw;
use crate::console::theme::Look;
use crate::domain::time::Time;

fn spec(name: &str, kind: FieldKind, required: bool) -> FieldSpec {
    let label = SafeText::from_untrusted(name);
    FieldSpec { name: name.to_owned(), label, kind, required, ..FieldSpec::default() }
}

fn form() -> Form {
    let level = FieldKind::Choice(["none", "low", "medium", "high"].map(str::to_owned).to_vec());
    let needs = Some(Needs::more("level"));
    let text = FieldSpec { needs, ..spec("text", FieldKind::Text, false) };
    let safety = vec![spec("level", level, true), text];
    let fields = vec![
        spec("ref", FieldKind::Text, true),
        spec("title", FieldKind::Text, true),
        spec("start", FieldKind::Time(None), true),
        spec("end", FieldKind::Time(Some("start".into())), true),
        spec(
            "impacts",
            FieldKind::Group(vec![spec("safety", FieldKind::Group(safety), true)]),
            true,
        ),
        spec("assets", FieldKind::List, false),
        spec("rollback", FieldKind::LongText, false),
    ];
    let fixed = json!({"ref": "CR-7"}).as_object().unwrap().clone();
    let about = About { reference: "CR-7".into(), name: SafeText::fixed("firmware"), zone: None };
    Form::new("change.revise", "Revise".into(), "c".into(), Some(about), fields, fixed)
}

fn within<T>(what: impl FnOnce(&Ctx<'_>) -> T) -> T {
    within_at("2026-11-22T08:50:00Z", what)
}

fn within_at<T>(now: &str, what: impl FnOnce(&Ctx<'_>) -> T) -> T {
    let look = Look::default();
    let now = now.parse().unwrap();
    let me = Me { holder: None, now };
    let zone = chrono_tz::Tz::Asia__Riyadh;
    let ctx =
        Ctx { now, utc: true, local: chrono_tz::Tz::UTC, zone, look: &look, stale: false, me };
    what(&ctx)
}

fn strike(form: &mut Form, keys: &[Key]) -> Reply {
    let mut last = Reply::Stay;
    for key in keys {
        let strokes = Strokes { strokes: vec![Stroke::Key(*key)], burst: false };
        last = within(|ctx| form.update(&strokes, &Keymap::default(), ctx, AREA));
    }
    last
}

fn shown(form: &Form) -> String {
    let area = Rect::new(0, 0, 80, 24);
    let mut buffer = Buffer::empty(area);
    within(|ctx| draw(form, ctx, area, &mut buffer));
    let rows = buffer.content.chunks(80);
    let line = |row: &[ratatui::buffer::Cell]| row.iter().map(|cell| cell.symbol()).collect();
    rows.map(line).collect::<Vec<String>>().join("\n")
}

fn write(form: &mut Form, text: &str) {
    let keys: Vec<Key> = text.chars().map(Key::char).collect();
    strike(form, &keys);
}

const AREA: Rect = Rect::new(0, 0, 80, 24);
const ENTER: Key = Key::plain(Code::Enter);
const SUBMIT: Key = Key::ctrl('o');

fn filled() -> Form {
    let mut form = form();
    for text in ["new firmware", "14:00", "+2h", "m", "trips", "RLF/DCS-02, RLF/DCS-03"] {
        write(&mut form, text);
        strike(&mut form, &[ENTER]);
    }
    form
}

#[test]
fn what_a_choice_makes_compulsory_is_starred() {
    let mut form = form();
    assert!(!shown(&form).contains("in words"), "{}", shown(&form));
    for text in ["new firmware", "14:00", "+2h", "m"] {
        write(&mut form, text);
        strike(&mut form, &[ENTER]);
    }
    assert!(shown(&form).contains("in words*"), "{}", shown(&form));
}

#[test]
fn what_another_field_demands_is_starred_and_missed() {
    let kinds = FieldKind::Choice(["normal", "emergency"].map(str::to_owned).to_vec());
    let must = Some(Needs::word("kind", "emergency"));
    let basis = FieldSpec { must, ..spec("basis", FieldKind::Text, false) };
    let fields = vec![spec("kind", kinds, true), basis];
    let mut form = Form::new("change.request", "".into(), "".into(), None, fields, Map::new());
    write(&mut form, "n");
    assert!(!shown(&form).contains("basis*"), "{}", shown(&form));
    assert!(matches!(strike(&mut form, &[SUBMIT]), Reply::Submit(_)));
    form.sending = false;
    write(&mut form, "e");
    assert!(shown(&form).contains("basis*"), "{}", shown(&form));
    assert!(matches!(strike(&mut form, &[SUBMIT]), Reply::Stay), "it says no reason");
}

#[test]
fn what_is_decided_on_is_gone_through_where_it_has_no_room() {
    let mut form = form();
    for line in 0..40 {
        form.brief = form.brief.text(SafeText::from(format!("fact {line}.")));
    }
    assert!(shown(&form).contains("fact 0.") && !shown(&form).contains("fact 39."));
    assert!(shown(&form).contains("lines more below: PgDn shows them"), "{}", shown(&form));
    let down = Key::plain(Code::PageDown);
    strike(&mut form, &[down; 20]);
    let end = shown(&form);
    assert!(end.contains("fact 39.") && end.contains("that is all of it; PgUp goes back"), "{end}");
    strike(&mut form, &[Key::plain(Code::PageUp); 20]);
    assert!(shown(&form).contains("fact 0."), "{}", shown(&form));
}

#[test]
fn what_somebody_else_wrote_meanwhile_is_never_undone_by_a_form_that_stood_open() {
    let stale = Failure::Refused {
        code: "stale".into(),
        message: "CR-7 moved".into(),
        fix: SafeText::default(),
        field: None,
    };
    let start = |title: &str, version| {
        let values = json!({"title": title}).as_object().unwrap().clone();
        Start { values, version, ..Start::default() }
    };
    for (title, expect) in [("firmware", Some(9)), ("firmware 2.8", None)] {
        let mut form = form();
        form.stands(start("firmware", 5), Time::default());
        write(&mut form, "!");
        form.failed(&stale);
        form.stands(start(title, 9), Time::default());
        assert_eq!(form.fixed.get("expect").and_then(Value::as_i64), expect, "{title}");
        let said = shown(&form);
        assert_eq!(said.contains("leave with Ctrl-X"), expect.is_none(), "{said}");
    }
    let decided = |brief: &str, discipline: Option<&str>| {
        let values = discipline.map(|of| json!({"discipline": of})).unwrap_or_else(|| json!({}));
        let brief = Doc::default().text(crate::console::widgets::cell::Cell::text(brief));
        Start { values: values.as_object().unwrap().clone(), brief, ..Start::default() }
    };
    for (then, of, again, said) in [
        ("one batch is re-tested", Some("quality"), true, ""),
        ("the line is rebuilt", Some("quality"), false, "what stands here is as it is now"),
        ("one batch is re-tested", None, false, "it waits for you no more"),
    ] {
        let mut form = form();
        form.stands(decided("one batch is re-tested", Some("quality")), Time::default());
        form.failed(&stale);
        assert_eq!(form.stands(decided(then, of), Time::default()), again, "{then}");
        assert!(shown(&form).contains(said), "{}", shown(&form));
    }
}

#[test]
fn a_decision_that_stands_open_follows_what_is_decided_on_and_waits_until_it_was_read() {
    let fixed = json!({"ref": "CR-7", "expect": 4}).as_object().unwrap().clone();
    let about = About { reference: "CR-7".into(), name: SafeText::fixed("firmware"), zone: None };
    let fields = vec![spec("ref", FieldKind::Text, true), spec("reason", FieldKind::Text, false)];
    let mut form = Form::new("change.approve", "".into(), "".into(), Some(about), fields, fixed);
    let of = |brief: &str, yes: &str, version| Start {
        values: json!({"discipline": "quality"}).as_object().unwrap().clone(),
        brief: Doc::default().text(crate::console::widgets::cell::Cell::text(brief)),
        so_far: Doc::default().text(crate::console::widgets::cell::Cell::text(yes)),
        version,
        ..Start::default()
    };
    let at = |second: i64| "2026-11-22T08:50:00Z".parse::<Time>().unwrap().plus_seconds(second);
    assert_eq!(form.follow(), None, "nothing was read yet");
    form.stands(of("one batch", "nobody", 4), at(0));
    assert!(form.follow().is_some());
    form.stands(of("one batch", "operations", 6), at(1));
    let said = shown(&form);
    assert!(said.contains("operations") && !said.contains("another"), "{said}");
    assert_eq!(form.fixed.get("expect").and_then(Value::as_i64), Some(6));
    form.stands(of("one batch, and a comment", "operations", 7), at(10));
    assert!(shown(&form).contains("just become another: read it"), "{}", shown(&form));
    let submit = |form: &mut Form, second: i64| {
        let strokes = Strokes { strokes: vec![Stroke::Key(SUBMIT)], burst: false };
        let now = at(second).to_string();
        within_at(&now, |ctx| form.update(&strokes, &Keymap::default(), ctx, AREA))
    };
    assert!(matches!(submit(&mut form, 11), Reply::Stay), "nobody reads so fast");
    assert!(shown(&form).contains("not submitted: what stands above"), "{}", shown(&form));
    let Reply::Submit(sent) = submit(&mut form, 12) else { panic!("it goes through once read") };
    assert_eq!(sent.fields["expect"], 7);
    // What comes while it is on its way was not read by whoever sent it.
    assert_eq!(form.follow(), None);
    form.stands(of("the line is rebuilt", "operations", 8), at(13));
    assert!(!shown(&form).contains("rebuilt"), "{}", shown(&form));
}

#[test]
fn what_people_say_in_their_own_words_is_not_split_at_its_blanks() {
    let fields = vec![spec("compensating", FieldKind::Lines, true)];
    let mut form = Form::new("bypass.place", "".into(), "".into(), None, fields, Map::new());
    write(&mut form, "Hand reading, each hour; a man at the glass");
    let Reply::Submit(sent) = strike(&mut form, &[SUBMIT]) else { panic!("{:?}", form.fields) };
    let said = json!(["Hand reading, each hour", "a man at the glass"]);
    assert_eq!(sent.fields["compensating"], said);
    form.fields[0].set_value(&said);
    assert_eq!(form.fields[0].typed(), "Hand reading, each hour; a man at the glass");
}

#[test]
fn what_confirms_is_typed_each_time() {
    let fixed = json!({"ref": "CR-7"}).as_object().unwrap().clone();
    let about = About { reference: "CR-7".into(), name: SafeText::fixed("firmware"), zone: None };
    let of = || {
        let fields =
            vec![spec("ref", FieldKind::Text, true), spec("reason", FieldKind::Text, true)];
        Form::new("change.waive", "".into(), "".into(), Some(about.clone()), fields, fixed.clone())
    };
    let mut form = of();
    assert!(form.fields.iter().any(|field| field.spec.name == RETYPE), "it asks to be confirmed");
    for _ in 0..form.fields.len() {
        write(&mut form, "CR-7");
        strike(&mut form, &[ENTER]);
    }
    let draft = form.draft();
    assert_eq!(draft.keys().map(String::as_str).collect::<Vec<_>>(), ["reason"]);
    let mut again = of();
    again.restore(&draft);
    let typed = again.fields.iter().find(|field| field.spec.name == RETYPE).unwrap();
    assert!(typed.is_empty());
}

#[test]
fn what_an_object_makes_compulsory_is_not_left_empty() {
    let mut form = filled();
    form.require(&["rollback"]);
    assert!(matches!(strike(&mut form, &[SUBMIT]), Reply::Stay));
    assert_eq!(form.fields[form.focus].spec.name, "rollback");
    let mut form = filled();
    form.require(&["a field that is not there"]);
    assert!(!matches!(strike(&mut form, &[SUBMIT]), Reply::Stay));
}

#[test]
fn a_filled_form_submits_the_fields_that_a_script_would_send() {
    let mut form = filled();
    write(&mut form, "old");
    strike(&mut form, &[ENTER]);
    write(&mut form, "image");
    let Reply::Submit(sent) = strike(&mut form, &[SUBMIT]) else { panic!("{:?}", form.fields) };
    assert_eq!(sent.command, "change.revise");
    assert_eq!(
        Value::Object(sent.fields),
        json!({
            "ref": "CR-7",
            "title": "new firmware",
            "start": "2026-11-22T11:00:00Z",
            "end": "2026-11-22T13:00:00Z",
            "impacts": {"safety": {"level": "medium", "text": "trips"}},
            "assets": ["RLF/DCS-02", "RLF/DCS-03"],
            "rollback": "old\nimage",
        })
    );
    assert!(form.sending);
    assert!(matches!(strike(&mut form, &[SUBMIT]), Reply::Stay), "never sent twice");
}

#[test]
fn errors_stand_beside_their_fields_and_nothing_is_sent() {
    let mut form = form();
    strike(&mut form, &[ENTER]);
    assert_eq!(form.fields[0].error, Some("this is required".into()));
    write(&mut form, "25:00");
    assert!(form.fields[1].error.as_ref().unwrap().as_str().contains("is no time"));
    assert!(matches!(strike(&mut form, &[SUBMIT]), Reply::Stay));
    assert_eq!(form.focus, 0);
    assert!(!form.sending);
}

#[test]
fn what_is_wrong_with_the_field_that_one_stands_in_is_told_whole() {
    let mut form = form();
    strike(&mut form, &[ENTER]);
    let twice = "2027-10-31 02:30 comes twice at the site, as its clocks go back: write \
                 2027-10-31T00:30Z or 2027-10-31T01:30Z";
    form.fields[1].error = Some(twice.into());
    let words = |form: &Form| shown(form).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words(&form).contains(twice), "{}", shown(&form));
    let rows = |form: &Form| {
        let shown = shown(form);
        shown.lines().take_while(|line| !line.contains(" end*")).count()
    };
    form.fields[1].error = Some(SafeText::from("long ".repeat(60)));
    let long = rows(&form);
    assert!(shown(&form).contains('…'), "{}", shown(&form));
    form.fields[1].error = Some("short".into());
    assert_eq!(long, rows(&form) + 2, "three lines at most");
    form.fields[1].error = Some(twice.into());
    strike(&mut form, &[ENTER]);
    form.fields[1].error = Some(twice.into());
    assert!(!words(&form).contains("2027-10-31T01:30Z"), "one line where nobody stands");
}

#[test]
fn a_form_that_does_not_show_all_its_fields_says_how_many_follow() {
    let fields = (0..30).map(|at| spec(&format!("field {at}"), FieldKind::Text, false)).collect();
    let mut form = Form::new("x.y", "".into(), "c".into(), None, fields, Map::new());
    let more = |form: &Form| {
        let shown = shown(form);
        let count = shown.lines().filter(|line| line.contains("field ")).count();
        let told = shown.lines().find_map(|line| {
            line.trim().strip_prefix("↓ ")?.strip_suffix(" more fields")?.parse::<usize>().ok()
        });
        (count, told)
    };
    let (count, told) = more(&form);
    assert_eq!(told, Some(30 - count), "{}", shown(&form));
    let tab = Key::plain(Code::Tab);
    strike(&mut form, &[tab; 24]);
    let (_, told) = more(&form);
    assert_eq!(told, Some(5), "{}", shown(&form));
    strike(&mut form, &[tab; 5]);
    assert!(shown(&form).contains(">field 29"), "{}", shown(&form));
    assert_eq!(more(&form).1, None, "nothing follows the last");
}

#[test]
fn a_pasted_burst_types_but_never_submits_or_leaves() {
    let mut form = filled();
    let look = Look::default();
    let ctx = Ctx {
        now: Time::default(),
        utc: true,
        local: chrono_tz::Tz::UTC,
        zone: chrono_tz::Tz::UTC,
        look: &look,
        stale: false,
        me: Me { holder: None, now: Time::default() },
    };
    for last in [SUBMIT, Key::plain(Code::Esc)] {
        let strokes = vec![Stroke::Key(Key::char('x')), Stroke::Key(last)];
        let reply = form.update(&Strokes { strokes, burst: true }, &Keymap::default(), &ctx, AREA);
        assert!(matches!(reply, Reply::Stay));
    }
    assert_eq!(form.fields.last().unwrap().typed(), "xx");
}

#[test]
fn a_refusal_keeps_the_form_and_goes_to_the_field() {
    let mut form = filled();
    assert!(matches!(strike(&mut form, &[SUBMIT]), Reply::Submit(_)));
    form.failed(&Failure::Refused {
        code: "conflict".into(),
        message: "an outage holds the asset".into(),
        fix: "".into(),
        field: Some("start".into()),
    });
    assert!(!form.sending);
    assert_eq!(form.fields[form.focus].spec.name, "start");
    assert!(form.banner.as_ref().unwrap().as_str().contains("refused (conflict)"));
    assert_eq!(form.fields[0].typed(), "new firmware");
}

#[test]
fn a_draft_comes_back_as_it_was_left() {
    let draft = filled().draft();
    let mut again = form();
    again.restore(&draft);
    assert_eq!(again.draft(), draft);
    assert!(form().draft().is_empty());
}

#[test]
fn what_cannot_be_undone_asks_for_the_reference_again() {
    let about = About { reference: "INC-7".into(), name: "x".into(), zone: None };
    let fixed = json!({"ref": "INC-7"}).as_object().unwrap().clone();
    let mut form = Form::new("incident.close", "".into(), "".into(), Some(about), vec![], fixed);
    assert!(matches!(strike(&mut form, &[SUBMIT]), Reply::Stay));
    write(&mut form, "INC-8");
    assert!(matches!(strike(&mut form, &[SUBMIT]), Reply::Stay));
    strike(&mut form, &[Key::plain(Code::Backspace), Key::char('7')]);
    let Reply::Submit(sent) = strike(&mut form, &[SUBMIT]) else { panic!() };
    assert_eq!(Value::Object(sent.fields), json!({"ref": "INC-7"}));
}

#[test]
fn words_are_asked_for_only_where_the_answer_is_more_than_none() {
    let mut form = form();
    for text in ["new firmware", "14:00", "+2h", "n"] {
        write(&mut form, text);
        strike(&mut form, &[ENTER]);
    }
    assert_eq!(form.fields[form.focus].spec.name, "assets", "nothing is to be said of none");
    strike(&mut form, &[Key::plain(Code::BackTab)]);
    write(&mut form, "h");
    strike(&mut form, &[ENTER]);
    assert_eq!(form.fields[form.focus].spec.name, "impacts.safety.text");
    assert!(matches!(strike(&mut form, &[SUBMIT]), Reply::Stay));
    assert_eq!(form.fields[form.focus].error, Some("say in words what it is".into()));
}

#[test]
fn a_time_means_what_it_meant_when_it_was_typed_however_late_it_is_sent() {
    let fields = vec![
        spec("start", FieldKind::Time(None), true),
        spec("end", FieldKind::Time(Some("start".into())), true),
    ];
    let mut form = Form::new("outage.plan", "Plan".into(), "c".into(), None, fields, Map::new());
    // 11:51 in Riyadh is a minute ahead.
    for text in ["11:51", "+2h"] {
        let typed: Vec<Key> = text.chars().map(Key::char).collect();
        strike(&mut form, &typed);
        strike(&mut form, &[Key::plain(Code::Tab)]);
    }
    let late = within_at("2026-11-22T08:59:30Z", |ctx| form.submit(ctx));
    let Reply::Submit(sent) = late else { panic!("{late:?}") };
    assert_eq!(sent.fields["start"], "2026-11-22T08:51:00Z");
    assert_eq!(sent.fields["end"], "2026-11-22T10:51:00Z");
}

#[test]
fn a_standard_change_without_a_template_says_that_it_makes_one() {
    let said = "without a template it makes one, which all must approve";
    let tells = Some(Tells { word: "standard", without: "template", said });
    let kind = FieldKind::Choice(["normal", "standard"].map(str::to_owned).to_vec());
    let fields = vec![
        FieldSpec { tells, ..spec("kind", kind, true) },
        spec("template", FieldKind::Text, false),
    ];
    let mut form = Form::new("change.request", "n".into(), "c".into(), None, fields, Map::new());
    let shown = |form: &Form| {
        let area = Rect::new(0, 0, 80, 12);
        let mut buffer = Buffer::empty(area);
        within(|ctx| draw(form, ctx, area, &mut buffer));
        buffer.content.iter().map(ratatui::buffer::Cell::symbol).collect::<String>()
    };
    form.fields[0].set("normal");
    assert!(!shown(&form).contains(said));
    form.fields[0].set("standard");
    assert!(shown(&form).contains(said), "{}", shown(&form));
    form.focus = 1;
    assert!(shown(&form).contains(said), "wherever one stands");
    form.fields[1].set("CR-3");
    assert!(!shown(&form).contains(said), "a use of a template makes none");
}
