//! Tables and columns, the same for both backends.

diesel::table! {
    units (id) {
        id -> Text,
        parent -> Nullable<Text>,
        level -> Text,
        name -> Text,
        path -> Text,
        version -> BigInt,
    }
}

diesel::table! {
    skills (id) {
        id -> Text,
        name -> Text,
        version -> BigInt,
    }
}

diesel::table! {
    shift_types (id) {
        id -> Text,
        name -> Text,
        min_consecutive_days -> Nullable<BigInt>,
        max_consecutive_days -> Nullable<BigInt>,
        version -> BigInt,
    }
}

diesel::table! {
    shift_type_successions (shift_type_id, forbidden_next_id) {
        shift_type_id -> Text,
        forbidden_next_id -> Text,
    }
}

diesel::table! {
    calendar_years (year) {
        year -> BigInt,
        published -> Bool,
        source -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    calendar_days (date) {
        date -> Date,
        year -> BigInt,
        is_off -> Bool,
        name -> Nullable<Text>,
        source -> Nullable<Text>,
    }
}

diesel::table! {
    contracts (id) {
        id -> Text,
        name -> Text,
        max_minutes_day -> Nullable<BigInt>,
        max_duties_day -> Nullable<BigInt>,
        max_minutes_week -> Nullable<BigInt>,
        max_duties_week -> Nullable<BigInt>,
        max_minutes_four_weeks -> Nullable<BigInt>,
        min_minutes_horizon -> Nullable<BigInt>,
        max_minutes_horizon -> Nullable<BigInt>,
        min_rest_minutes -> Nullable<BigInt>,
        max_consecutive_days -> Nullable<BigInt>,
        min_consecutive_days -> Nullable<BigInt>,
        min_consecutive_days_off -> Nullable<BigInt>,
        max_weekends_four_weeks -> Nullable<BigInt>,
        max_weekends_horizon -> Nullable<BigInt>,
        min_minutes_week -> BigInt,
        soft_min_consecutive_days -> Nullable<BigInt>,
        soft_max_consecutive_days -> Nullable<BigInt>,
        soft_min_consecutive_days_off -> Nullable<BigInt>,
        soft_max_consecutive_days_off -> Nullable<BigInt>,
        min_total_duties -> Nullable<BigInt>,
        max_total_duties -> Nullable<BigInt>,
        max_total_weekends -> Nullable<BigInt>,
        complete_weekends -> Bool,
        version -> BigInt,
    }
}

diesel::table! {
    contract_type_limits (contract_id, shift_type_id) {
        contract_id -> Text,
        shift_type_id -> Text,
        max_duties -> BigInt,
    }
}

diesel::table! {
    stations (id) {
        id -> Text,
        unit_id -> Text,
        name -> Text,
        kind -> Text,
        latitude -> Nullable<Double>,
        longitude -> Nullable<Double>,
        always_open -> Bool,
        version -> BigInt,
    }
}

diesel::table! {
    station_hours (station_id, day, start_minute) {
        station_id -> Text,
        day -> Text,
        start_minute -> BigInt,
        end_minute -> BigInt,
    }
}

diesel::table! {
    people (id) {
        id -> Text,
        name -> Text,
        sort_key -> Text,
        category -> Text,
        home_unit -> Text,
        phone -> Nullable<Text>,
        latitude -> Nullable<Double>,
        longitude -> Nullable<Double>,
        max_distance_metres -> Nullable<BigInt>,
        contract -> Nullable<Text>,
        active_from -> Nullable<Date>,
        active_to -> Nullable<Date>,
        trainee -> Bool,
        newcomer -> Bool,
        version -> BigInt,
    }
}

diesel::table! {
    person_skills (person_id, skill_id) {
        person_id -> Text,
        skill_id -> Text,
        level -> BigInt,
        valid_until -> Nullable<Date>,
    }
}

diesel::table! {
    person_scopes (person_id, unit_id) {
        person_id -> Text,
        unit_id -> Text,
    }
}

diesel::table! {
    apart_pairs (first_person_id, second_person_id) {
        first_person_id -> Text,
        second_person_id -> Text,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    secondments (id) {
        id -> Text,
        person -> Text,
        host_unit -> Text,
        from_date -> Date,
        to_date -> Nullable<Date>,
        min_minutes_week -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    lendings (id) {
        id -> Text,
        person -> Text,
        unit -> Text,
        from_date -> Date,
        to_date -> Nullable<Date>,
        version -> BigInt,
    }
}

diesel::table! {
    availability (id) {
        id -> Text,
        person -> Text,
        kind -> Text,
        weekday -> Nullable<BigInt>,
        from_date -> Nullable<Date>,
        to_date -> Nullable<Date>,
        start_minute -> BigInt,
        end_minute -> BigInt,
        shift_type -> Nullable<Text>,
        station -> Nullable<Text>,
        weight -> BigInt,
        reason -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    units,
    skills,
    shift_types,
    shift_type_successions,
    calendar_years,
    calendar_days,
    contracts,
    contract_type_limits,
    stations,
    station_hours,
    people,
    person_skills,
    person_scopes,
    apart_pairs,
    secondments,
    lendings,
    availability,
);
