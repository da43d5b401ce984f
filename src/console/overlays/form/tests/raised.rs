//! A group of which only a part is given.

use super::*;

#[test]
fn whoever_raises_one_impact_says_nothing_of_the_others() {
    let fields = crate::console::forms::fields("change.raise-impact").unwrap();
    let fixed = json!({"ref": "CR-7"}).as_object().unwrap().clone();
    let mut form = Form::new("change.raise-impact", "".into(), "".into(), None, fields, fixed);
    let at = |form: &Form, name: &str| {
        form.fields.iter().position(|field| field.spec.name == name).unwrap()
    };
    for (name, said) in [
        ("reason", "the trip is bridged"),
        ("impacts.safety.level", "high"),
        ("impacts.safety.text", "no trip"),
    ] {
        let at = at(&form, name);
        form.fields[at].set(said);
    }
    let Reply::Submit(sent) = strike(&mut form, &[SUBMIT]) else { panic!("{}", shown(&form)) };
    let safety = json!({"safety": {"level": "high", "text": "no trip"}});
    assert_eq!(sent.fields["impacts"], safety);
}
