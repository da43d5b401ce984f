//! One set of hash vectors, computed by neither side, holds for the program and for PostgreSQL.

use serde::Deserialize;
use smc::domain::time::Time;
use smc::ledger::{Body, Hash, Preimage, head_code};

use crate::support::postgres;
use crate::support::schema::schema;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    name: String,
    store_id: String,
    seq: i64,
    prev: Hash,
    actor: String,
    /// Microseconds since 1970.
    at: i64,
    kind: String,
    subject: String,
    /// Hex digits.
    body: String,
    /// Hex digits.
    sig: String,
    hash: Hash,
    code: String,
}

fn vectors() -> Vec<Vector> {
    let vectors: Vec<Vector> =
        serde_json::from_str(include_str!("../vectors/entries.json")).unwrap();
    assert!(vectors.len() >= 10);
    vectors
}

fn bytes(hex: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap()
}

#[test]
fn the_program_computes_the_hash_of_every_vector() {
    for vector in vectors() {
        let (body, sig) = (bytes(&vector.body), bytes(&vector.sig));
        let hash = Preimage {
            store_id: &vector.store_id,
            seq: vector.seq,
            prev: vector.prev,
            actor: &vector.actor,
            at: Time::from_micros(vector.at),
            kind: &vector.kind,
            subject: &vector.subject,
            body: &body,
            sig: &sig,
        }
        .hash();
        assert_eq!(hash, vector.hash, "{}", vector.name);
        assert_eq!(hash.code(), vector.code, "{}", vector.name);
        let head = head_code(vector.seq, &hash).to_string();
        assert_eq!(head, format!("{}:{}", vector.seq, vector.code));
    }
}

#[test]
fn the_first_vectors_are_a_chain_of_bodies_that_the_program_would_write() {
    let vectors = vectors();
    let mut prev = Hash::ZERO;
    for vector in &vectors[..3] {
        assert_eq!(vector.prev, prev, "{}", vector.name);
        prev = vector.hash;
        let body = bytes(&vector.body);
        assert_eq!(Body::parse(&body).unwrap().to_bytes().unwrap(), body, "{}", vector.name);
    }
}

#[test]
fn postgresql_computes_the_hash_of_every_vector() {
    let Some(server) = postgres() else { return };
    let database = server.database();
    schema(&database);
    let quote = |text: &str| format!("'{}'", text.replace('\'', "''"));
    for vector in vectors() {
        let bytea = |hex: &str| format!("decode('{hex}', 'hex')");
        let (seconds, micros) = (vector.at.div_euclid(1_000_000), vector.at.rem_euclid(1_000_000));
        let at = format!(
            "timestamptz 'epoch' + interval '{seconds} seconds' + interval '{micros} microseconds'"
        );
        let call = format!(
            "SELECT encode(smc.entry_hash({}, {}, {}, {}, {at}, {}, {}, {}, {}), 'hex')",
            quote(&vector.store_id),
            vector.seq,
            bytea(&vector.prev.to_string()),
            quote(&vector.actor),
            quote(&vector.kind),
            quote(&vector.subject),
            bytea(&vector.body),
            bytea(&vector.sig),
        );
        assert_eq!(database.sql(&call), vector.hash.to_string(), "{}", vector.name);
    }
}

#[test]
fn postgresql_computes_the_same_hash_whatever_the_session_set() {
    let Some(server) = postgres() else { return };
    let database = server.database();
    schema(&database);
    let call =
        "smc.entry_hash('S', 1, '\\x00', 'a', '2026-11-22 14:00:00.123456+00', 'k', 's', '', '')";
    let plain = database.sql(&format!("SELECT {call}"));
    let odd = "SET timezone = 'Asia/Kathmandu'; SET bytea_output = 'escape';
        SET client_encoding = 'LATIN1'; SET extra_float_digits = -5;
        CREATE SCHEMA trap;
        CREATE FUNCTION trap.sha256(bytea) RETURNS bytea LANGUAGE sql RETURN $1;
        CREATE FUNCTION trap.join(bytea, bytea) RETURNS bytea LANGUAGE sql RETURN $1;
        CREATE OPERATOR trap.|| (FUNCTION = trap.join, LEFTARG = bytea, RIGHTARG = bytea);
        SET search_path = trap, pg_catalog;";
    assert_eq!(
        database.sql(&format!("{odd} SELECT ({call})::text::bytea = '{plain}'::bytea")),
        "t"
    );
    assert_eq!(
        database.sql("SELECT smc.entry_hash('S', 1, NULL, 'a', now(), 'k', 's', '', '')"),
        ""
    );
}
