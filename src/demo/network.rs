//! Units and stations.

use super::chance::Chance;
use super::geography::{CITY, DEGREES_EAST_PER_METRE, DEGREES_NORTH_PER_METRE, DISTRICTS, District, PRESET_DISTRICT};
use super::{Preset, names, parsed};
use crate::domain::{HoursDay, Location, OpeningHours, Station, StationKind, Unit, UnitId, UnitLevel};

/// Working weekdays, Monday first.
pub(super) const WORKDAYS: [HoursDay; 5] =
    [HoursDay::Monday, HoursDay::Tuesday, HoursDay::Wednesday, HoursDay::Thursday, HoursDay::Friday];

/// First and last minute of the daytime opening.
pub(super) const DAY_OPEN: (u16, u16) = (8 * 60, 17 * 60);

/// First and last minute of the evening opening.
pub(super) const EVENING_OPEN: (u16, u16) = (18 * 60, 20 * 60 + 30);

/// A street with its stations, as the other parts of the generator need it.
#[derive(Debug)]
pub(super) struct Street {
    pub(super) unit: UnitId,
    pub(super) centre: Location,
    /// Positions in the list of stations: the general station first.
    pub(super) stations: std::ops::Range<usize>,
    /// Communities of the street.
    pub(super) communities: Vec<UnitId>,
    /// Metres within which most of it lies.
    pub(super) radius_metres: f64,
}

/// Units, stations and streets of a preset.
#[derive(Debug, Default)]
pub(super) struct Network {
    pub(super) units: Vec<Unit>,
    pub(super) stations: Vec<Station>,
    pub(super) streets: Vec<Street>,
}

/// Work stations and service points of all 159 streets together: 112 streets have 41 and the others 40.
const STREETS_WITH_ONE_MORE: u32 = 112;
const STREETS: u32 = 159;

pub(super) fn network(preset: Preset, seed: u64) -> Network {
    let mut network = Network::default();
    let city = network.unit(&format!("{}000000", CITY.0), None, UnitLevel::City, CITY.1.to_owned());
    let seat = Location { latitude: CITY.2.0, longitude: CITY.2.1 };
    network.station(&city, format!("{}服务民生指导服务中心", CITY.1), StationKind::GuidanceCentre, seat, &[]);
    let mut number = 0;
    for district in DISTRICTS {
        let first = number;
        number += district.streets;
        if preset != Preset::City && district.code != PRESET_DISTRICT {
            continue;
        }
        let streets = if preset == Preset::Street { 1 } else { district.streets };
        network.district(&city, district, streets, first, seed);
    }
    network
}

impl Network {
    fn unit(&mut self, code: &str, parent: Option<&UnitId>, level: UnitLevel, name: String) -> UnitId {
        let id: UnitId = parsed(UnitId::parse(code));
        self.units.push(Unit { id: id.clone(), parent: parent.cloned(), level, name, version: 1 });
        id
    }

    fn station(&mut self, unit: &UnitId, name: String, kind: StationKind, at: Location, hours: &[OpeningHours]) {
        let mut hours = hours.to_vec();
        if hours.is_empty() {
            hours.extend(WORKDAYS.map(|day| opening(day, DAY_OPEN)));
        }
        hours.sort_unstable();
        self.stations.push(Station {
            id: parsed(crate::domain::StationId::parse(&format!("s{unit}"))),
            unit: unit.clone(),
            name,
            kind,
            location: Some(at),
            always_open: false,
            hours,
            version: 1,
        });
    }

    fn district(&mut self, city: &UnitId, district: &District, streets: u32, first: u32, seed: u64) {
        let code = district.code;
        let chance = Chance::new(seed, code);
        let unit = self.unit(&format!("{code}000000"), Some(city), UnitLevel::District, district.name.to_owned());
        let seat = Location { latitude: district.latitude, longitude: district.longitude };
        let centre = format!("{}服务民生指导服务中心", district.name);
        self.station(&unit, centre, StationKind::GuidanceCentre, seat, &[]);
        let street_names = names::places(&chance, district.streets as usize);
        let radius = if district.is_urban { 1_200.0 } else { 4_000.0 };
        for (position, name) in street_names.iter().enumerate().take(streets as usize) {
            let position = u32::try_from(position).unwrap_or(0);
            let ending = if district.is_urban || position < 2 { "街道" } else { "镇" };
            let street = self.unit(
                &format!("{code}{:03}000", position + 1),
                Some(&unit),
                UnitLevel::Street,
                format!("{name}{ending}"),
            );
            // Streets lie on a sunflower around the seat: evenly spread, neighbours at about twice the radius.
            let angle = f64::from(position) * 2.399_963;
            let away = radius * 1.9 * f64::from(position).sqrt();
            let middle = offset(seat, away * angle.cos(), away * angle.sin());
            let stations = 40 + u32::from(first + position < STREETS_WITH_ONE_MORE);
            self.street(&street, &format!("{name}{ending}"), middle, radius, stations, seed);
        }
    }

