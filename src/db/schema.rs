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
        unit -> Text,
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
        information_officer -> Bool,
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

diesel::table! {
    demand_templates (id) {
        id -> Text,
        station -> Text,
        name -> Text,
        days -> BigInt,
        start_minute -> BigInt,
        end_minute -> BigInt,
        skill -> Nullable<Text>,
        skill_level -> BigInt,
        shift_type -> Nullable<Text>,
        min_heads -> BigInt,
        target_heads -> BigInt,
        max_heads -> BigInt,
        priority -> BigInt,
        mix -> Bool,
        valid_from -> Nullable<Date>,
        valid_to -> Nullable<Date>,
        version -> BigInt,
    }
}

diesel::table! {
    posts (id) {
        id -> Text,
        station -> Text,
        template -> Nullable<Text>,
        date -> Date,
        start_minute -> BigInt,
        end_minute -> BigInt,
        skill -> Nullable<Text>,
        skill_level -> BigInt,
        shift_type -> Nullable<Text>,
        min_heads -> BigInt,
        target_heads -> BigInt,
        max_heads -> BigInt,
        priority -> BigInt,
        mix -> Bool,
        retired -> Bool,
        version -> BigInt,
    }
}

diesel::table! {
    post_exclusions (post_id, person_id) {
        post_id -> Text,
        person_id -> Text,
    }
}

