//! The unit tree.

use super::fault::{Check, Fault, check_name};
use super::ids::UnitId;
use super::text_enum;

text_enum! {
    /// Level of a unit; a parent stands on a level above its children's, so that the tree has no cycles.
    UnitLevel {
        /// 市: city.
        City = "city",
        /// 区、县、开发区: district, county or development zone.
        District = "district",
        /// 街道、乡镇: street or township, the main planning unit.
        Street = "street",
        /// 社区、村: community, village, and offices, firms, buildings or markets with a work station.
        Community = "community",
        /// 服务点: service point.
        Point = "point",
    }
}

/// A node of the unit tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Statistical division code.
    pub id: UnitId,
    /// Parent; none for a root.
    pub parent: Option<UnitId>,
    /// Level.
    pub level: UnitLevel,
    /// Name.
    pub name: String,
    /// Counts the edits, from 1.
    pub version: i64,
}

impl Check for Unit {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_name(&mut faults, "/name", &self.name);
        if self.parent.as_ref() == Some(&self.id) {
            faults.push(Fault::new(
                "unit-cycle",
                "/parent",
                format!("unit {} is its own parent", self.id),
                "name another unit as parent, or none for a root",
            ));
        }
        faults
    }
}
