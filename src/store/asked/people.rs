//! Who could give what a request asks for: everybody who may decide at a site, and who is on call there.
//!
//! Whether that is enough is `domain`'s to say.

use sqlx::FromRow;

use crate::domain::approval::Candidate;
use crate::domain::discipline::Discipline;
use crate::domain::names::{Login, SiteCode};
use crate::domain::role::Role;
use crate::domain::time::Time;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::{rows, scalar};

#[derive(FromRow)]
struct CandidateRow {
    discipline: String,
    person: String,
    role: String,
    scope: String,
}

/// Everybody who may decide at a site at this instant, for each discipline that they hold.
pub async fn candidates(
    c: &mut Link<'_>,
    site: &SiteCode,
    at: Time,
) -> Result<Vec<Candidate>, StoreError> {
    let found = rows!(
        c,
        CandidateRow,
        "SELECT h.discipline, o.ref AS person, g.role, g.scope
         FROM person o
         JOIN person_discipline h ON h.person_ref = o.ref
         JOIN role_grant g ON g.person_ref = o.ref AND g.state = 'held' AND (g.scope = '*' OR g.scope = $1)
              AND (g.until_at IS NULL OR g.until_at > $2)
         WHERE o.state = 'active'
         ORDER BY h.discipline, o.ref, g.scope DESC, g.role",
        site.as_str(),
        at
    )?;
    let mut people: Vec<Candidate> = Vec::new();
    for row in found {
        let (Some(discipline), Ok(person)) =
            (Discipline::parse(&row.discipline), Login::new(&row.person))
        else {
            continue;
        };
        if !Role::parse(&row.role).is_some_and(Role::decides) {
            continue;
        }
        let local = row.scope != "*";
        match people.iter_mut().find(|one| one.discipline == discipline && one.person == person) {
            Some(known) => known.corporate &= !local,
            None => people.push(Candidate { discipline, person, corporate: !local }),
        }
    }
    Ok(people)
}

/// Whether somebody is on call for a discipline at a site at this instant.
pub async fn on_duty(
    c: &mut Link<'_>,
    person: &Login,
    discipline: Discipline,
    site: &SiteCode,
    at: Time,
) -> Result<bool, StoreError> {
    let found = scalar!(
        c,
        i64,
        "SELECT seq FROM duty WHERE person_ref = $1 AND discipline = $2 AND site = $3
         AND start_at <= $4 AND end_at > $4 LIMIT 1",
        person.as_str(),
        discipline.word(),
        site.as_str(),
        at
    )?;
    Ok(found.is_some())
}
