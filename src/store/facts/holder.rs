//! Who writes an entry, and whether its site stands: one question, which every entry asks under the lock and in a replay.

use sqlx::FromRow;

use crate::domain::discipline::Discipline;
use crate::domain::names::{Login, SiteCode};
use crate::domain::role::{Grant, Holder, Role};
use crate::domain::time::Time;
use crate::rows;
use crate::store::fault::StoreError;
use crate::store::link::Link;

/// The rows about a person and a site, by the places at which their names are bound.
#[macro_export]
macro_rules! met {
    ($login:literal, $site:literal) => {
        concat!(
            "SELECT 'grant' AS what, role AS word, scope, until_at FROM role_grant
             WHERE person_ref = ",
            $login,
            " AND state = 'held'
             UNION ALL SELECT 'discipline', discipline, '', NULL FROM person_discipline WHERE person_ref = ",
            $login,
            " UNION ALL SELECT 'state', state, '', NULL FROM person WHERE ref = ",
            $login,
            " UNION ALL SELECT 'site', ref, '', NULL FROM site WHERE ref = ",
            $site
        )
    };
}

/// A grant, a discipline or the state of a person, or a site that stands, told apart by `what`.
#[derive(FromRow)]
pub struct MetRow {
    /// `grant`, `discipline`, `state` or `site`.
    pub what: String,
    /// The role, the discipline, the state, the code of the site.
    pub word: String,
    /// The site of a grant, `*` for all of them.
    pub scope: String,
    /// The end of a grant.
    pub until_at: Option<Time>,
}

/// Who writes, and where.
#[derive(Clone, Debug)]
pub struct Met {
    /// The person as the rules see one, none if nobody of that name is registered.
    pub holder: Option<Holder>,
    /// The site that was asked for.
    pub site: Option<SiteCode>,
    /// Whether that site is registered.
    pub stands: bool,
}

impl Met {
    /// What these rows tell of a person and a site.
    pub fn of(login: &Login, site: Option<&SiteCode>, rows: &[MetRow]) -> Self {
        let of = |what: &'static str| rows.iter().filter(move |row| row.what == what);
        let holder = of("state").next().map(|state| Holder {
            login: login.clone(),
            active: state.word == "active",
            disciplines: of("discipline").filter_map(|row| Discipline::parse(&row.word)).collect(),
            grants: of("grant")
                .filter_map(|row| {
                    let site = match row.scope.as_str() {
                        "*" => None,
                        code => Some(SiteCode::new(code).ok()?),
                    };
                    Some(Grant { role: Role::parse(&row.word)?, site, until: row.until_at })
                })
                .collect(),
        });
        Self { holder, site: site.cloned(), stands: of("site").next().is_some() }
    }
}

/// The person of this login, and whether this site is registered.
///
/// # Errors
/// If the engine fails.
pub async fn met(
    c: &mut Link<'_>,
    login: &Login,
    site: Option<&SiteCode>,
) -> Result<Met, StoreError> {
    let found = rows!(c, MetRow, met!("$1", "$2"), login.as_str(), site.map(SiteCode::as_str))?;
    Ok(Met::of(login, site, &found))
}

/// The person of this login as the rules see one, none if nobody of that name is registered.
///
/// # Errors
/// If the engine fails.
pub async fn holder(c: &mut Link<'_>, login: &Login) -> Result<Option<Holder>, StoreError> {
    Ok(met(c, login, None).await?.holder)
}
