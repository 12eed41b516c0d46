//! The districts of Changchun: codes, names and centres are facts; the number of streets in each is chosen so that the
//! city has 159.

/// A district, county, county-level city or development zone.
#[derive(Debug, Clone, Copy)]
pub(super) struct District {
    /// Six-digit code.
    pub(super) code: &'static str,
    /// Name.
    pub(super) name: &'static str,
    /// Degrees north of its seat.
    pub(super) latitude: f64,
    /// Degrees east of its seat.
    pub(super) longitude: f64,
    /// Streets and townships in the demo.
    pub(super) streets: u32,
    /// Whether it is built up: streets instead of townships, short ways.
    pub(super) is_urban: bool,
}

const fn district(
    code: &'static str,
    name: &'static str,
    (latitude, longitude): (f64, f64),
    streets: u32,
    is_urban: bool,
) -> District {
    District { code, name, latitude, longitude, streets, is_urban }
}

/// The fourteen of the demo city; the one at `DISTRICT_PRESET` has eleven streets.
pub(super) const DISTRICTS: &[District] = &[
    district("220102", "南关区", (43.864, 125.350), 14, true),
    district("220103", "宽城区", (43.944, 125.327), 13, true),
    district("220104", "朝阳区", (43.834, 125.288), 12, true),
    district("220105", "二道区", (43.865, 125.374), 11, true),
    district("220106", "绿园区", (43.881, 125.256), 11, true),
    district("220112", "双阳区", (43.525, 125.665), 8, false),
    district("220113", "九台区", (44.152, 125.840), 14, false),
    district("220122", "农安县", (44.433, 125.185), 16, false),
    district("220171", "长春经济技术开发区", (43.853, 125.418), 6, true),
    district("220172", "长春净月高新技术产业开发区", (43.784, 125.461), 6, true),
    district("220173", "长春高新技术产业开发区", (43.819, 125.249), 4, true),
    district("220182", "榆树市", (44.840, 126.533), 16, false),
    district("220183", "德惠市", (44.522, 125.728), 14, false),
    district("220184", "公主岭市", (43.505, 124.823), 14, false),
];

/// Code of the district that the presets `street` and `district` take.
pub(super) const PRESET_DISTRICT: &str = "220105";

/// Code, name and seat of the city.
pub(super) const CITY: (&str, &str, (f64, f64)) = ("220100", "长春市", (43.817, 125.324));

/// Degrees of latitude in a metre.
pub(super) const DEGREES_NORTH_PER_METRE: f64 = 1.0 / 111_195.0;

/// Degrees of longitude in a metre at Changchun's latitude of about 44 degrees.
pub(super) const DEGREES_EAST_PER_METRE: f64 = DEGREES_NORTH_PER_METRE / 0.7193;
