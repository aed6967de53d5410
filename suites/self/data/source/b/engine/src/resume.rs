use crate::model::{CarrierEnvelope, HoldReason, Verdict};

/// Goes on behind a hold.
pub fn resume(envelope: &mut CarrierEnvelope, reason: HoldReason, verdict: &Verdict) {
    match reason {
        HoldReason::Clarification => envelope.current_stage = "understand".to_string(),
        HoldReason::Confirmation if verdict.approved == Some(true) => {
            envelope.current_stage = String::from("act");
        }
        _ => envelope.terminated = true,
    }
    envelope.on_hold = false;
}
