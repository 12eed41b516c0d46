//! Bodies of requests about one street, for the walk along every route, and what only the database can put there.

use serde_json::{Value, json};

use crate::app::TestApp;

/// A body that names its id, if it has one.
fn with_id(mut body: Value, id: Option<String>) -> Value {
    if let Some(id) = id {
        body["id"] = json!(id);
    }
    body
}

pub fn venue(side: &str, unit: &str) -> Value {
    json!({"id": format!("rs-{side}"), "kind": "venue", "name": "厅", "unit": unit, "station": format!("st-{side}"),
        "baseKind": "health", "capacity": 40, "quantity": 1, "hours": []})
}

pub fn booking(resource: &str, unit: &str, date: &str) -> Value {
    json!({"resource": resource, "unit": unit, "date": date, "startMinute": 540, "endMinute": 600, "purpose": "议事"})
}

pub fn loan(side: &str, unit: &str, id: Option<String>) -> Value {
    let body = json!({"resource": format!("rx-{side}"), "unit": unit, "fromDate": "2027-01-01", "toDate": "2027-01-31",
        "quantity": 1});
    with_id(body, id)
}

pub fn activity(side: &str, unit: &str, date: &str) -> Value {
    json!({"name": "讲座", "baseKind": "health", "unit": unit, "venue": format!("rs-{side}"), "date": date,
        "startMinute": 540, "endMinute": 660, "participants": 20, "minHeads": 1, "targetHeads": 1, "maxHeads": 1})
}

pub fn need(unit: &str, id: Option<String>) -> Value {
    with_id(json!({"unit": unit, "title": "轮椅", "quantity": 1, "status": "open"}), id)
}

pub fn project(unit: &str, id: Option<String>) -> Value {
    with_id(json!({"unit": unit, "name": "冬季关爱", "status": "planned"}), id)
}

pub fn reception(side: &str, date: &str) -> Value {
    json!({"title": "接待日", "station": format!("st-{side}"), "date": date, "startMinute": 540, "endMinute": 600,
        "slotMinutes": 20, "venue": format!("rs-{side}"), "host": format!("p-{side}"),
        "deputies": [format!("d-{side}")]})
}

pub fn matter(start: u16) -> Value {
    json!({"startMinute": start, "subject": "养老金", "resident": {"name": "李明", "phone": "13900001234"}})
}

pub fn visit(side: &str, unit: &str, id: Option<String>) -> Value {
    let body = json!({"person": format!("d-{side}"), "unit": unit, "date": "2026-12-03", "startMinute": 540,
        "endMinute": 660, "households": 5, "status": "planned"});
    with_id(body, id)
}

pub fn template(side: &str) -> Value {
    json!({"station": format!("st-{side}"), "name": "窗口", "days": ["monday"], "startMinute": 540, "endMinute": 720,
        "skill": null, "skillLevel": 1, "shiftType": null, "minHeads": 1, "targetHeads": 1, "maxHeads": 1,
        "priority": 1, "validFrom": null, "validTo": null})
}

pub fn post(id: &str, side: &str) -> Value {
    json!({"id": id, "station": format!("st-{side}"), "date": "2026-12-21", "startMinute": 540, "endMinute": 720,
        "skillLevel": 1, "minHeads": 1, "targetHeads": 1, "maxHeads": 1, "priority": 1, "mix": false})
}

pub fn case_body(rest: &str, community: &str, street: &str, person: &str) -> Value {
    let reason = "测试";
    match rest.rsplit('/').next().unwrap() {
        "cases" => json!({"unit": community, "channel": "hotline", "subject": "暖气不热"}),
        "triage" => json!({"category": "cc-x"}),
        "assign" => json!({"handler": person}),
        "extend" => json!({"deadline": "2026-12-30", "reason": reason}),
        "call-back" => json!({"satisfaction": "satisfied"}),
        // Without a reason it is let through and refused.
        "case-transfers" => json!({"from": community, "to": street, "reason": ""}),
        "case-categories" | "{id}" => json!({"name": "新", "minutes": 60, "workingDays": 5}),
        _ => json!({"reason": reason}),
    }
}

