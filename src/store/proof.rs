//! What an event of a log proves against what is on record: the key by its fingerprint, the address by what the window
//! names. What cannot be compared proves nothing.

use std::net::IpAddr;

use data_encoding::{BASE64, BASE64_NOPAD};
use serde::{Deserialize, Serialize};

use crate::domain::time::Time;
use crate::ledger::Hash;

/// The fingerprint of a public key as `authorized_keys` holds it, or of one that is written down as its fingerprint; none for
/// what is neither. An MD5 fingerprint is none: the key cannot be told from it by SHA-256.
pub fn fingerprint(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let blob = words.windows(2).find_map(|pair| match pair {
        [kind, blob] => BASE64.decode(blob.as_bytes()).ok().filter(|blob| begins(blob, kind)),
        _ => None,
    });
    if let Some(blob) = blob {
        return Some(format!("SHA256:{}", BASE64_NOPAD.encode(Hash::of(&blob).as_bytes())));
    }
    let said = words.iter().find(|word| word.starts_with("SHA256:"))?;
    Some(said.trim_end_matches('=').to_owned())
}

/// Whether a key's bytes begin with the name of its kind, as all do.
fn begins(blob: &[u8], kind: &str) -> bool {
    let length = u32::try_from(kind.len()).unwrap_or(u32::MAX).to_be_bytes();
    blob.strip_prefix(&length).is_some_and(|rest| rest.starts_with(kind.as_bytes()))
}

/// The keys of a vendor's person as they were recorded at one instant, by their fingerprints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// From when on they held.
    since: i64,
    /// The fingerprints of those that can be read.
    keys: Vec<String>,
}

impl Recorded {
    /// The keys that were recorded then.
    pub fn at(since: Time, keys: &[&str]) -> Self {
        let keys = keys.iter().filter_map(|key| fingerprint(key)).collect();
        Self { since: since.micros(), keys }
    }
}

/// Whether a key is one of those on record at that instant; none if that cannot be told. The recordings come in their order.
pub fn key(logged: Option<&str>, recorded: &[Recorded], at: Time) -> Option<bool> {
    let logged = fingerprint(logged?)?;
    let held = recorded.iter().rfind(|one| one.since <= at.micros())?;
    (!held.keys.is_empty()).then(|| held.keys.contains(&logged))
}

/// Whether an address is one of those that a window names; none if either names none.
pub fn source(logged: Option<&str>, window: Option<&str>) -> Option<bool> {
    let logged = address(logged?)?;
    let words = window?.split([',', ';', ' ', '(', ')']);
    let nets: Vec<(IpAddr, u32)> = words.filter_map(net).collect();
    (!nets.is_empty()).then(|| nets.iter().any(|(net, bits)| holds(*net, *bits, logged)))
}

/// An address as logs, windows and assets write it; IPv4 within IPv6 is IPv4.
pub fn address(text: &str) -> Option<IpAddr> {
    text.trim().parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

/// An address or a network in the form `192.0.2.0/24`.
fn net(text: &str) -> Option<(IpAddr, u32)> {
    let (start, bits) = match text.split_once('/') {
        Some((start, bits)) => (start, Some(bits.parse().ok()?)),
        None => (text, None),
    };
    let start = address(start)?;
    let all = if start.is_ipv4() { 32 } else { 128 };
    let bits = bits.unwrap_or(all);
    (bits <= all).then_some((start, bits))
}

fn holds(net: IpAddr, bits: u32, address: IpAddr) -> bool {
    let differs = match (net, address) {
        (IpAddr::V4(net), IpAddr::V4(address)) => {
            u128::from(net.to_bits() ^ address.to_bits()) << 96
        }
        (IpAddr::V6(net), IpAddr::V6(address)) => net.to_bits() ^ address.to_bits(),
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => return false,
    };
    differs.leading_zeros() >= bits
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A key that `ssh-keygen` made, and what `ssh-keygen -lf` says of it.
    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJjPVG2s0zLU9YZlFWdR/13Ju3Lp/GVpVHWa3CkNLLBw kenji@yoko";
    const PRINT: &str = "SHA256:C8Hev3u8pdepyMuJYIyVY3A0NB/2buMyPD9n+p6K6vY";

    #[test]
    fn a_public_key_has_the_fingerprint_that_ssh_keygen_tells() {
        assert_eq!(fingerprint(KEY).as_deref(), Some(PRINT));
        let limited = format!("from=\"203.0.113.0/24\",no-pty {KEY}");
        assert_eq!(fingerprint(&limited).as_deref(), Some(PRINT));
        assert_eq!(fingerprint(PRINT).as_deref(), Some(PRINT));
        assert_eq!(fingerprint(&format!("ED25519 {PRINT}")).as_deref(), Some(PRINT));
        for none in ["MD5:16:27:ac:a5", "the key of kenji", "ssh-ed25519 AAAA", ""] {
            assert_eq!(fingerprint(none), None, "{none}");
        }
    }

    #[test]
    fn a_key_is_held_against_those_that_were_on_record_when_it_was_used() {
        let at = |seconds| Time::from_micros(0).plus_seconds(seconds);
        let told =
            [Recorded::at(at(10), &["SHA256:old"]), Recorded::at(at(20), &[KEY, "SHA256:b"])];
        let of = |print, when| key(Some(print), &told, at(when));
        assert_eq!(of("SHA256:old", 19), Some(true));
        assert_eq!(of("SHA256:old", 20), Some(false));
        assert_eq!(of(PRINT, 20), Some(true));
        assert_eq!(of(PRINT, 9), None, "none was on record");
        assert_eq!(of("MD5:16:27", 20), None);
        assert_eq!(key(None, &told, at(20)), None, "they came in without a key");
        assert_eq!(key(Some(PRINT), &[Recorded::at(at(1), &["on paper"])], at(20)), None);
    }

    #[test]
    fn an_address_is_held_against_addresses_and_networks_alone() {
        let of = |window| source(Some("203.0.113.9"), Some(window));
        assert_eq!(of("203.0.113.9"), Some(true));
        assert_eq!(of("198.51.100.7, 203.0.113.0/24"), Some(true));
        assert_eq!(of("203.0.112.0/24"), Some(false));
        assert_eq!(of("2001:db8::/32"), Some(false));
        assert_eq!(of("::ffff:203.0.113.9"), Some(true));
        assert_eq!(of("0.0.0.0/0"), Some(true));
        assert_eq!(of("their office (198.51.100.7)"), Some(false));
        for cannot in ["the vendor's VPN", "203.0.113.0/33", ""] {
            assert_eq!(of(cannot), None, "{cannot}");
        }
        assert_eq!(source(Some("bastion.example"), Some("203.0.113.9")), None);
        assert_eq!(source(None, Some("203.0.113.9")), None);
    }
}
