//! Advisories of a publisher of our own about makers of our own, as files of `demo/advisories`.

macro_rules! advisories {
    ($($file:literal),+ $(,)?) => {
        &[$(($file, include_str!(concat!("../../demo/advisories/", $file)))),+]
    };
}

/// Each file with its text.
pub const ADVISORIES: &[(&str, &str)] = advisories![
    "mpc-2026-0031.json",
    "mpc-2026-0044.json",
    "mpc-2026-0052.json",
    "mpc-2026-0058.json",
    "mpc-2026-0063.json",
    "mpc-2026-0067.json",
    "mpc-2026-0071.json",
];