    fn street(&mut self, unit: &UnitId, name: &str, centre: Location, radius: f64, stations: u32, seed: u64) {
        let chance = Chance::new(seed, &format!("street {unit}"));
        let is_town = name.ends_with('镇');
        let begin = self.stations.len();
        let mut hours = WORKDAYS.map(|day| opening(day, DAY_OPEN)).to_vec();
        hours.extend(WORKDAYS.map(|day| opening(day, EVENING_OPEN)));
        hours.push(opening(HoursDay::OffDay, DAY_OPEN));
        let title = format!("{name}服务民生工作总站");
        self.station(unit, title, StationKind::GeneralStation, centre, &hours);
        let communities = chance.between(10, 14);
        let community_names = names::places(&chance, communities as usize);
        let mut ids = Vec::new();
        let ending = if is_town { "村" } else { "社区" };
        let street_code = unit.as_str().get(..9).unwrap_or_default().to_owned();
        for (position, community) in community_names.iter().enumerate() {
            let code = format!("{street_code}{:03}", position + 1);
            let at = offset(centre, chance.around_zero() * radius, chance.around_zero() * radius);
            let id = self.unit(&code, Some(unit), UnitLevel::Community, format!("{community}{ending}"));
            let title = format!("{community}{ending}服务民生工作站");
            self.station(&id, title, StationKind::WorkStation, at, &community_hours(&chance));
            ids.push((id, at));
        }
        for number in 0..stations.saturating_sub(communities) {
            let position = number as usize % ids.len().max(1);
            let Some((community, at)) = ids.get(position).cloned() else { continue };
            let kind = chance.pick(POINT_KINDS).copied().unwrap_or("便民");
            let serial = number as usize / ids.len() + 1;
            let code = format!("{community}{serial:03}");
            let community_name = community_names.get(position).map_or("", String::as_str);
            let place = format!("{community_name}{ending}{kind}服务点");
            let near = offset(at, chance.around_zero() * radius * 0.25, chance.around_zero() * radius * 0.25);
            let id = self.unit(&code, Some(&community), UnitLevel::Point, place.clone());
            self.station(&id, place, StationKind::ServicePoint, near, &point_hours(&chance));
        }
        self.streets.push(Street {
            unit: unit.clone(),
            centre,
            stations: begin..self.stations.len(),
            communities: ids.into_iter().map(|(id, _)| id).collect(),
            radius_metres: radius,
        });
        debug_assert!(self.streets.len() <= STREETS as usize);
    }
}

const POINT_KINDS: &[&str] = &["楼宇", "商圈", "市场", "小区", "企业", "校园", "驿站", "广场"];

const fn opening(day: HoursDay, (start_minute, end_minute): (u16, u16)) -> OpeningHours {
    OpeningHours { day, start_minute, end_minute }
}

/// A community's station: workdays, three evenings, most also on days off.
fn community_hours(chance: &Chance) -> Vec<OpeningHours> {
    let mut hours = WORKDAYS.map(|day| opening(day, DAY_OPEN)).to_vec();
    let first = chance.below(5) as usize;
    hours.extend([first, (first + 1) % 5, (first + 3) % 5].map(|at| opening(WORKDAYS[at], EVENING_OPEN)));
    if chance.percent(60) {
        hours.push(opening(HoursDay::OffDay, DAY_OPEN));
    }
    hours
}

/// A service point: workdays, most of them one evening, a third also on days off.
fn point_hours(chance: &Chance) -> Vec<OpeningHours> {
    let mut hours = WORKDAYS.map(|day| opening(day, DAY_OPEN)).to_vec();
    if chance.percent(90) {
        hours.push(opening(WORKDAYS[chance.below(5) as usize], EVENING_OPEN));
    }
    if chance.percent(33) {
        hours.push(opening(HoursDay::OffDay, DAY_OPEN));
    }
    hours
}

/// The position so many metres east and north of another, to six decimals (0.1 m), which keeps documents short.
pub(super) fn offset(from: Location, east_metres: f64, north_metres: f64) -> Location {
    let rounded = |degrees: f64| (degrees * 1e6).round() / 1e6;
    Location {
        latitude: rounded(from.latitude + north_metres * DEGREES_NORTH_PER_METRE),
        longitude: rounded(from.longitude + east_metres * DEGREES_EAST_PER_METRE),
    }
}

/// Squared distance of two positions in metres, good enough to find neighbours.
pub(super) fn distance_squared(one: Location, other: Location) -> f64 {
    let north = (one.latitude - other.latitude) / DEGREES_NORTH_PER_METRE;
    let east = (one.longitude - other.longitude) / DEGREES_EAST_PER_METRE;
    north.mul_add(north, east * east)
}
