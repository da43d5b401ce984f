//! Decision rights: for every RACI row that was set, whether somebody at the site holds its A. Concluded at the instant
//! of reading from the few rows of people and RACI: what a person may do at a site belongs to no single subject.

use std::collections::BTreeSet;

use sqlx::FromRow;

use crate::domain::discipline::Discipline;
use crate::domain::posture::{Count, Measure, State};
use crate::domain::role::{Right as Asks, Role};
use crate::domain::time::Time;
use crate::rows;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::query::posture::Table;
use crate::store::query::raci;

/// A RACI row as it holds at a site, or that none was set there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Right {
    /// The row: its activity, with `@` and the site for an override; the site itself where none was set.
    pub row: String,
    /// The site at which it holds.
    pub site: String,
    /// The discipline that has the A; none where no row was set.
    pub accountable: Option<String>,
    /// Whether an active person holds it there, with a role that decides.
    pub held: bool,
    /// The entry that last set the row.
    pub seq: i64,
}

impl Right {
    /// How it stands.
    pub const fn state(&self) -> State {
        match (&self.accountable, self.held) {
            (None, _) => State::Unknown,
            (Some(_), true) => State::Ok,
            (Some(_), false) => State::Bad,
        }
    }
}

#[derive(FromRow)]
struct HolderRow {
    discipline: String,
    role: String,
    scope: String,
}

/// The rows that were set, at every site at which they hold; a site without any is one that nobody knows of.
pub async fn rights(c: &mut Link<'_>, now: Time) -> Result<Vec<Right>, StoreError> {
    let set: Vec<_> = raci::raci(c).await?.into_iter().filter(|row| row.seq > 0).collect();
    let sites = rows!(c, (String,), "SELECT ref FROM site ORDER BY ref")?;
    let found = rows!(
        c,
        HolderRow,
        "SELECT DISTINCT d.discipline, g.role, g.scope
         FROM person p
         JOIN person_discipline d ON d.person_ref = p.ref
         JOIN role_grant g ON g.person_ref = p.ref
         WHERE p.state = 'active' AND g.state = 'held' AND (g.until_at IS NULL OR g.until_at > $1)",
        now
    )?;
    let decides = |row: &HolderRow| {
        let given = |role: Role| {
            let disciplines = Asks::Decide.given_by(role)?;
            let of = Discipline::parse(&row.discipline);
            Some(disciplines.iter().any(|needed| needed.is_none() || *needed == of))
        };
        Role::parse(&row.role).and_then(given).unwrap_or(false)
    };
    let holders: BTreeSet<(&str, &str)> = found
        .iter()
        .filter(|row| decides(row))
        .map(|row| (row.discipline.as_str(), row.scope.as_str()))
        .collect();
    let mut all = Vec::new();
    for (site,) in &sites {
        let own = |activity: &str| {
            set.iter().any(|row| row.activity == activity && row.site.as_deref() == Some(site))
        };
        let before = all.len();
        for row in &set {
            let holds = match &row.site {
                Some(of) => of == site,
                None => !own(&row.activity),
            };
            if holds {
                let at = |scope: &str| holders.contains(&(row.accountable.as_str(), scope));
                all.push(Right {
                    row: row.r#ref.clone(),
                    site: site.clone(),
                    accountable: Some(row.accountable.clone()),
                    held: at(site) || at("*"),
                    seq: row.seq,
                });
            }
        }
        if all.len() == before {
            let (row, site) = (site.clone(), site.clone());
            all.push(Right { row, site, accountable: None, held: false, seq: 0 });
        }
    }
    Ok(all)
}

/// Counts them by site.
pub fn count(rights: &[Right], table: &mut Table) {
    for right in rights {
        let key = (right.site.clone(), Measure::DecisionRights);
        table.entry(key).or_default().add(right.state(), Count { items: 1, weight: 1 });
    }
}
