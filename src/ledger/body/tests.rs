//! What is a body and what is none.

use super::*;

const ID: &str = "01KAMQ9R000000000000000001";
const FROM: &str = r#"{"host":"jh1","tty":"","via":"cli","version":"0.1.0"}"#;

fn text(middle: &str, data: &str) -> String {
    let salt = "00112233445566778899aabbccddeeff";
    format!(r#"{{"id":"{ID}","salt":"{salt}","v":1,{middle}"from":{FROM},"data":{data}}}"#)
}

fn fault(text: &str) -> String {
    Body::parse(text.as_bytes()).expect_err(text).to_string()
}

#[test]
fn a_body_reads_back_byte_for_byte() {
    let middle = format!(r#""site":"RLF","cause":"{ID}","reason":"so that – é","#);
    for (middle, data) in
        [("", "{}"), (&middle, r#"{"tag":"PLC-1","n":-3,"list":[null,true,"x"]}"#)]
    {
        let text = text(middle, data);
        let body = Body::parse(text.as_bytes()).unwrap();
        assert_eq!(String::from_utf8(body.to_bytes().unwrap()).unwrap(), text);
    }
}

#[test]
fn data_keeps_the_digits_and_the_order_that_were_written() {
    let data = r#"{"z":9007199254740993,"a":" 1"}"#;
    let body = Body::parse(text("", data).as_bytes()).unwrap();
    assert_eq!(body.data.get(), data);
}

#[test]
fn a_body_made_from_fields_is_one_that_reads_back() {
    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    struct Fields {
        tag: String,
        production: i64,
    }
    let fields = Fields { tag: "PLC\u{202e}1".into(), production: 5 };
    let from: Origin = serde_json::from_str(FROM).unwrap();
    let mut body = Body::new(ID.parse().unwrap(), Salt([7; 16]), 1, from, &fields).unwrap();
    body.site = Some("RLF".into());
    let read = Body::parse(&body.to_bytes().unwrap()).unwrap();
    assert_eq!(read.data::<Fields>().unwrap(), fields);
    assert_eq!((read.id, read.salt, read.site), (body.id, body.salt, body.site));
}

#[test]
fn fractions_are_refused_on_both_ways() {
    for number in ["1.5", "1.0", "1e3", "-0", "18446744073709551616", "9223372036854775808"] {
        let why = fault(&text("", &format!(r#"{{"deep":[{{"n":{number}}}]}}"#)));
        assert!(why.contains("data is refused"), "{number}: {why}");
    }
    let from: Origin = serde_json::from_str(FROM).unwrap();
    let made =
        Body::new(ID.parse().unwrap(), Salt([0; 16]), 1, from, &serde_json::json!({"n": 0.5}));
    assert!(made.is_err());
}

#[test]
fn a_key_stands_once_at_every_depth() {
    assert!(fault(&text("", r#"{"a":{"b":1,"b":2}}"#)).contains("\"b\" stands twice"));
    assert!(fault(&text("", r#"{"\u0062":1,"b":2}"#)).contains("\"b\" stands twice"));
    assert!(fault(&text(r#""v":2,"#, "{}")).contains("duplicate field"));
    assert!(fault(&text(r#""site":"A","site":"B","#, "{}")).contains("duplicate field"));
}

#[test]
fn whatever_is_not_of_the_one_form_is_refused() {
    assert!(fault(&text(r#""required":["tea"],"#, "{}")).contains("unknown field"));
    assert!(fault(&text(r#""site":null,"#, "{}")).contains("null"));
    assert!(fault(&text("", "[]")).contains("must be an object"));
    assert!(fault(&text("", "{} ").replace("} }", "}} x")).contains("trailing"));
    assert!(fault(&text("", r#"{"a":"\ud800"}"#)).contains("refused"));
    assert!(fault(&text("", "{}").replace("0011", "00AA")).contains("lower case"));
    assert!(fault(&text("", "{}").replace("\"v\":1", "\"v\":-1")).contains("invalid"));
    assert!(fault(&text("", "{}").replace(ID, "01kamq9r000000000000000001")).contains("ULID"));
    assert!(fault("").contains("EOF"));
    assert!(Body::parse(b"\xff\xfe").is_err());
    let deep = format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    assert!(fault(&text("", &deep)).contains("recursion"));
}
