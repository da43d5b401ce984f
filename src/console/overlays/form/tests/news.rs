//! What a form says of its object while it stands open.

use super::*;
use crate::console::data::Over;
use crate::domain::wrote::Wrote;

fn closing() -> Form {
    let fixed = json!({"ref": "VW-60", "expect": 4}).as_object().unwrap().clone();
    let about = About { reference: "VW-60".into(), name: SafeText::fixed("tbriggs"), zone: None };
    let fields = vec![spec("ref", FieldKind::Text, true), spec("close_out", FieldKind::Text, true)];
    let comes = "Ends the access and records what was done.";
    Form::new("window.close", "window.close".into(), comes.into(), Some(about), fields, fixed)
}

fn wrote(seq: i64, kind: &str) -> Option<Wrote> {
    let at = "2026-11-22T08:49:00Z".parse().unwrap();
    Some(Wrote { seq, kind: kind.into(), actor: "mvermeer".into(), at })
}

#[test]
fn a_form_whose_object_was_ended_meanwhile_says_so_in_a_line_and_keeps_what_was_typed() {
    let mut form = closing();
    let opened = Start { last: wrote(4, "window.opened"), ..Start::default() };
    form.stands(opened.clone(), Time::default());
    write(&mut form, "loop tuned");
    assert!(form.follow().is_some(), "it follows its object, whatever it shows of it");
    form.stands(opened, Time::default());
    assert_eq!(form.banner, None, "news about another object are none");
    let why =
        "VW-60 is cut off: mvermeer cut it off at 2026-11-22 08:49Z; nothing is left to close";
    let head = "OVER: VW-60 is cut off";
    let over = Some(Over { head: SafeText::fixed(head), why: SafeText::fixed(why) });
    let cut_off = Start { over, last: wrote(9, "window.cut-off"), ..Start::default() };
    form.stands(cut_off, Time::default());
    let said = shown(&form).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains(&format!("{why}: Esc leaves and keeps what was typed")), "{said}");
    assert_eq!(form.draft()["close_out"], "loop tuned");
    // The heading says so in words, in the place of what the form would have done.
    let first = |form: &Form| shown(form).lines().next().unwrap_or_default().to_owned();
    assert!(first(&form).starts_with("OVER: VW-60 is cut off  tbriggs"), "{}", shown(&form));
    assert!(!shown(&form).contains("Ends the access"), "{}", shown(&form));
    // What comes back, as a request that was revised, can be done again.
    form.stands(Start { last: wrote(11, "window.opened"), ..Start::default() }, Time::default());
    assert!(first(&form).starts_with("window.close  VW-60"), "{}", shown(&form));
    assert!(shown(&form).contains("Ends the access"), "{}", shown(&form));
}

#[test]
fn a_form_says_that_its_object_changed_meanwhile_and_by_whom() {
    let mut form = closing();
    form.stands(Start { last: wrote(4, "window.opened"), ..Start::default() }, Time::default());
    form.stands(Start { last: wrote(9, "window.extended"), ..Start::default() }, Time::default());
    let said = "VW-60 changed meanwhile: extended by mvermeer at 2026-11-22 08:49Z";
    assert!(shown(&form).contains(said), "{}", shown(&form));
}

#[test]
fn a_field_offers_only_the_words_that_apply() {
    let of = crate::domain::discipline::Discipline::WORDS;
    let of: Vec<String> = of.iter().map(|word| (*word).to_owned()).collect();
    let fields = vec![spec("discipline", FieldKind::Pick(of), true)];
    let mut form = Form::new("change.review", "".into(), "".into(), None, fields, Map::new());
    let words = ["quality", "safety"].map(str::to_owned).to_vec();
    let values = json!({"discipline": "safety"}).as_object().unwrap().clone();
    let choices = vec![("discipline", words)];
    form.stands(Start { values, choices, ..Start::default() }, Time::default());
    let shown = shown(&form);
    assert!(shown.contains("( ) quality (x) safety"), "{shown}");
    assert!(!shown.contains("operations"), "{shown}");
    let Reply::Submit(sent) = strike(&mut form, &[SUBMIT]) else { panic!("{:?}", form.fields) };
    assert_eq!(sent.fields["discipline"], "safety");
}

#[test]
fn a_form_that_was_refused_before_it_was_read_does_not_say_that_it_was_filled_in() {
    let mut form = closing();
    write(&mut form, "loop tuned");
    form.failed(&Failure::Refused {
        code: "stale".into(),
        message: "VW-60 changed meanwhile".into(),
        fix: SafeText::default(),
        field: None,
    });
    let values = json!({"close_out": ""}).as_object().unwrap().clone();
    form.stands(Start { values, version: 9, ..Start::default() }, Time::default());
    assert!(!shown(&form).contains("filled in here is of before"), "{}", shown(&form));
    assert!(shown(&form).contains("what stands here is as it is now"), "{}", shown(&form));
    assert_eq!(form.fixed.get("expect").and_then(Value::as_i64), Some(9));
}
