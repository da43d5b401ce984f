//! CVSS vectors: base scores in tenths, and v4 vectors that publishers hide in reference URLs.

use std::str::FromStr;

/// The base score of a CVSS v3 vector in tenths, if it is one with all base metrics.
pub(super) fn base_of(vector: &str) -> Option<u8> {
    let vector = cvss::v3::Vector::from_str(vector).ok()?;
    let whole = vector.av.is_some()
        && vector.ac.is_some()
        && vector.pr.is_some()
        && vector.ui.is_some()
        && vector.s.is_some()
        && vector.c.is_some()
        && vector.i.is_some()
        && vector.a.is_some();
    if whole { tenths(&format!("{:.1}", vector.base_score().value())) } else { None }
}

/// A score as written ("9.8", "10", "7.50") in tenths; nothing outside 0 to 10.
pub(super) fn tenths(text: &str) -> Option<u8> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let whole: u8 = whole.parse().ok().filter(|whole| *whole <= 10)?;
    if !part.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part = part.bytes().next().map_or(0, |digit| digit.saturating_sub(b'0'));
    whole.checked_mul(10)?.checked_add(part).filter(|tenths| *tenths <= 100)
}

/// The CVSS v4 vector behind `#` in the URL of a calculator, if it is one.
pub(super) fn v4_in(url: &str) -> Option<String> {
    let vector = url.get(url.find("CVSS:4.0/")?..)?;
    let vector = vector.split(['&', '?', ' ']).next()?;
    cvss::v4::Vector::from_str(vector).ok().map(|_| vector.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_tenths() {
        for (text, expected) in [
            ("9.8", Some(98)),
            ("10", Some(100)),
            ("10.0", Some(100)),
            ("0", Some(0)),
            ("7.50", Some(75)),
            ("10.1", None),
            ("-1", None),
            ("NaN", None),
            ("1e9", None),
            ("256", None),
            ("", None),
        ] {
            assert_eq!(tenths(text), expected, "{text}");
        }
    }

    #[test]
    fn a_vector_gives_its_base_score() {
        assert_eq!(base_of("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"), Some(98));
        assert_eq!(base_of("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H/E:P/RL:O/RC:C"), Some(75));
        assert_eq!(base_of("CVSS:3.1/AV:N"), None);
        assert_eq!(base_of("nonsense"), None);
    }

    #[test]
    fn a_fourth_version_vector_is_found_in_a_url() {
        let vector = "CVSS:4.0/AV:L/AC:L/AT:N/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N";
        assert_eq!(
            v4_in(&format!("https://www.first.org/cvss/calculator/4.0#{vector}")).as_deref(),
            Some(vector)
        );
        assert_eq!(v4_in("https://www.first.org/cvss/calculator/4.0#CVSS:4.0/oh"), None);
        assert_eq!(v4_in("https://example.org"), None);
    }
}
