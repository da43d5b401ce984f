//! Texts that readers take apart: none is written that they cannot read.

use super::super::approval::IMPACTS;
use super::alters;
use super::told::{People, told};

#[test]
fn no_row_is_written_that_a_reader_cannot_read() {
    let Some((store, People { pia, .. })) = told() else { return };
    let alice = &store.alice;
    store.refused(
        &pia,
        &alters("change.expired", "CR-6", "", "change", "state = 'expired', impacts = '{}'"),
        "change.expired does not alter impacts of CR-6 in change",
    );
    let revised = |impacts: &str| {
        alters(
            "change.revised",
            "CR-1",
            "",
            "change",
            &format!("impacts = '{}'", impacts.replace('\'', "''")),
        )
    };
    let none = r#"{"level":"none"}"#;
    let security = |answer: &str| IMPACTS.replacen(none, answer, 1);
    let words = |text: &str| security(&format!(r#"{{"level":"low","text":"{text}"}}"#));
    for impacts in [
        String::new(),
        "{}".to_owned(),
        "[]".to_owned(),
        security(r#"{"level":"grave"}"#),
        security(r#"{"text":"x"}"#),
        security(r#"{"level":"none","more":1}"#),
        security("null"),
        IMPACTS.replacen("security", "safety", 1),
        IMPACTS.replacen("security", "weather", 1),
        IMPACTS.replacen('{', r#"{"security":{"level":"none"},"#, 1),
        words(""),
        words("  "),
        words("\u{2003}"),
        words("\u{85}"),
        words(r"a\u0007"),
        words("a\u{9b}31m"),
        words(&"x".repeat(401)),
    ] {
        store.refused(alice, &revised(&impacts), "five_impacts_are_answered");
    }
    store.refused(alice, &revised(&IMPACTS.replacen("},", "},,", 1)), "five_impacts_are_answered");
    for text in ["it's \\\"so\\\" C:\\\\x", "Sicherheit \u{e4}\u{1f525}", &"\u{e4}".repeat(400)] {
        store.may(alice, &revised(&words(text)));
    }
    let assessed = |weight: &str| {
        alters(
            "risk.assessed",
            "R-3",
            "",
            "risk",
            &format!("inherent_weight = '{weight}', inherent = 5"),
        )
    };
    for weight in [
        "",
        "{}",
        r#"{"likelihood":6,"consequence":{}}"#,
        r#"{"likelihood":1,"consequence":{"safety":0}}"#,
        r#"{"likelihood":1,"consequence":{"safety":1,"safety":2}}"#,
        r#"{"likelihood":1,"consequence":{"weather":2}}"#,
        r#"{"likelihood":1}"#,
    ] {
        store.refused(alice, &assessed(weight), "inherent_weight_is_1_to_5");
    }
    let comma = r#"{"likelihood":1,"consequence":{"safety":1,}}"#;
    store.refused(alice, &assessed(comma), "invalid input syntax for type json");
    store.may(alice, &assessed(r#"{"likelihood":3,"consequence":{}}"#));
    store.may(alice, &assessed(r#"{"likelihood":3,"consequence":{"safety":5,"quality":1}}"#));
}
