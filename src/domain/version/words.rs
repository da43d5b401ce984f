//! The words that occur in version texts, as tables, and the one normal form texts are brought to.

/// The order in which marks after the core weigh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Rank {
    /// "rc1": before the version itself.
    Before,
    /// "R2" of "2014 R2".
    Release,
    /// "SP1", "SR5".
    Pack,
    /// "Update 14", "CU3", "P013": these do not compare with one another.
    Update,
    /// "HF2".
    Fix,
    /// "Rev 3".
    Revision,
    /// "build 6299", or a bare number after a dash: unknown when it is not named.
    Build,
}

/// Word as written, word as compared, weight.
pub(super) const MARKS: &[(&str, &str, Rank)] = &[
    ("alpha", "alpha", Rank::Before),
    ("beta", "beta", Rank::Before),
    ("pre", "pre", Rank::Before),
    ("preview", "pre", Rank::Before),
    ("rc", "rc", Rank::Before),
    ("r", "r", Rank::Release),
    ("release", "r", Rank::Release),
    ("sp", "sp", Rank::Pack),
    ("sr", "sr", Rank::Pack),
    ("fp", "fp", Rank::Pack),
    ("u", "update", Rank::Update),
    ("upd", "update", Rank::Update),
    ("updt", "update", Rank::Update),
    ("update", "update", Rank::Update),
    ("cu", "cu", Rank::Update),
    ("uc", "uc", Rank::Update),
    ("ur", "ur", Rank::Update),
    ("cfr", "cfr", Rank::Update),
    ("p", "patch", Rank::Update),
    ("patch", "patch", Rank::Update),
    ("pl", "patch", Rank::Update),
    ("pc", "pc", Rank::Update),
    ("mp", "mp", Rank::Update),
    ("mr", "mr", Rank::Update),
    ("hf", "hf", Rank::Fix),
    ("hotfix", "hf", Rank::Fix),
    ("rev", "rev", Rank::Revision),
    ("revision", "rev", Rank::Revision),
    ("build", "build", Rank::Build),
    ("bld", "build", Rank::Build),
];

/// Words before a version that say nothing of it; longer ones first.
pub(super) const NOISE: &[&str] = &[
    "firmware", "versions", "version", "software", "revision", "release", "build", "bios", "vers",
    "ver", "rel", "rev", "fw", "sw",
];

/// Two words that are one mark.
pub(super) const PAIRS: &[(&str, &str)] = &[
    ("service pack", "sp"),
    ("feature pack", "fp"),
    ("hot fix", "hf"),
    ("cumulative update", "cu"),
    ("service release", "sr"),
    ("patch level", "pl"),
];

/// Texts that inventories write for "not known".
pub(super) const UNKNOWN: &[&str] =
    &["unknown", "n/a", "na", "none", "-", "--", "?", "null", "tbd", "not available"];

/// Month names: their presence means a date, and dates of release are not versions.
pub(super) const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Phrases after a version and the operator they mean; longer ones first.
pub(super) const AFTER: &[(&str, char)] = &[
    (" and all prior versions", LE),
    (" and prior versions", LE),
    (" and earlier versions", LE),
    (" and lower versions", LE),
    (" and older versions", LE),
    (" and previous versions", LE),
    (" and prior", LE),
    (" and below", LE),
    (" and earlier", LE),
    (" and older", LE),
    (" and lower", LE),
    (" and before", LE),
    (" or prior", LE),
    (" or below", LE),
    (" or earlier", LE),
    (" or older", LE),
    (" or lower", LE),
    (" (and prior)", LE),
    (" and later", GE),
    (" and newer", GE),
    (" and above", GE),
    (" and higher", GE),
    (" or later", GE),
    (" or newer", GE),
    (" or above", GE),
    (" or higher", GE),
];

/// Phrases before a version and the operator they mean; longer ones first.
pub(super) const BEFORE: &[(&str, &str)] = &[
    ("up to and including ", "<="),
    ("prior to ", "<"),
    ("earlier than ", "<"),
    ("older than ", "<"),
    ("lower than ", "<"),
    ("less than ", "<"),
    ("before ", "<"),
    ("below ", "<"),
    ("up to ", "<="),
    ("later than ", ">"),
    ("newer than ", ">"),
    ("greater than ", ">"),
    ("starting with ", ">="),
    ("since ", ">="),
    ("from ", ">="),
];

/// Stands for "or lower" behind a version.
pub(super) const LE: char = '\u{1}';
/// Stands for "or higher" behind a version.
pub(super) const GE: char = '\u{2}';

/// Lower case, underscores and white space as single spaces, quotes gone, operators in ASCII.
pub(super) fn normalise(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '\'' | '`' | '\u{201c}' | '\u{201d}' | '\u{200b}' | '\u{feff}' => {}
            '\u{2264}' => out.push_str("<="),
            '\u{2265}' => out.push_str(">="),
            '\u{2010}'..='\u{2014}' => out.push('-'),
            '_' => space(&mut out),
            c if c.is_whitespace() || c.is_control() => space(&mut out),
            c => out.extend(c.to_lowercase()),
        }
    }
    while out.ends_with(' ') {
        out.pop();
    }
    for (pair, word) in PAIRS {
        if out.contains(pair) {
            out = out.replace(pair, word);
        }
    }
    out
}

fn space(out: &mut String) {
    if !out.is_empty() && !out.ends_with(' ') {
        out.push(' ');
    }
}
