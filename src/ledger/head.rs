//! The head of a ledger from its last entry's hash; how people write it down is the domain's.

use super::Hash;
pub use crate::domain::head::{HeadCode, NotAHeadCode};

/// The head of a ledger that ends, or passes, at this entry.
pub fn head_code(seq: i64, hash: &Hash) -> HeadCode {
    let mut code = [0; 10];
    for (to, from) in code.iter_mut().zip(hash.as_bytes()) {
        *to = *from;
    }
    HeadCode::new(seq, code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_the_place_and_the_code_of_the_hash() {
        let head = head_code(812, &Hash::of(b""));
        assert_eq!(head.to_string(), "812:4OYMIQUY7QOBJGX3");
        assert_eq!(head.to_string(), format!("812:{}", Hash::of(b"").code()));
        assert_ne!(head, head_code(812, &Hash::ZERO));
    }
}
