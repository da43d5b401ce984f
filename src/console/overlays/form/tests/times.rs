//! In whose time a bare time is read: said in every form before anything is typed, and the same however times are shown.

use super::*;
use crate::console::forms::fields;
use crate::domain::command::commands;

/// A form of a command at a site of a zone, as it is opened on an object.
fn of(command: &str) -> Form {
    let about = About {
        reference: "CR-7".into(),
        name: SafeText::fixed("firmware"),
        zone: Some(chrono_tz::Tz::Asia__Riyadh),
    };
    let fixed = json!({"ref": "CR-7"}).as_object().unwrap().clone();
    let asked = fields(command).unwrap();
    Form::new(command, command.into(), "c".into(), Some(about), asked, fixed)
}

fn times(form: &Form) -> Vec<usize> {
    let time = |field: &Field| matches!(field.spec.kind, FieldKind::Time(_));
    (0..form.fields.len()).filter(|at| time(&form.fields[*at])).collect()
}

fn seen(form: &Form, ctx: &Ctx<'_>) -> String {
    let mut buffer = Buffer::empty(OVER);
    draw(form, ctx, OVER, &mut buffer);
    let rows = buffer.content.chunks(80);
    let line = |row: &[ratatui::buffer::Cell]| row.iter().map(|cell| cell.symbol()).collect();
    rows.map(line).collect::<Vec<String>>().join("\n")
}

/// Where a form stands on a screen of 80x24.
const OVER: Rect = Rect::new(0, 0, 80, 20);

#[test]
fn every_field_of_a_time_says_in_whose_time_it_is_read_before_anything_is_typed() {
    let mut found = 0;
    for command in commands().filter_map(|spec| spec.command) {
        for at in times(&of(command)) {
            let mut form = of(command);
            if form.fields[at].spec.needs.is_some() {
                let kind = form.fields.iter().position(|field| field.spec.name == "kind").unwrap();
                form.fields[kind].set("temporary");
            }
            form.focus = at;
            let said = within(|ctx| seen(&form, ctx));
            let whole = said.split_whitespace().collect::<Vec<_>>().join(" ");
            let name = &form.fields[at].spec.name;
            let zone = "Site time +03 (Asia/Riyadh); with Z it is UTC.";
            assert!(whole.contains(zone), "{command} {name}: {said}");
            found += 1;
        }
    }
    assert!(found > 10, "{found}");
}

#[test]
fn how_times_are_shown_changes_nothing_of_how_they_are_read() {
    let mut form = of("change.revise");
    form.focus = times(&form)[0];
    let before = within(|ctx| seen(&form, ctx));
    let local = |utc| {
        within(|ctx| {
            let local = chrono_tz::Tz::America__New_York;
            let ctx = Ctx { utc, local, ..*ctx };
            let at = form.fields[form.focus].clone();
            let typed = |text: &str| {
                let mut field = at.clone();
                field.set(text);
                field.value(form.clock(&field, &ctx)).unwrap()
            };
            (seen(&form, &ctx), typed("14:00"), typed("14:00Z"))
        })
    };
    assert_eq!(local(true), local(false));
    assert_eq!(local(false).0, before);
    assert_eq!(local(false).1, Some(json!("2026-11-22T11:00:00Z")));
    assert_eq!(local(false).2, Some(json!("2026-11-22T14:00:00Z")));
}

#[test]
fn a_form_that_names_no_site_says_so_and_the_zone_that_counts() {
    let asked = fields("role.grant").unwrap();
    let mut form = Form::new("role.grant", "".into(), "".into(), None, asked, Map::new());
    // That of the row on which it was opened.
    form.zone = Some(chrono_tz::Tz::Asia__Riyadh);
    form.focus = times(&form)[0];
    let words = |said: String| said.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = words(within(|ctx| seen(&form, ctx)));
    assert!(said.contains("No site is named: read as +03 (Asia/Riyadh), with Z as UTC."), "{said}");
    let utc = words(within(|ctx| seen(&form, &Ctx { zone: chrono_tz::Tz::UTC, ..*ctx })));
    assert!(utc.contains("No site is named: read as UTC."), "{utc}");
}