diesel::table! {
    profiles (id) {
        id -> Text,
        name -> Text,
        unit -> Nullable<Text>,
        latest -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    profile_versions (profile, number) {
        profile -> Text,
        number -> BigInt,
        rules -> Text,
        note -> Nullable<Text>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    schedules (id) {
        id -> Text,
        unit -> Text,
        week_start -> Date,
        days -> BigInt,
        status -> Text,
        profile -> Text,
        profile_version -> BigInt,
        accept_draft_calendar -> Bool,
        seed -> BigInt,
        time_limit_seconds -> BigInt,
        threads -> BigInt,
        input_hash -> Nullable<Text>,
        outcome -> Nullable<Text>,
        certificate -> Nullable<Text>,
        created_at -> Timestamp,
        planned_at -> Nullable<Timestamp>,
        published_at -> Nullable<Timestamp>,
        version -> BigInt,
    }
}

diesel::table! {
    schedule_tiers (schedule, tier) {
        schedule -> Text,
        tier -> BigInt,
        value -> BigInt,
        bound -> BigInt,
        gap -> Double,
        method -> Text,
        seconds -> Double,
    }
}

diesel::table! {
    schedule_rules (schedule, rule) {
        schedule -> Text,
        rule -> Text,
        value -> BigInt,
    }
}

diesel::table! {
    unmet_needs (schedule, post) {
        schedule -> Text,
        post -> Text,
        station -> Text,
        date -> Date,
        missing -> BigInt,
        busy_elsewhere -> BigInt,
        stopped_by -> Text,
        reason_zh -> Text,
        reason_en -> Text,
    }
}

diesel::table! {
    planned_cases (schedule, case_id) {
        schedule -> Text,
        case_id -> Text,
        unit -> Text,
        settlement -> Text,
        person -> Nullable<Text>,
        date -> Nullable<Date>,
        start_minute -> Nullable<BigInt>,
        end_minute -> Nullable<BigInt>,
        reason_zh -> Text,
        reason_en -> Text,
        carried_out -> Bool,
    }
}

diesel::table! {
    planned_receptions (schedule, reception_id) {
        schedule -> Text,
        reception_id -> Text,
        reception_version -> BigInt,
        held -> Bool,
        date -> Nullable<Date>,
        start_minute -> Nullable<BigInt>,
        end_minute -> Nullable<BigInt>,
        host -> Nullable<Text>,
        venue -> Nullable<Text>,
        reason_zh -> Text,
        reason_en -> Text,
        carried_out -> Bool,
        former -> Nullable<Text>,
    }
}

diesel::table! {
    planned_visits (schedule, visit_id) {
        schedule -> Text,
        visit_id -> Text,
        visit_version -> BigInt,
        made -> Bool,
        person -> Nullable<Text>,
        date -> Nullable<Date>,
        start_minute -> Nullable<BigInt>,
        end_minute -> Nullable<BigInt>,
        reason_zh -> Text,
        reason_en -> Text,
        carried_out -> Bool,
        former -> Nullable<Text>,
    }
}

diesel::table! {
    planned_reception_deputies (schedule, reception_id, person_id) {
        schedule -> Text,
        reception_id -> Text,
        person_id -> Text,
    }
}

diesel::table! {
    assignments (schedule, seq) {
        schedule -> Text,
        seq -> BigInt,
        person -> Text,
        post -> Text,
        station -> Text,
        date -> Date,
        start_minute -> BigInt,
        end_minute -> BigInt,
        pinned -> Bool,
        source -> Text,
        version -> BigInt,
    }
}

diesel::table! {
    jobs (id) {
        id -> Text,
        schedule -> Text,
        kind -> Text,
        status -> Text,
        phase -> Text,
        parts_done -> BigInt,
        parts -> BigInt,
        incumbent -> Nullable<Text>,
        bound -> Nullable<Text>,
        stop_requested -> Bool,
        attempts -> BigInt,
        worker -> Nullable<Text>,
        error_code -> Nullable<Text>,
        error_detail -> Nullable<Text>,
        created_at -> Timestamp,
        started_at -> Nullable<Timestamp>,
        heartbeat_at -> Nullable<Timestamp>,
        finished_at -> Nullable<Timestamp>,
        version -> BigInt,
        trail -> Text,
    }
}

diesel::table! {
    weekly_ledger (person, week_start) {
        person -> Text,
        week_start -> Date,
        minutes -> BigInt,
        duties -> BigInt,
        weekend_worked -> Bool,
        unsocial_duties -> BigInt,
        consecutive_days -> BigInt,
        consecutive_days_off -> Nullable<BigInt>,
        consecutive_days_of_type -> BigInt,
        last_shift_type -> Nullable<Text>,
        last_duty_end -> Nullable<Timestamp>,
        total_duties -> BigInt,
        total_weekends -> BigInt,
        fairness_minutes -> BigInt,
        fairness_unsocial_duties -> BigInt,
    }
}

diesel::table! {
    familiar_places (person, station) {
        person -> Text,
        station -> Text,
    }
}

diesel::table! {
    audit_entries (seq) {
        seq -> BigInt,
        at -> Timestamp,
        actor -> Text,
        action -> Text,
        kind -> Text,
        entity -> Text,
        unit_path -> Nullable<Text>,
        before -> Nullable<Text>,
        after -> Nullable<Text>,
        reason -> Nullable<Text>,
        salt -> Nullable<Text>,
        payload_hash -> Text,
        previous_hash -> Text,
        hash -> Text,
    }
}

diesel::table! {
    accounts (id) {
        id -> Text,
        name -> Text,
        password_hash -> Text,
        must_change_password -> Bool,
        person -> Nullable<Text>,
        disabled -> Bool,
        failed_sign_ins -> BigInt,
        locked_until -> Nullable<Timestamp>,
        created_at -> Timestamp,
        version -> BigInt,
    }
}

diesel::table! {
    account_grants (account_id, position) {
        account_id -> Text,
        position -> BigInt,
        role -> Text,
        unit -> Nullable<Text>,
    }
}

diesel::table! {
    sessions (id) {
        id -> Text,
        account -> Text,
        csrf_token -> Text,
        created_at -> Timestamp,
        seen_at -> Timestamp,
    }
}

diesel::table! {
    api_keys (id) {
        id -> Text,
        account -> Text,
        name -> Text,
        hash -> Text,
        scopes -> Text,
        created_at -> Timestamp,
        expires_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
        used_at -> Nullable<Timestamp>,
        version -> BigInt,
    }
}

diesel::table! {
    idempotency_keys (operation, idempotency_key) {
        operation -> Text,
        idempotency_key -> Text,
        fingerprint -> Text,
        response -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    demo_loads (preset, seed) {
        preset -> Text,
        seed -> Text,
        week_start -> Date,
        loaded_at -> Timestamp,
    }
}

diesel::table! {
    case_categories (id) {
        id -> Text,
        name -> Text,
        skill -> Nullable<Text>,
        minutes -> BigInt,
        working_days -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    cases (id) {
        id -> Text,
        number -> Text,
        unit -> Text,
        intake_unit -> Text,
        channel -> Text,
        subject -> Text,
        description -> Nullable<Text>,
        address -> Nullable<Text>,
        latitude -> Nullable<Double>,
        longitude -> Nullable<Double>,
        category -> Nullable<Text>,
        skill -> Nullable<Text>,
        minutes -> Nullable<BigInt>,
        urgency -> BigInt,
        working_days -> BigInt,
        earliest -> Nullable<Date>,
        deadline -> Date,
        extended -> Bool,
        handler -> Nullable<Text>,
        earlier_handler -> Nullable<Text>,
        status -> Text,
        level -> BigInt,
        reopened -> BigInt,
        received_at -> Timestamp,
        response_due -> Date,
        responded_at -> Nullable<Timestamp>,
        closed_at -> Nullable<Timestamp>,
        satisfaction -> Nullable<Text>,
        warned_at -> Nullable<Timestamp>,
        reception -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    case_contacts (case_id) {
        case_id -> Text,
        name -> Nullable<Text>,
        phone -> Nullable<Text>,
    }
}

diesel::table! {
    case_exclusions (case_id, person_id) {
        case_id -> Text,
        person_id -> Text,
    }
}

diesel::table! {
    case_events (case_id, seq) {
        case_id -> Text,
        seq -> BigInt,
        at -> Timestamp,
        actor -> Text,
        action -> Text,
        from_status -> Nullable<Text>,
        to_status -> Text,
        unit -> Text,
        handler -> Nullable<Text>,
        deadline -> Date,
        reason -> Text,
    }
}

diesel::table! {
    serials (prefix) {
        prefix -> Text,
        last -> BigInt,
    }
}

diesel::table! {
    resources (id) {
        id -> Text,
        kind -> Text,
        name -> Text,
        unit -> Text,
        station -> Nullable<Text>,
        base_kind -> Nullable<Text>,
        capacity -> Nullable<BigInt>,
        quantity -> BigInt,
        withdrawn_from -> Nullable<Date>,
        withdrawn_to -> Nullable<Date>,
        version -> BigInt,
    }
}

diesel::table! {
    resource_hours (resource_id, day, start_minute) {
        resource_id -> Text,
        day -> Text,
        start_minute -> BigInt,
        end_minute -> BigInt,
    }
}

diesel::table! {
    resource_loans (id) {
        id -> Text,
        resource -> Text,
        unit -> Text,
        from_date -> Date,
        to_date -> Date,
        quantity -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    bookings (id) {
        id -> Text,
        resource -> Text,
        unit -> Text,
        date -> Date,
        start_minute -> BigInt,
        end_minute -> BigInt,
        quantity -> BigInt,
        purpose -> Text,
        activity -> Nullable<Text>,
        reception -> Nullable<Text>,
        source -> Text,
        status -> Text,
        version -> BigInt,
    }
}

diesel::table! {
    needs (id) {
        id -> Text,
        unit -> Text,
        title -> Text,
        description -> Nullable<Text>,
        kind -> Nullable<Text>,
        quantity -> BigInt,
        wanted_by -> Nullable<Date>,
        resource -> Nullable<Text>,
        status -> Text,
        version -> BigInt,
    }
}

diesel::table! {
    projects (id) {
        id -> Text,
        unit -> Text,
        name -> Text,
        base_kind -> Nullable<Text>,
        need -> Nullable<Text>,
        lead -> Nullable<Text>,
        fund -> Nullable<Text>,
        budget_yuan -> BigInt,
        from_date -> Nullable<Date>,
        to_date -> Nullable<Date>,
        status -> Text,
        version -> BigInt,
    }
}

diesel::table! {
    activities (id) {
        id -> Text,
        name -> Text,
        base_kind -> Text,
        unit -> Text,
        venue -> Text,
        station -> Text,
        date -> Date,
        start_minute -> BigInt,
        end_minute -> BigInt,
        participants -> BigInt,
        skill -> Nullable<Text>,
        min_heads -> BigInt,
        target_heads -> BigInt,
        max_heads -> BigInt,
        project -> Nullable<Text>,
        post -> Text,
        status -> Text,
        version -> BigInt,
    }
}

diesel::table! {
    activity_items (activity_id, resource_id) {
        activity_id -> Text,
        resource_id -> Text,
        quantity -> BigInt,
    }
}

diesel::table! {
    resource_events (id) {
        id -> Text,
        at -> Timestamp,
        kind -> Text,
        resource -> Text,
        booking -> Nullable<Text>,
        from_date -> Date,
        to_date -> Nullable<Date>,
        actor -> Text,
        reason -> Text,
    }
}

diesel::table! {
    receptions (id) {
        id -> Text,
        title -> Text,
        station -> Text,
        date -> Date,
        start_minute -> BigInt,
        end_minute -> BigInt,
        slot_minutes -> BigInt,
        per_slot -> BigInt,
        venue -> Nullable<Text>,
        host -> Nullable<Text>,
        status -> Text,
        announced_at -> Nullable<Timestamp>,
        moved_from -> Nullable<Date>,
        moved_because -> Nullable<Text>,
        recorded_at -> Nullable<Timestamp>,
        handover_due -> Date,
        version -> BigInt,
    }
}

diesel::table! {
    reception_deputies (reception_id, person_id) {
        reception_id -> Text,
        person_id -> Text,
    }
}

diesel::table! {
    reception_matters (reception, number) {
        reception -> Text,
        number -> BigInt,
        start_minute -> BigInt,
        subject -> Text,
        description -> Nullable<Text>,
        skill -> Nullable<Text>,
        name -> Nullable<Text>,
        phone -> Nullable<Text>,
        status -> Text,
        note -> Nullable<Text>,
        case_id -> Nullable<Text>,
        booked_at -> Timestamp,
    }
}

diesel::table! {
    visits (id) {
        id -> Text,
        person -> Nullable<Text>,
        unit -> Text,
        date -> Nullable<Date>,
        start_minute -> Nullable<BigInt>,
        end_minute -> Nullable<BigInt>,
        households -> BigInt,
        status -> Text,
        note -> Nullable<Text>,
        wanted_from -> Nullable<Date>,
        wanted_until -> Nullable<Date>,
        earliest_minute -> Nullable<BigInt>,
        latest_minute -> Nullable<BigInt>,
        minutes -> Nullable<BigInt>,
        version -> BigInt,
    }
}

diesel::table! {
    visit_candidates (visit_id, person_id) {
        visit_id -> Text,
        person_id -> Text,
    }
}

diesel::table! {
    quotas (id) {
        id -> Text,
        kind -> Text,
        person -> Nullable<Text>,
        station -> Nullable<Text>,
        year -> BigInt,
        target -> BigInt,
        done_before -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    duty_records (person, post) {
        person -> Text,
        post -> Text,
        station -> Text,
        date -> Date,
        start_minute -> BigInt,
        end_minute -> BigInt,
        in_force -> Bool,
        sequence -> BigInt,
        changed_at -> Timestamp,
        confirmed_at -> Nullable<Timestamp>,
        checked_in_at -> Nullable<Timestamp>,
        checked_in_by -> Nullable<Text>,
        checked_out_at -> Nullable<Timestamp>,
        checked_out_by -> Nullable<Text>,
        reminded_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    replan_events (id) {
        id -> Text,
        kind -> Text,
        schedule -> Text,
        post -> Text,
        station -> Text,
        date -> Date,
        start_minute -> BigInt,
        person -> Text,
        reason -> Nullable<Text>,
        at -> Timestamp,
        version -> BigInt,
    }
}

diesel::table! {
    swaps (id) {
        id -> Text,
        schedule -> Text,
        seq -> BigInt,
        assignment_version -> BigInt,
        post -> Text,
        station -> Text,
        date -> Date,
        start_minute -> BigInt,
        giver -> Text,
        taker -> Nullable<Text>,
        return_seq -> Nullable<BigInt>,
        return_version -> Nullable<BigInt>,
        mode -> Text,
        status -> Text,
        reason -> Nullable<Text>,
        created_at -> Timestamp,
        decided_at -> Nullable<Timestamp>,
        version -> BigInt,
    }
}

diesel::table! {
    service_policies (unit) {
        unit -> Text,
        swap_mode -> Text,
        availability_weekday -> BigInt,
        availability_minute -> BigInt,
        check_in_before_minutes -> BigInt,
        check_in_after_minutes -> BigInt,
        quiet_from_minute -> BigInt,
        quiet_to_minute -> BigInt,
        reminder_hours -> BigInt,
        open_alert_hours -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    service_records (code) {
        code -> Text,
        person -> Text,
        from_date -> Date,
        to_date -> Date,
        duties -> BigInt,
        minutes -> BigInt,
        issued_at -> Timestamp,
    }
}

diesel::table! {
    calendar_keys (id) {
        id -> Text,
        hash -> Text,
        name -> Text,
        account -> Nullable<Text>,
        person -> Nullable<Text>,
        station -> Nullable<Text>,
        created_at -> Timestamp,
        revoked_at -> Nullable<Timestamp>,
        version -> BigInt,
    }
}

diesel::table! {
    schedule_overrides (id) {
        id -> Text,
        schedule -> Text,
        seq -> BigInt,
        person -> Text,
        post -> Text,
        rule -> Text,
        detail_zh -> Text,
        detail_en -> Text,
        reason -> Text,
        actor -> Text,
        at -> Timestamp,
        version -> BigInt,
    }
}

diesel::table! {
    channels (id) {
        id -> Text,
        unit -> Nullable<Text>,
        name -> Text,
        kind -> Text,
        target -> Text,
        secret -> Nullable<Text>,
        sender -> Nullable<Text>,
        recipient -> Nullable<Text>,
        private_allowed -> Bool,
        enabled -> Bool,
        version -> BigInt,
    }
}

diesel::table! {
    notice_wishes (person) {
        person -> Text,
        mail -> Nullable<Text>,
        by_mail -> Bool,
        by_sms -> Bool,
        version -> BigInt,
    }
}

diesel::table! {
    outbox (id) {
        id -> Text,
        channel -> Text,
        event -> Text,
        person -> Nullable<Text>,
        once -> Text,
        subject -> Text,
        body -> Text,
        status -> Text,
        attempts -> BigInt,
        due_at -> Timestamp,
        error -> Nullable<Text>,
        created_at -> Timestamp,
        sent_at -> Nullable<Timestamp>,
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
    demand_templates,
    posts,
    post_exclusions,
    profiles,
    profile_versions,
    schedules,
    schedule_tiers,
    schedule_rules,
    unmet_needs,
    planned_cases,
    planned_receptions,
    planned_reception_deputies,
    planned_visits,
    assignments,
    jobs,
    weekly_ledger,
    familiar_places,
    audit_entries,
    accounts,
    account_grants,
    sessions,
    api_keys,
    idempotency_keys,
    demo_loads,
    case_categories,
    cases,
    case_contacts,
    case_exclusions,
    case_events,
    serials,
    resources,
    resource_hours,
    resource_loans,
    bookings,
    needs,
    projects,
    activities,
    activity_items,
    resource_events,
    receptions,
    reception_deputies,
    reception_matters,
    visits,
    visit_candidates,
    quotas,
    duty_records,
    replan_events,
    swaps,
    service_policies,
    service_records,
    calendar_keys,
    schedule_overrides,
    channels,
    notice_wishes,
    outbox,
);
