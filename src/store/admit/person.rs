//! Checks of people, grants and duties against the tables.

use crate::domain::person::Kind;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::time::Time;
use crate::domain::{duty, names::Login};
use crate::scalar;
use crate::store::fault::StoreError;
use crate::store::said::Said;
use crate::store::{facts, link::Link};

/// A person is registered once, granted what is not held, revoked what is.
pub async fn admit(c: &mut Link<'_>, said: &Said<'_>, kind: &Kind) -> Result<(), StoreError> {
    match kind {
        Kind::Registered(made) => {
            let found =
                scalar!(c, i64, "SELECT seq FROM person WHERE ref = $1", made.login.as_str())?;
            facts::fresh(found, "person", made.login.as_str())
        }
        Kind::Deactivated(made) => {
            active(c, &made.login).await?;
            if made.login == said.actor {
                return Err(Refusal::new(
                    Code::FourEyes,
                    format!("{} cannot deactivate themselves", made.login),
                    "another administrator must",
                )
                .into());
            }
            Ok(())
        }
        Kind::Granted(made) => {
            active(c, &made.login).await?;
            if let Some(site) = &made.site {
                facts::site(c, site).await?;
            }
            if made.until.is_some_and(|until| until <= said.entry.at) {
                return Err(Refusal::new(
                    Code::Expired,
                    "the grant would have ended already",
                    "give an end that is still to come",
                )
                .into());
            }
            Ok(())
        }
        Kind::Revoked(made) => {
            let scope = made.site.as_ref().map_or("*", |site| site.as_str());
            let held = scalar!(
                c,
                i64,
                "SELECT seq FROM role_grant
                 WHERE person_ref = $1 AND role = $2 AND scope = $3 AND state = 'held'",
                made.login.as_str(),
                made.role.word(),
                scope
            )?;
            held.map(|_| ()).ok_or_else(|| {
                Refusal::new(
                    Code::Unknown,
                    format!("{} does not hold {} at {scope}", made.login, made.role),
                    "see `smc list roles`",
                )
                .into()
            })
        }
    }
}

/// A duty needs a person who holds the discipline, a site, and an end after its start; only one that goes on is ended, and
/// only one that is to come is taken back.
pub async fn duty(c: &mut Link<'_>, said: &Said<'_>, kind: &duty::Kind) -> Result<(), StoreError> {
    let set = match kind {
        duty::Kind::Was(set) => set,
        duty::Kind::Ended(ended) => return goes_on(c, ended, said.entry.at).await,
    };
    let person = active(c, &set.login).await?;
    facts::site(c, &set.site).await?;
    if !person.holds(set.discipline) {
        return Err(Refusal::new(
            Code::WrongDiscipline,
            format!("{} does not hold {}", set.login, set.discipline),
            "put somebody on call who does",
        )
        .into());
    }
    if said.body.v >= 7 {
        begun(c, set, said.entry.at).await?;
    }
    if set.until <= set.from {
        return Err(Refusal::new(
            Code::Invalid,
            format!("the duty ends at {:#} and begins at {:#}", set.until, set.from),
            "give an end after the start",
        )
        .into());
    }
    Ok(())
}

/// Refuses to say anew how long a duty was that has begun: what was, was; it is ended with a reason.
async fn begun(c: &mut Link<'_>, set: &duty::Set, at: Time) -> Result<(), StoreError> {
    let stands = scalar!(
        c,
        i64,
        "SELECT seq FROM duty WHERE person_ref = $1 AND discipline = $2 AND site = $3 AND start_at = $4
            AND start_at <= $5",
        set.login.as_str(),
        set.discipline.word(),
        set.site.as_str(),
        set.from,
        at
    )?;
    match stands {
        None => Ok(()),
        Some(_) => Err(Refusal::new(
            Code::Conflict,
            format!("the duty of {} from {:#} has begun", set.login, set.from),
            "end it with `smc do duty.end`, and set another from now on",
        )
        .into()),
    }
}

async fn goes_on(c: &mut Link<'_>, ended: &duty::End, at: Time) -> Result<(), StoreError> {
    let on = scalar!(
        c,
        i64,
        "SELECT seq FROM duty WHERE person_ref = $1 AND discipline = $2 AND site = $3
            AND (($5 IS NULL AND start_at < $4 AND end_at > $4)
              OR (start_at = $5 AND start_at > $4 AND end_at > start_at)) ORDER BY seq DESC LIMIT 1",
        ended.login.as_str(),
        ended.discipline.word(),
        ended.site.as_str(),
        at,
        ended.from
    )?;
    let none = || {
        let duty::End { login, discipline, site, from, .. } = ended;
        match from {
            None => Refusal::new(
                Code::Unknown,
                format!("{login} is not on duty for {discipline} at {site}"),
                "see `smc list duties state:on`; name in `from` one that is to come",
            ),
            Some(from) => Refusal::new(
                Code::Unknown,
                format!("no duty of {login} for {discipline} at {site} is to come at {from:#}"),
                "see `smc list duties state:to_come`; leave out `from` to end one that goes on",
            ),
        }
    };
    Ok(on.map(|_| ()).ok_or_else(none)?)
}

async fn active(
    c: &mut Link<'_>,
    login: &Login,
) -> Result<crate::domain::role::Holder, StoreError> {
    let person = facts::person(c, login).await?;
    if person.active {
        Ok(person)
    } else {
        Err(Refusal::new(
            Code::WrongState,
            format!("{login} is deactivated"),
            "register another login",
        )
        .into())
    }
}
