use serde::{Deserialize, Serialize};

/// Why a flow stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldReason {
    Clarification,
    Confirmation,
    #[serde(rename = "agent_review")]
    CriticReview,
    ResourceExhausted,
    Timeout,
    SystemError,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HoldState {
    Pending,
    Resolved,
    Expired,
    Canceled,
}

/// What somebody answered.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Verdict {
    pub text: Option<String>,
    pub approved: Option<bool>,
    pub decision: Option<String>,
    pub data: Option<serde_json::Value>,
    pub received_at: Option<String>,
}

/// What travels with a flow.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct CarrierEnvelope {
    pub envelope_id: String,
    pub request_id: String,
    pub user_id: String,
    pub session_id: String,
    pub current_stage: String,
    pub stage_order: Vec<String>,
    pub iteration: i64,
    pub terminated: bool,
    #[serde(rename = "interrupt_pending")]
    pub on_hold: bool,
    pub interrupt: Option<serde_json::Value>,
    pub metadata: serde_json::Value,
}
