//! What versions and ranges of real advisories mean, and the laws of their order.

use std::cmp::Ordering;

use proptest::prelude::*;
use rstest::rstest;

use super::*;

fn verdict(installed: &str, range: &str) -> Verdict {
    Range::parse(range).holds(&Installed::read(installed).unwrap())
}

#[rstest]
#[case("V1.07", "<= 1.07")]
#[case("1.0", "= V1.0.0")]
#[case("V20.0.75", "<V20.00.0076")]
#[case("V5.7.04.6469", "<= 5.7.04.6469 ")]
#[case("V200422", "<= 200422")]
#[case("V2.9.6", "vers:all/<V2.9.7")]
#[case("anything", "vers:all/*")]
#[case("V7.90", ">=V7.80<V9.40")]
#[case("V3.0", ">=V2.3_and_<V6.30.016")]
#[case("11", "10 | 11")]
#[case("V14 SP1 Update 13", "<V14_SP1_Update_14")]
#[case("V14", "<V14_SP1")]
#[case("2.3.5", "2.3.6 and  below")]
#[case("4.20", ">= 4.01 | <= 4.34")]
#[case("R15A", "<=R15A")]
#[case("1.170d", "> 1.170c | < 1.256S")]
#[case("7.3", "1.60 | 7.x")]
#[case("2.5", "<=2.x")]
#[case("25", "20-33")]
#[case("2015", "2014-2016 ")]
#[case("V3.1.1", "vers:all/>=V3.1.0|<V3.1.2")]
#[case("1.0 rc1", "< 1.0")]
#[case("13.2.5", ">=13.2.1|>=13.2.7")]
#[case("4.2.20", "<= 4.2.21 | <= 5.0.27")]
#[case("BT04", ">=BT02 | <= BT06")]
#[case("1.3.9", "All versions prior to 1.4.0")]
#[case("012U000039", "< 012U000040")]
#[case("3.0.3 build 6298", "< 3.0.3_Build6299")]
#[case("V5.20", "<firmware version 5.21")]
#[case("MX-V5.1.0.99", "MX-V5.1.0.99")]
#[case("HD 16", "HD 16 | HD23")]
fn it_is_affected(#[case] installed: &str, #[case] range: &str) {
    assert_eq!(verdict(installed, range), Verdict::Affected, "{installed} in {range}");
}

#[rstest]
#[case("V1.8", "<= 1.07")]
#[case("V20.00.0076", "<V20.00.0076")]
#[case("V5.7.4.6470", "<= 5.7.04.6469 ")]
#[case("200423", "<= 200422")]
#[case("V2.9.7", "vers:all/<V2.9.7")]
#[case("V7.79", ">=V7.80<V9.40")]
#[case("V9.40", ">=V7.80<V9.40")]
#[case("12", "10 | 11")]
#[case("V14 SP1", "<V14_SP1")]
#[case("V3.17 P013", "<V3.17_P013")]
#[case("2.3.7", "2.3.6 and  below")]
#[case("4.35", ">= 4.01 | <= 4.34")]
#[case("34", "20-33")]
#[case("6.2", "1.60 | 7.x")]
#[case("2.0", "<2.x")]
#[case("3.0", "<=2.x")]
#[case("6.0.17", "<= 4.2.21 | <= 5.0.27 | <= 6.0.16")]
#[case("5.0.28", "<= 4.2.21 | <= 5.0.27 | <= 6.0.16")]
#[case("MX-V5.1.0.100", "MX-V5.1.0.99")]
fn it_is_not_affected(#[case] installed: &str, #[case] range: &str) {
    assert_eq!(verdict(installed, range), Verdict::NotAffected, "{installed} in {range}");
}

#[rstest]
#[case("22080", "<=the_first_5_digits_of_serial_number_22081", Reason::AdvisoryProse)]
#[case("V3.0", "<  july 1 2017", Reason::AdvisoryProse)]
#[case("6.9.5", "NMC2 <= 6.9.6", Reason::AdvisoryProse)]
#[case("2.3", "<=V2.3.0_and_Function_State_FS", Reason::AdvisoryProse)]
#[case("3.0", "<2020_Upd1", Reason::OtherCounting)]
#[case("V2.1", "< 180806", Reason::OtherCounting)]
#[case("1.4", "HD 16 | HD23", Reason::OtherCounting)]
#[case("see drawing", "< 2.0", Reason::AssetProse)]
#[case("3.0.3", "< 3.0.3_Build6299", Reason::BuildUnknown)]
#[case("V3.2.16", "<V3.X.17", Reason::Placeholder)]
#[case("V3.17 P012", "<V3.17 Update 2", Reason::OtherCounting)]
#[case("13.2.9", ">=13.2.1|>=13.2.7", Reason::StackedBounds)]
#[case("4.3.1", "<= 4.2.21 | <= 5.0.27", Reason::StackedBounds)]
fn people_decide(#[case] installed: &str, #[case] range: &str, #[case] reason: Reason) {
    assert_eq!(verdict(installed, range), Verdict::Undetermined(reason), "{installed} in {range}");
}