pub fn reception_body(rest: &str, side: &str, community: &str) -> Option<Value> {
    Some(match rest {
        "/receptions" | "/receptions/{id}" => reception(side, "2026-12-14"),
        "/receptions/{id}/announce" => return None,
        "/receptions/{id}/cancel" => json!({"reason": "测试"}),
        "/receptions/{id}/replace-deputy" => json!({"deputy": format!("d-{side}"), "by": format!("d-{side}")}),
        "/receptions/{id}/bookings" => matter(560),
        "/receptions/{id}/record" => json!({"matters": []}),
        "/visits" | "/visits/{id}" => visit(side, community, None),
        "/quotas" | "/quotas/{id}" => json!({"kind": "deputyVisits", "person": format!("d-{side}"), "year": 2027,
            "target": 2, "doneBefore": 0}),
        _ => json!({"note": "测试"}),
    })
}

pub fn shared_body(rest: &str, side: &str, community: &str, street: &str) -> Value {
    match rest {
        "/resources" | "/resources/{id}" => {
            json!({"kind": "equipment", "name": "新", "unit": community, "quantity": 1})
        }
        "/resources/{id}/withdraw" => json!({"from": "2026-12-01", "to": "2026-12-02", "reason": "测试"}),
        "/resource-loans" | "/resource-loans/{id}" => loan(side, street, None),
        "/bookings" => booking(&format!("rs-{side}"), community, "2026-12-25"),
        "/activities" => activity(side, community, "2026-12-26"),
        "/needs" | "/needs/{id}" => need(community, None),
        "/projects" | "/projects/{id}" => project(community, None),
        _ => json!({"reason": "测试"}),
    }
}

/// A channel, a notification on its way, and an offer of a duty: their ids are the server's own otherwise.
pub fn in_street(app: &TestApp, side: &str, street: &str, schedule: &str) {
    use paiban::db::{assignments, channels, outbox, swaps};
    use paiban::domain::{
        Channel, ChannelId, ChannelKind, Clock as _, Delivery, DeliveryId, DeliveryStatus, ScheduleId, Swap, SwapId,
        SwapMode, SwapStatus, SystemClock, UnitId,
    };

    let now = SystemClock.now();
    let channel = Channel {
        id: ChannelId::parse(&format!("ch-{side}")).unwrap(),
        unit: Some(UnitId::parse(street).unwrap()),
        name: "群".to_owned(),
        kind: ChannelKind::WeCom,
        target: "https://example.org/".to_owned(),
        secret: None,
        sender: None,
        recipient: None,
        private_allowed: false,
        enabled: true,
        version: 1,
    };
    let delivery = Delivery {
        id: DeliveryId::parse(&format!("de-{side}")).unwrap(),
        channel: channel.id.clone(),
        event: "roster.published".to_owned(),
        person: None,
        once: format!("once-{side}"),
        subject: "班表".to_owned(),
        body: "…".to_owned(),
        status: DeliveryStatus::Dead,
        attempts: 6,
        due_at: now,
        error: None,
        created_at: now,
        sent_at: None,
        version: 1,
    };
    let schedule = ScheduleId::parse(schedule).unwrap();
    app.db
        .write(|tx| {
            channels::insert(tx, &channel)?;
            outbox::insert(tx, &delivery)?;
            let duty = assignments::get(tx, &schedule, 1)?;
            let swap = Swap {
                id: SwapId::parse(&format!("sw-{side}")).unwrap(),
                schedule: schedule.clone(),
                seq: 1,
                assignment_version: 99,
                post: duty.post,
                station: duty.station,
                date: duty.date,
                start_minute: duty.start_minute,
                giver: duty.person,
                taker: None,
                return_seq: None,
                return_version: None,
                mode: SwapMode::Coordinator,
                status: SwapStatus::Offered,
                reason: None,
                created_at: now,
                decided_at: None,
                version: 1,
            };
            swaps::insert(tx, &swap)
        })
        .unwrap();
}
