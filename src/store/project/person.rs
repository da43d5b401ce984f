//! Rows of people, grants, duties, vendors and their persons.

use super::posture;
use crate::domain::person::Kind;
use crate::domain::posture::Measure;
use crate::domain::text::Line;
use crate::domain::{duty, vendor};
use crate::exec;
use crate::store::fault::StoreError;
use crate::store::proof::Recorded;
use crate::store::said::Said;
use crate::store::{covering, facts, link::Link};

/// Rows of a person and the roles granted.
pub async fn person(c: &mut Link<'_>, said: &Said<'_>, kind: &Kind) -> Result<(), StoreError> {
    let seq = said.entry.seq;
    match kind {
        Kind::Registered(made) => {
            exec!(
                c,
                "INSERT INTO person (ref, name, state, seq) VALUES ($1, $2, 'active', $3)",
                made.login.as_str(),
                made.name.as_str(),
                seq
            )?;
            let mut disciplines = made.disciplines.clone().unwrap_or_default();
            disciplines.sort_unstable();
            disciplines.dedup();
            for discipline in disciplines {
                exec!(
                    c,
                    "INSERT INTO person_discipline (person_ref, discipline, seq) VALUES ($1, $2, $3)",
                    made.login.as_str(),
                    discipline.word(),
                    seq
                )?;
            }
        }
        Kind::Deactivated(made) => {
            exec!(
                c,
                "UPDATE person SET state = 'deactivated', left_at = $1, seq = $2 WHERE ref = $3",
                said.entry.at,
                seq,
                made.login.as_str()
            )?;
            posture::leave(c, said, Measure::Access, None).await?;
        }
        Kind::Granted(made) => {
            exec!(
                c,
                "INSERT INTO role_grant (person_ref, role, scope, until_at, state, seq)
                 VALUES ($1, $2, $3, $4, 'held', $5)
                 ON CONFLICT (person_ref, role, scope)
                 DO UPDATE SET until_at = excluded.until_at, state = 'held', seq = excluded.seq",
                made.login.as_str(),
                made.role.word(),
                made.site.as_ref().map_or("*", |site| site.as_str()),
                made.until,
                seq
            )?;
            let scope = made.site.as_ref().map_or("*", |site| site.as_str());
            posture::granted(c, said, (made.role.word(), scope), made.until).await?;
        }
        Kind::Revoked(made) => {
            exec!(
                c,
                "UPDATE role_grant SET state = 'revoked', seq = $1
                 WHERE person_ref = $2 AND role = $3 AND scope = $4",
                seq,
                made.login.as_str(),
                made.role.word(),
                made.site.as_ref().map_or("*", |site| site.as_str())
            )?;
            let scope = made.site.as_ref().map_or("*", |site| site.as_str());
            posture::revoked(c, said, (made.role.word(), scope)).await?;
        }
    }
    Ok(())
}

/// The row of a duty.
pub async fn duty(c: &mut Link<'_>, said: &Said<'_>, kind: &duty::Kind) -> Result<(), StoreError> {
    let set = match kind {
        duty::Kind::Was(set) => set,
        duty::Kind::Ended(ended) => {
            // One that is taken back ends when it would begin: it never was.
            exec!(
                c,
                "UPDATE duty SET end_at = COALESCE($6, $1), seq = $2
                 WHERE person_ref = $3 AND discipline = $4 AND site = $5
                   AND (($6 IS NULL AND start_at < $1 AND end_at > $1) OR start_at = $6)",
                said.entry.at,
                said.entry.seq,
                ended.login.as_str(),
                ended.discipline.word(),
                ended.site.as_str(),
                ended.from
            )?;
            return Ok(());
        }
    };
    exec!(
        c,
        "INSERT INTO duty (person_ref, discipline, site, start_at, end_at, seq)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (person_ref, discipline, site, start_at)
         DO UPDATE SET end_at = excluded.end_at, seq = excluded.seq",
        set.login.as_str(),
        set.discipline.word(),
        set.site.as_str(),
        set.from,
        set.until,
        said.entry.seq
    )?;
    Ok(())
}

/// Rows of a vendor and its persons.
pub async fn vendor(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &vendor::Kind,
) -> Result<(), StoreError> {
    match kind {
        vendor::Kind::Registered(made) => {
            exec!(
                c,
                "INSERT INTO vendor (ref, name, contact, contract_end, state, seq)
                 VALUES ($1, $2, $3, $4, 'active', $5)",
                made.vendor.as_str(),
                made.name.as_str(),
                made.contact.as_ref().map(|line| line.as_str()),
                made.contract_end,
                said.entry.seq
            )?;
        }
        vendor::Kind::Updated(made) => {
            exec!(
                c,
                "UPDATE vendor SET name = COALESCE($1, name), contact = COALESCE($2, contact),
                     contract_end = COALESCE($3, contract_end), seq = $4
                 WHERE ref = $5",
                made.name.as_ref().map(|line| line.as_str()),
                made.contact.as_ref().map(|line| line.as_str()),
                made.contract_end,
                said.entry.seq,
                made.vendor.as_str()
            )?;
        }
        vendor::Kind::WasSuspended(made) => {
            turned(c, said, made.person.as_ref(), vendor::State::Suspended).await?;
        }
        vendor::Kind::Resumed(made) => {
            turned(c, said, made.person.as_ref(), vendor::State::Active).await?;
        }
        vendor::Kind::PersonRegistered(made) => {
            let (vendor, person) = (made.vendor.as_str(), made.called().unwrap_or_default());
            let mut told = covering::keys(c, vendor, person).await?;
            let keys: Vec<&str> = made.ssh_keys.iter().flatten().map(Line::as_str).collect();
            if !keys.is_empty() {
                told.push(Recorded::at(said.entry.at, &keys));
            }
            exec!(
                c,
                "INSERT INTO vendor_person
                     (vendor_ref, person, name, screening_until, training_until, ssh_keys, keys_told, state, seq)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, 'active', $8)
                 ON CONFLICT (vendor_ref, person) DO UPDATE SET
                     name = COALESCE(excluded.name, vendor_person.name),
                     screening_until = COALESCE(excluded.screening_until, vendor_person.screening_until),
                     training_until = COALESCE(excluded.training_until, vendor_person.training_until),
                     ssh_keys = CASE WHEN excluded.ssh_keys = '[]' THEN vendor_person.ssh_keys
                                     ELSE excluded.ssh_keys END,
                     keys_told = excluded.keys_told,
                     seq = excluded.seq",
                vendor,
                person,
                made.name.as_ref().map(|line| line.as_str()),
                made.screening_until,
                made.training_until,
                facts::json(&keys)?,
                facts::json(&told)?,
                said.entry.seq
            )?;
            posture::vendor_person(c, said, person).await?;
        }
    }
    Ok(())
}

/// A vendor, or one of its persons, is in this state from now on.
async fn turned(
    c: &mut Link<'_>,
    said: &Said<'_>,
    person: Option<&Line>,
    to: vendor::State,
) -> Result<(), StoreError> {
    let (vendor, seq) = (said.subject.as_str(), said.entry.seq);
    match person {
        None => exec!(
            c,
            "UPDATE vendor SET state = $1, seq = $2 WHERE ref = $3",
            to.word(),
            seq,
            vendor
        )?,
        Some(person) => exec!(
            c,
            "UPDATE vendor_person SET state = $1, seq = $2 WHERE vendor_ref = $3 AND person = $4",
            to.word(),
            seq,
            vendor,
            person.as_str()
        )?,
    };
    Ok(())
}
