//! What stands in a field goes back as it came, unless somebody typed.

use super::*;

#[test]
fn an_instant_of_the_store_is_filled_in_to_the_minute_and_stays_the_same_untouched() {
    let spec = FieldSpec { kind: FieldKind::Time(None), ..FieldSpec::default() };
    let mut field = Field::new(spec);
    field.set_value(&json!("2026-11-22T14:32:07.123456Z"));
    assert_eq!(field.typed(), "2026-11-22 14:32Z");
    let value = field.value(clock()).unwrap().unwrap();
    assert_eq!(value, json!("2026-11-22T14:32:07.123456Z"));
    field.set("2026-11-22 14:33Z");
    assert_eq!(field.value(clock()).unwrap().unwrap(), json!("2026-11-22T14:33:00Z"));
}

fn clock() -> Clock {
    let now = "2026-11-22T08:50:00Z".parse().unwrap();
    Clock { now, typed: now, zone: Tz::Europe__Brussels, base: None }
}

#[test]
fn a_text_of_the_store_that_is_left_as_it_is_goes_back_as_it_is() {
    let long = "Drain the line. ".repeat(500);
    let texts = ["the \u{202e}pump\u{200b} of line 3", "first\ttab\nsecond", &long];
    for text in texts {
        let spec = FieldSpec { kind: FieldKind::LongText, ..FieldSpec::default() };
        let mut field = Field::new(spec);
        field.set_value(&json!(text));
        assert_eq!(field.value(clock()).unwrap().unwrap(), json!(text));
        // A draft holds what was shown.
        let shown = field.typed();
        field.set(&shown);
        assert_eq!(field.value(clock()).unwrap().unwrap(), json!(text));
    }
}

#[test]
fn what_is_typed_in_a_long_text_of_the_store_takes_nothing_of_it_away() {
    let long = "a".repeat(8_000);
    let spec = FieldSpec { kind: FieldKind::LongText, ..FieldSpec::default() };
    let mut field = Field::new(spec);
    field.set_value(&json!(long));
    assert!(field.key(Key { code: Code::Char('b'), ctrl: false }));
    assert_eq!(field.value(clock()).unwrap().unwrap(), json!(long + "b"));
}

#[test]
fn things_in_words_keep_the_signs_that_set_others_apart() {
    let spec = FieldSpec { kind: FieldKind::Lines, ..FieldSpec::default() };
    let mut field = Field::new(spec);
    let given = json!(["Watch the door; call the guard", "Lock it"]);
    field.set_value(&given);
    assert_eq!(field.value(clock()).unwrap().unwrap(), given);
}
