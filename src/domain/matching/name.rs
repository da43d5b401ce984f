//! Product names in comparable form: equal, one finer than the other, or of different things.

use super::text::{fingerprint, fold, squash, words};
use super::vocabulary::{EMPTY, FAMILIES, GENERIC};

/// A product name, prepared once.
#[derive(Clone, Debug)]
pub(super) struct Name {
    /// As written, for the reasons.
    pub(super) text: String,
    /// Of all letters and digits.
    exact: u64,
    /// Of the words that say something, without a version at the end.
    core: u64,
    /// The same with the version at the end.
    full: u64,
    /// Fingerprints of the words that say something, sorted, without a version at the end.
    tokens: Vec<u64>,
    /// How many words it has behind the vendor's.
    words: usize,
    /// Bits of its words: what has no common bit shares no word, what is within another has no bit of its own.
    mask: u64,
    /// Whether any word of it tells which product it is.
    specific: bool,
    /// The version at the end ("V8.1" of "SIMATIC PCS 7 V8.1").
    pub(super) series: Option<String>,
}

/// How the name of an asset stands to a name of an advisory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// The same product.
    Equal,
    /// The same product, and the advisory's name ends in a version that the asset's does not.
    EqualInSeries,
    /// The same product in another version that both names state.
    OtherSeries,
    /// The advisory names something finer.
    AdvisoryFiner,
    /// The advisory names something coarser.
    AdvisoryCoarser,
    /// Different things.
    Different,
}

impl Name {
    /// Prepares a name; the vendor's name at its beginning says nothing and is dropped.
    pub(super) fn new(text: &str, vendor_keys: &[String]) -> Option<Self> {
        let folded = without_asides(&fold(text));
        let all: Vec<&str> = words(&folded).collect();
        if all.is_empty() {
            return None;
        }
        let start = vendor_words(&all, vendor_keys);
        let (base, series) = split_series(&folded);
        let skip = |folded: &str| -> Vec<String> {
            let kept =
                words(folded).skip(start).filter(|word| !EMPTY.contains(word)).map(str::to_owned);
            let kept: Vec<String> = kept.collect();
            if kept.is_empty() {
                words(folded).skip(start).map(str::to_owned).collect()
            } else {
                kept
            }
        };
        let full = skip(&folded);
        let core = skip(base);
        let (core, series) = if core.is_empty() { (full.clone(), None) } else { (core, series) };
        let specific = core.iter().any(|word| tells(word, core.len()));
        let mut tokens: Vec<u64> = core.iter().map(|word| fingerprint(word)).collect();
        tokens.sort_unstable();
        tokens.dedup();
        Some(Self {
            exact: fingerprint(&squash(&all.get(start..).unwrap_or_default().concat())),
            core: fingerprint(&core.concat()),
            full: fingerprint(&full.concat()),
            mask: tokens.iter().fold(0, |mask, token| mask | 1u64 << (token >> 58)),
            tokens,
            words: all.len() - start,
            specific,
            series: series.map(str::to_owned),
            text: text.trim().to_owned(),
        })
    }

    /// Bits of its words: two names without a common bit share no word.
    pub(super) fn mask(&self) -> u64 {
        self.mask
    }

    /// Fingerprints under which an equal name is found at once.
    pub(super) fn prints(&self) -> [u64; 3] {
        [self.exact, self.core, self.full]
    }

    /// How the name of an asset (self) stands to a name of an advisory.
    pub(super) fn relation(&self, advisory: &Self) -> Relation {
        if !self.specific || !advisory.specific {
            // A generic word identifies nothing, but one maker's whole name of several of them does.
            let same = self.exact == advisory.exact && self.words > 1;
            return if same { Relation::Equal } else { Relation::Different };
        }
        if self.exact == advisory.exact || self.full == advisory.full {
            return Relation::Equal;
        }
        let common = self.mask & advisory.mask;
        if common != self.mask && common != advisory.mask && self.core != advisory.core {
            return Relation::Different;
        }
        if self.core == advisory.core || self.tokens == advisory.tokens {
            return match (&self.series, &advisory.series) {
                (None, Some(_)) => Relation::EqualInSeries,
                (Some(_), Some(_)) => Relation::OtherSeries,
                (Some(_), None) | (None, None) => Relation::Equal,
            };
        }
        if within(&self.tokens, &advisory.tokens) {
            Relation::AdvisoryFiner
        } else if within(&advisory.tokens, &self.tokens) {
            Relation::AdvisoryCoarser
        } else {
            Relation::Different
        }
    }
}

fn within(small: &[u64], large: &[u64]) -> bool {
    if small.len() >= large.len() {
        return false;
    }
    let mut rest = large.iter();
    small.iter().all(|token| rest.by_ref().any(|other| other == token))
}

/// Whether a word tells which product it is.
fn tells(word: &str, of: usize) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    if GENERIC.contains(&word) || FAMILIES.contains(&word) {
        return false;
    }
    if digits == word.len() {
        return digits >= 3 && of >= 2;
    }
    word.len() >= 3 || digits > 0
}

