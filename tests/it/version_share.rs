//! How much of what real advisories write as versions can be decided.

use smc::domain::version::Range;

/// The measured distinct strings of the real advisories, weighted by how often they occur.
#[test]
fn nine_of_ten_real_ranges_can_be_decided() {
    let Some(folder) = std::env::var_os("SMC_REAL_DATA") else {
        println!("skipped: SMC_REAL_DATA is not set");
        return;
    };
    let mut shares = Vec::new();
    for file in ["csaf_ranges_distinct.csv", "csaf_versions_distinct.csv"] {
        let path = std::path::Path::new(&folder).join("csaf").join(file);
        let mut reader = csv::ReaderBuilder::new().from_path(&path).unwrap();
        let (mut all, mut decided, mut left) = (0u64, 0u64, Vec::new());
        for row in reader.records() {
            let row = row.unwrap();
            let count: u64 = row[1].parse().unwrap();
            all += count;
            if Range::parse(&row[0]).is_decidable() {
                decided += count;
            } else {
                left.push(format!("{count:5} {}", &row[0]));
            }
        }
        println!("{file}: {decided} of {all} = {:.1} %", decided as f64 * 100.0 / all as f64);
        println!("{}", left.join("\n"));
        shares.push(decided * 1000 / all);
    }
    assert!(shares[0] >= 970, "ranges: {} per mille", shares[0]);
    assert!(shares[1] >= 910, "versions: {} per mille", shares[1]);
}
