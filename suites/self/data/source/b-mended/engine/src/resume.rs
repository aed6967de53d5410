use std::collections::HashMap;

use crate::model::{CarrierEnvelope, HoldReason, Verdict};

/// Goes on behind a hold.
pub fn resume(envelope: &mut CarrierEnvelope, routes: &HashMap<HoldReason, String>, reason: HoldReason, verdict: &Verdict) {
    match routes.get(&reason) {
        Some(stage) if verdict.approved != Some(false) => envelope.current_stage = stage.clone(),
        _ => envelope.terminated = true,
    }
    envelope.on_hold = false;
}
