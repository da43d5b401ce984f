//! What the story takes in from files: advisories, inventories and access logs, by the importers that everybody uses.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono_tz::Tz;
use serde_json::Value;

use super::Stage;
use crate::demo::advisories::ADVISORIES;
use crate::demo::fault::Fault;
use crate::demo::inventory;
use crate::domain::names::{Ref, SiteCode};
use crate::exchange::{access, advisories, assets};
use crate::store::Write;

impl Stage {
    /// Takes in advisories; the risks found are called `ADVISORY@SITE`.
    pub(super) async fn advisories(&mut self, by: &str, files: &[String]) -> Result<(), Fault> {
        let folder = self.work.join(format!("mpc-advisories-{}", self.now.utc().date_naive()));
        let io = |path: &PathBuf| Fault::io(format!("make {}", path.display()));
        std::fs::create_dir(&folder).map_err(io(&folder))?;
        for (file, text) in ADVISORIES.iter().filter(|(file, _)| files.iter().any(|f| f == file)) {
            let path = folder.join(file);
            std::fs::write(&path, text).map_err(io(&path))?;
            self.taken.insert(file.trim_end_matches(".json").to_uppercase());
        }
        self.act_as(by)?;
        let paths = [folder];
        let taking = advisories::Taking::default();
        let summary = advisories::take(&self.desk, &paths, taking, |_, _| {}).await?;
        match summary.refused.first() {
            Some(refused) => Err(Fault::file(&refused.file, &refused.reason)),
            None => self.raised().await,
        }
    }

    /// Takes in an inventory; what is found in it may raise risks.
    pub(super) async fn inventory(
        &mut self,
        by: &str,
        source: &str,
        site: &str,
        rows: &BTreeMap<String, BTreeMap<String, String>>,
    ) -> Result<(), Fault> {
        let mut lines = self.inventories.get(site).cloned().unwrap_or_default();
        if !rows.is_empty() {
            lines.retain(|line| line.get("tag").is_some_and(|tag| rows.contains_key(tag)));
        }
        for line in &mut lines {
            let anew = line.get("tag").and_then(|tag| rows.get(tag));
            for (column, cell) in anew.into_iter().flatten() {
                if let Some((_, old)) = line.iter_mut().find(|(name, _)| *name == column) {
                    old.clone_from(cell);
                } else if column == "firmware" {
                    line.insert("firmware", cell.clone());
                }
            }
        }
        let path = self.work.join(source);
        std::fs::write(&path, inventory::file(&lines)?)
            .map_err(Fault::io(format!("make {}", path.display())))?;
        let site = SiteCode::new(site).map_err(|fault| Fault::file(source, fault))?;
        let taking = assets::Taking { site: Some(site), ..assets::Taking::default() };
        self.act_as(by)?;
        let summary = assets::take(&self.desk, &[path], &taking, |_, _| {}).await?;
        match summary.refused.first() {
            Some(refused) => Err(Fault::file(&refused.file, &refused.reason)),
            None => self.raised().await,
        }
    }

    /// Takes in the log of a jump host.
    pub(super) async fn access_log(
        &mut self,
        by: &str,
        source: &str,
        zone: Tz,
        events: &[Value],
    ) -> Result<(), Fault> {
        let mut log = String::new();
        for event in events {
            let told = self.moment(zone).fill(event);
            log.push_str(&told.map_err(|why| Fault::file(source, why))?.to_string());
            log.push('\n');
        }
        let path = self.work.join(source);
        std::fs::write(&path, log).map_err(Fault::io(format!("make {}", path.display())))?;
        self.act_as(by)?;
        let taking = access::Taking::default();
        let summary = access::take(&self.desk, &[path], &taking, |_, _| {}).await?;
        match summary.refused.first() {
            Some(refused) => Err(Fault::file(&refused.file, &refused.reason)),
            None => Ok(()),
        }
    }

    async fn raised(&mut self) -> Result<(), Fault> {
        let mut write = Write::begin(self.desk.store()).await?;
        for id in &self.taken {
            let advisory = Ref::new(id).map_err(|fault| Fault::file(id, fault))?;
            for raised in write.raised(&advisory).await? {
                if let Some(risk) = raised.risk {
                    self.made.insert(format!("{id}@{}", raised.site), risk);
                }
            }
        }
        write.roll_back().await;
        Ok(())
    }
}
