//! What has no room: forms longer than the screen, texts longer than a row.

use super::*;

#[test]
fn a_form_that_is_longer_than_the_screen_is_gone_through_page_by_page() {
    let fields = (0..40).map(|at| spec(&format!("field {at}"), FieldKind::Text, false)).collect();
    let mut form = Form::new("x.y", "".into(), "c".into(), None, fields, Map::new());
    assert!(!shown(&form).contains('↑'), "{}", shown(&form));
    let (down, up) = (Key::plain(Code::PageDown), Key::plain(Code::PageUp));
    strike(&mut form, &[down]);
    let second = shown(&form);
    assert!(form.focus > 10 && form.focus < 30, "a page and no more: {}", form.focus);
    assert!(second.contains('↓') && second.contains(&format!(">field {}", form.focus)), "{second}");
    strike(&mut form, &[down; 4]);
    let last = shown(&form);
    assert!(
        last.contains(" ↑ ") && last.contains("field 39") && last.contains(">[Submit]"),
        "{last}"
    );
    strike(&mut form, &[up; 5]);
    assert!(shown(&form).contains(">field 0"), "{}", shown(&form));
}

#[test]
fn what_is_decided_on_is_seen_in_a_line_of_each_thing_and_whole_on_the_next_page() {
    let mut form = form();
    let long = |word: &str| SafeText::from(format!("{word} ").repeat(60));
    for (label, word) in
        [("what", "firmware"), ("impacts", "trips"), ("rollback", "old"), ("tests", "loop")]
    {
        form.brief = form.brief.field(label, crate::console::widgets::cell::Cell::text(long(word)));
    }
    let first = shown(&form);
    for label in ["what  ", "impacts  ", "rollback  ", "tests  "] {
        assert!(first.contains(label), "{label}: {first}");
    }
    let lines = words(&first, "PgDn shows all ").unwrap();
    let cut = words(&first, "shortened at … by ").unwrap();
    assert!(first.contains('…') && 0 < cut && cut < lines, "{first}");
    strike(&mut form, &[Key::plain(Code::PageDown)]);
    let second = shown(&form);
    assert!(!second.contains("firmware …"), "{second}");
    // What is still below is less than all, and each page on it is less; what is above grows by as much.
    let (mut above, mut below) = (0, words(&second, "↓ ").unwrap());
    assert!(below < lines, "{second}");
    let page = lines - below;
    for _ in 0..lines {
        strike(&mut form, &[Key::plain(Code::PageDown)]);
        let on = shown(&form);
        let now = words(&on, "↑ ").unwrap();
        assert_eq!(now, above + page, "{on}");
        above = now;
        if on.contains("that is all of it") {
            below = 0;
            break;
        }
        let left = words(&on, "↓ ").unwrap();
        assert_eq!(left, below - page, "{on}");
        below = left;
    }
    assert_eq!(below, 0, "{}", shown(&form));
}

/// The first number behind these words on a screen.
fn words(shown: &str, before: &str) -> Option<usize> {
    let (_, rest) = shown.split_once(before)?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[test]
fn what_is_said_of_the_field_that_one_stands_in_is_told_whole() {
    let help = "Where access comes from; a log that tells of another address than those it names raises an alarm.";
    let field = FieldSpec { help: help.into(), ..spec("source", FieldKind::Text, false) };
    let form = Form::new("x.y", "".into(), "c".into(), None, vec![field], Map::new());
    let words = shown(&form).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains(help), "{}", shown(&form));
}