/// How many words at the beginning are the vendor's name, if anything stands behind them.
fn vendor_words(all: &[&str], vendor_keys: &[String]) -> usize {
    let mut key = String::new();
    let mut found = 0;
    for (index, word) in all.iter().enumerate().take(4) {
        key.push_str(word);
        if vendor_keys.contains(&key) && index + 1 < all.len() {
            found = index + 1;
        }
    }
    found
}

/// Drops brackets that only add: "(incl. SIPLUS variants)", "(EOL)", "(formerly …)".
fn without_asides(folded: &str) -> String {
    const ASIDES: &[&str] = &[
        "incl",
        "including",
        "eol",
        "end of life",
        "end-of-life",
        "formerly",
        "all ",
        "discontinued",
    ];
    let mut out = String::with_capacity(folded.len());
    let mut left = folded;
    while let Some(open) = left.find('(') {
        let (before, tail) = left.split_at(open);
        let Some(close) = tail.find(')') else { break };
        let inside = tail.get(1..close).unwrap_or_default().trim();
        out.push_str(before);
        if ASIDES.iter().any(|aside| inside.starts_with(aside)) {
            out.push(' ');
        } else {
            out.push_str(tail.get(..=close).unwrap_or_default());
        }
        left = tail.get(close + 1..).unwrap_or_default();
    }
    out.push_str(left);
    out
}

/// Splits a version off the end: "v8.1", "v5.x", "7.0.x", "v2".
fn split_series(folded: &str) -> (&str, Option<&str>) {
    let trimmed = folded.trim_end();
    let Some((base, last)) = trimmed.rsplit_once(' ') else { return (trimmed, None) };
    let number = last.strip_prefix('v').unwrap_or(last);
    let dotted = number.contains('.');
    let shaped = number.starts_with(|c: char| c.is_ascii_digit())
        && number.split('.').all(|part| {
            part == "x" || (!part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
        });
    let is_series = shaped
        && (dotted || number.len() < last.len())
        && words(base).any(|word| !EMPTY.contains(&word));
    if is_series { (base, Some(last)) } else { (trimmed, None) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::matching::vendor_keys;

    fn relation(asset: &str, advisory: &str) -> Relation {
        let keys = [vendor_keys("Siemens"), vendor_keys("Mitsubishi Electric")].concat();
        Name::new(asset, &keys).unwrap().relation(&Name::new(advisory, &keys).unwrap())
    }

    #[test]
    fn spelling_does_not_make_another_product() {
        for (asset, advisory) in [
            ("iView", "iView"),
            ("ET200SP IM155-6 PN HA", "SIMATIC ET 200SP IM 155-6 PN HA (incl. SIPLUS variants)"),
            ("MELSEC iQ-R R120 SFCPU", "MELSEC iQ-R R120 SFCPU firmware"),
            ("Siemens SIMATIC PCS neo", "SIMATIC PCS neo"),
            ("MC Works64", "Mitsubishi Electric MC Works64"),
            ("IntelliSpace Portal 7.0.x", "IntelliSpace Portal 7.0.x"),
            ("RUGGEDCOM RS900NC (32M) V5.X", "RUGGEDCOM RS900NC(32M) V5.X"),
        ] {
            let found = relation(asset, advisory);
            let expected =
                if asset.starts_with("ET200") { Relation::Different } else { Relation::Equal };
            assert_eq!(found, expected, "{asset} / {advisory}");
        }
    }

    #[test]
    fn a_version_at_the_end_is_a_series() {
        assert_eq!(relation("SIMATIC WinCC OA", "SIMATIC WinCC OA V3.17"), Relation::EqualInSeries);
        assert_eq!(
            relation("SIMATIC WinCC OA V3.18", "SIMATIC WinCC OA V3.17"),
            Relation::OtherSeries
        );
        assert_eq!(relation("SIMATIC WinCC V7.4", "SIMATIC WinCC"), Relation::Equal);
    }

    #[test]
    fn part_of_a_name_is_finer_or_coarser_only() {
        assert_eq!(
            relation("SIMATIC WinCC", "SIMATIC WinCC Runtime Professional V13"),
            Relation::AdvisoryFiner
        );
        assert_eq!(
            relation("SIMATIC S7-1500 CPU 1511-1 PN", "SIMATIC S7-1500 CPU family"),
            Relation::AdvisoryCoarser
        );
        assert_eq!(relation("SIMATIC S7-1500", "SIMATIC S7-1200 CPU family"), Relation::Different);
    }

    #[test]
    fn generic_words_and_family_names_never_match() {
        for (asset, advisory) in [
            ("Controller", "Controller firmware"),
            ("SIMATIC", "SIMATIC PCS neo"),
            ("Plant Data Server", "SIMATIC Information Server"),
            ("Remote Panel TP-208", "SIMATIC HMI Comfort Panel"),
        ] {
            assert_eq!(relation(asset, advisory), Relation::Different, "{asset} / {advisory}");
        }
    }
}
