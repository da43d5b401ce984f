//! The product tree of CSAF 2.0 (section 3.2.2): branches, free product names, groups and relationships.

use std::collections::HashMap;

use super::document::Findings;
use super::lenient::{Many, Text, record};
use crate::domain::advisory::{Product, VersionText};

/// Longer names are cut, in characters.
const NAME: usize = 400;
/// More products than this are not read; seventy times the largest real document.
const MOST: usize = 100_000;
/// More helper values of one kind than this are not read.
const HELPERS: usize = 1_000;

record! {
    /// `/product_tree`.
    Tree {
        branches: "branches" => Many<Branch>,
        names: "full_product_names" => Many<Leaf>,
        groups: "product_groups" => Many<Group>,
        relationships: "relationships" => Many<Relationship>,
    }
}

record! {
    /// A branch.
    Branch {
        category: "category" => Text,
        name: "name" => Text,
        branches: "branches" => Many<Branch>,
        product: "product" => Leaf,
    }
}

record! {
    /// A full product name.
    Leaf { id: "product_id" => Text, name: "name" => Text, helper: "product_identification_helper" => Helper }
}

record! {
    /// `product_identification_helper`.
    Helper {
        cpe: "cpe" => Text,
        purl: "purl" => Text,
        model_numbers: "model_numbers" => Many<Text>,
        serial_numbers: "serial_numbers" => Many<Text>,
        skus: "skus" => Many<Text>,
    }
}

record! {
    /// A product group.
    Group { id: "group_id" => Text, products: "product_ids" => Many<Text> }
}

record! {
    /// A relationship between two products that makes a third.
    Relationship {
        category: "category" => Text,
        product: "full_product_name" => Leaf,
        of: "product_reference" => Text,
        to: "relates_to_product_reference" => Text,
    }
}

/// What the branches above a leaf say.
#[derive(Clone, Default)]
struct Path<'a> {
    vendor: &'a str,
    names: Vec<&'a str>,
    version: VersionText,
}

impl Tree {
    /// All products: leaves of branches, free names and relationships.
    pub(super) fn products(&self, findings: &mut Findings) -> Vec<Product> {
        let mut out = Vec::new();
        let path = Path::default();
        for branch in &self.branches.0 {
            walk(branch, &path, &mut out, findings);
        }
        for leaf in &self.names.0 {
            out.extend(product(leaf, &path));
        }
        self.relate(&mut out, findings);
        if out.len() > MOST {
            findings.add(format!("Only the first {MOST} of {} products were read.", out.len()));
            out.truncate(MOST);
        }
        out
    }

    /// The products of a group.
    pub(super) fn group(&self, id: &str) -> Vec<String> {
        let group = self.groups.0.iter().find(|group| group.id.get() == Some(id));
        group.map(|group| group.products.texts()).unwrap_or_default()
    }

    fn relate(&self, products: &mut Vec<Product>, findings: &mut Findings) {
        if self.relationships.0.is_empty() {
            return;
        }
        let mut by_id: HashMap<String, usize> =
            products.iter().enumerate().map(|(at, product)| (product.id.clone(), at)).collect();
        for relationship in &self.relationships.0 {
            if products.len() >= MOST {
                findings.add(format!("Only the first {MOST} products were read."));
                return;
            }
            let end = |text: &Text| {
                text.get().and_then(|id| by_id.get(id)).and_then(|at| products.get(*at)).cloned()
            };
            let (Some(leaf), of, to) = (
                product(&relationship.product, &Path::default()),
                end(&relationship.of),
                end(&relationship.to),
            ) else {
                continue;
            };
            let (Some(of), Some(to)) = (of, to) else {
                findings.add(format!(
                    "The relationship that makes {} names an unknown product.",
                    leaf.id
                ));
                continue;
            };
            let installed = relationship.category.get() == Some("installed_on");
            let made = related(leaf, &of, to, installed);
            by_id.insert(made.id.clone(), products.len());
            products.push(made);
        }
    }
}

/// The host with something on it. Firmware's version is the host's own version; another component's is not.
fn related(leaf: Product, of: &Product, to: Product, installed: bool) -> Product {
    let text = format!("{} {}", of.names.join(" "), of.full_name).to_lowercase();
    let firmware =
        ["firmware", "operating system", "software"].iter().any(|word| text.contains(word));
    let version = match (&of.version, &to.version) {
        (VersionText::Exact(_) | VersionText::Range(_), VersionText::Unnamed)
            if installed || firmware =>
        {
            of.version.clone()
        }
        (_, VersionText::Unnamed) => VersionText::Range(format!("with {}", of.full_name)),
        (_, VersionText::Exact(_) | VersionText::Range(_)) => to.version.clone(),
    };
    Product {
        id: leaf.id,
        vendor: if to.vendor.is_empty() { of.vendor.clone() } else { to.vendor },
        names: to.names,
        version,
        full_name: leaf.full_name,
        component: Some(of.full_name.clone()),
        model_numbers: to.model_numbers,
        serial_numbers: to.serial_numbers,
        skus: to.skus,
        cpe: leaf.cpe,
        purl: leaf.purl,
    }
}

fn walk<'a>(branch: &'a Branch, above: &Path<'a>, out: &mut Vec<Product>, findings: &mut Findings) {
    if out.len() > MOST {
        return;
    }
    let mut path = above.clone();
    let name = branch.name.get().unwrap_or_default();
    match branch.category.get() {
        Some("vendor") => path.vendor = branch.name.0.as_deref().unwrap_or_default(),
        Some("product_version") => {
            path.version = VersionText::Exact(super::lenient::shorten(name, NAME))
        }
        Some("product_version_range") => {
            if name.starts_with("vers:all/") && name != "vers:all/*" {
                findings.add(
                    "Version ranges are invalid vers: the scheme \"all\" only allows \"*\"."
                        .to_owned(),
                );
            }
            path.version = VersionText::Range(super::lenient::shorten(name, NAME));
        }
        Some("product_name" | "product_family") => path.names.push(name),
        Some(
            "architecture" | "host_name" | "language" | "legacy" | "patch_level" | "service_pack"
            | "specification",
        ) => {}
        Some(_) | None => {
            findings.add("The product tree has branches of unknown category.".to_owned())
        }
    }
    for key in branch.twice.iter().chain(&branch.product.twice) {
        findings.add(format!("A branch has the key {key} twice; the last one counts."));
    }
    out.extend(product(&branch.product, &path));
    for child in &branch.branches.0 {
        walk(child, &path, out, findings);
    }
}

fn product(leaf: &Leaf, path: &Path) -> Option<Product> {
    let id = leaf.id.short(200)?;
    let some = |texts: &Many<Text>| {
        texts.0.iter().take(HELPERS).filter_map(|text| text.short(200)).collect()
    };
    Some(Product {
        id,
        vendor: super::lenient::shorten(path.vendor, NAME),
        names: path.names.iter().map(|name| super::lenient::shorten(name, NAME)).collect(),
        version: path.version.clone(),
        full_name: leaf.name.short(NAME).unwrap_or_default(),
        component: None,
        model_numbers: some(&leaf.helper.model_numbers),
        serial_numbers: some(&leaf.helper.serial_numbers),
        skus: some(&leaf.helper.skus),
        cpe: leaf.helper.cpe.short(300),
        purl: leaf.helper.purl.short(300),
    })
}