#[test]
fn an_unknown_firmware_is_no_version() {
    for text in ["", "  ", "n/a", "Unknown", "-"] {
        assert!(Installed::read(text).is_none(), "{text:?}");
    }
}

fn texts() -> impl Strategy<Value = String> {
    let number = prop_oneof![0u32..4, 0u32..40, Just(2019), Just(200_422)];
    let tail = prop_oneof![
        Just(String::new()),
        Just(" SP1".to_owned()),
        Just("_SP2_Update_3".to_owned()),
        Just(" Upd1".to_owned()),
        Just(" P2".to_owned()),
        Just(" HF1".to_owned()),
        Just("-rc1".to_owned()),
        Just(" build 7".to_owned()),
        Just("-5".to_owned()),
        Just("a".to_owned()),
        Just("b".to_owned()),
        Just(".x".to_owned()),
    ];
    let head = prop_oneof![Just(""), Just("V"), Just("R"), Just("HD "), Just("MX-V")];
    (head, prop::collection::vec(number, 1..4), tail).prop_map(|(head, numbers, tail)| {
        let core: Vec<String> = numbers.iter().map(u32::to_string).collect();
        format!("{head}{}{tail}", core.join("."))
    })
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(range in ".{0,60}", installed in ".{0,40}") {
        if let Some(installed) = Installed::read(&installed) {
            let _ = Range::parse(&range).holds(&installed);
        }
        let _ = Version::parse(&range);
    }

    #[test]
    fn range_like_text_is_read_without_panic(range in "[<>=|&,vVxX*0-9a-c._ -]{0,40}", installed in "[vV0-9a-cx. _-]{1,20}") {
        if let Some(installed) = Installed::read(&installed) {
            let _ = Range::parse(&range).holds(&installed);
        }
    }

    #[test]
    fn order_is_antisymmetric(a in texts(), b in texts()) {
        let (a, b) = (Version::parse(&a).unwrap(), Version::parse(&b).unwrap());
        prop_assert_eq!(a.compare(&b), b.compare(&a).map(Ordering::reverse));
    }

    #[test]
    fn order_never_contradicts_itself_over_three(a in texts(), b in texts(), c in texts()) {
        let (a, b, c) = (Version::parse(&a).unwrap(), Version::parse(&b).unwrap(), Version::parse(&c).unwrap());
        if let (Some(x), Some(y)) = (a.compare(&b), b.compare(&c))
            && (x == y || x == Ordering::Equal || y == Ordering::Equal)
            && let Some(z) = a.compare(&c)
        {
            prop_assert_eq!(z, if x == Ordering::Equal { y } else { x });
        }
    }

    #[test]
    fn a_version_equals_itself_and_its_zeros(numbers in prop::collection::vec(0u32..5000, 1..5)) {
        let text: Vec<String> = numbers.iter().map(u32::to_string).collect();
        let text = text.join(".");
        let version = Version::parse(&text).unwrap();
        prop_assert_eq!(version.compare(&Version::parse(&format!("V{text}.0.0")).unwrap()), Some(Ordering::Equal));
    }

    #[test]
    fn a_bound_and_its_opposite_exclude_each_other(installed in texts(), bound in texts()) {
        let installed = Installed::read(&installed).unwrap();
        let below = Range::parse(&format!("<{bound}")).holds(&installed);
        let above = Range::parse(&format!(">={bound}")).holds(&installed);
        match below {
            Verdict::Affected => prop_assert_eq!(above, Verdict::NotAffected),
            Verdict::NotAffected => prop_assert_eq!(above, Verdict::Affected),
            Verdict::Undetermined(_) => prop_assert!(matches!(above, Verdict::Undetermined(_))),
        }
    }
}
