//! What a filter names, as the store writes it: sites, people, vendors and assets are found in any case, and a site
//! that does not exist is refused. `site:mine` is the sites of one's own roles.
//!
//! The word that was given is turned into the names that exist; columns are compared as they stand, with their index.

use std::collections::BTreeSet;

use crate::domain::filter::{Filter, NotAFilter, Test, Word};
use crate::rows;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::reader::{ReadError, Reader};

/// Stands for the sites that the roles of whoever reads reach, all of them if that is so: longer than any site's code.
const MINE: &str = "mine";

/// Stands for all sites where a list has rows of all of them.
const EVERYWHERE: &str = "*";

/// The word for sites.
const SITE: &str = "site";

const SITES: &str = "SELECT ref FROM site ORDER BY ref";

/// Words of filters, and the names that one in lower case may mean.
const MEANT: &[(&[&str], &str)] = &[
    (
        &["person", "login", "requester", "owner", "author", "who"],
        "SELECT ref FROM person WHERE lower(ref) = $1
         UNION SELECT person FROM vendor_person WHERE lower(person) = $1",
    ),
    (
        &["vendor"],
        "SELECT ref FROM vendor WHERE lower(ref) = $1
         UNION SELECT vendor FROM asset WHERE vendor IS NOT NULL AND lower(vendor) = $1",
    ),
    // Its tag is what columns show of it.
    (&["asset"], "SELECT ref FROM asset WHERE lower(ref) = $1 OR lower(tag) = $1"),
];

fn meant(word: &str) -> Option<&'static str> {
    MEANT.iter().find(|(words, _)| words.contains(&word)).map(|(_, sql)| *sql)
}

async fn names(
    c: &mut Link<'_>,
    sql: &'static str,
    given: &[String],
) -> Result<BTreeSet<String>, StoreError> {
    let mut found: BTreeSet<String> = given.iter().cloned().collect();
    for one in given {
        let meant = rows!(c, (String,), sql, one.to_lowercase())?;
        found.extend(meant.into_iter().map(|(name,)| name));
    }
    Ok(found)
}

fn sites(given: &[String], known: &[String]) -> Result<Vec<String>, NotAFilter> {
    let one = |given: &String| {
        let code = given.to_ascii_uppercase();
        let stands = code == EVERYWHERE || known.contains(&code);
        stands.then_some(code).ok_or_else(|| NotAFilter::Site {
            site: given.clone(),
            known: match known.is_empty() {
                true => "there is none yet".to_owned(),
                false => format!("it is one of {}", known.join(", ")),
            },
        })
    };
    given.iter().map(one).collect()
}

impl Reader<'_> {
    /// Reads a filter line against the words of a list, with the names in it as the store writes them.
    ///
    /// # Errors
    /// `Filter` for a word that was not understood and for a site that does not exist; `Store` if the store fails.
    pub async fn filter(&mut self, line: &str, words: &[Word]) -> Result<Filter, ReadError> {
        let mut filter = Filter::parse(line, words)?;
        for term in &mut filter.terms {
            let Test::Any(given) = &mut term.test else { continue };
            if term.word == SITE {
                if given.iter().any(|one| one == MINE) {
                    let mine = self.sites_of_mine().await?;
                    let others = given.iter().filter(|one| *one != MINE).cloned();
                    // Whoever's roles reach every site is not limited.
                    *given = mine.map_or_else(Vec::new, |mine| others.chain(mine).collect());
                }
                let known: Vec<(String,)> = crate::ask!(self, c => known(c))?;
                let known: Vec<String> = known.into_iter().map(|(site,)| site).collect();
                *given = sites(given, &known)?;
            } else if let Some(sql) = meant(term.word) {
                let found = crate::ask!(self, c => names(c, sql, given))?;
                *given = found.into_iter().collect();
            }
        }
        filter.terms.retain(|term| term.word != SITE || term.test != Test::Any(Vec::new()));
        Ok(filter)
    }

    /// The sites that the roles of whoever reads reach; none where they reach all, or nothing at all.
    async fn sites_of_mine(&mut self) -> Result<Option<Vec<String>>, ReadError> {
        let (holder, now) = (self.reading().await?, self.now());
        let sites = holder.and_then(|holder| holder.sites(now));
        Ok(sites.map(|sites| sites.iter().map(|site| site.as_str().to_owned()).collect()))
    }
}

async fn known(c: &mut Link<'_>) -> Result<Vec<(String,)>, StoreError> {
    Ok(rows!(c, (String,), SITES)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().copied().map(str::to_owned).collect()
    }

    #[test]
    fn a_site_is_known_in_any_case_and_an_unknown_one_is_refused_by_name() {
        let known = words(&["ANR", "RTM"]);
        assert_eq!(sites(&words(&["anr", "Rtm", "*"]), &known), Ok(words(&["ANR", "RTM", "*"])));
        let refused = sites(&words(&["ANR", "anx"]), &known).unwrap_err().to_string();
        assert_eq!(refused, "there is no site \"anx\": it is one of ANR, RTM");
        let refused = sites(&words(&["ANR"]), &[]).unwrap_err().to_string();
        assert_eq!(refused, "there is no site \"ANR\": there is none yet");
    }
}
