use axum::extract::{Path, State};
use axum::Json;

use crate::model::Verdict;

#[derive(Default)]
pub struct HoldService {
    holds: std::sync::Mutex<std::collections::HashMap<String, Verdict>>,
}

impl HoldService {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn answer(&self, id: &str, verdict: Verdict) {
        self.holds.lock().unwrap().insert(id.to_string(), verdict);
    }
}

pub async fn answer_kept(State(service): State<std::sync::Arc<HoldService>>, Path(id): Path<String>, Json(verdict): Json<Verdict>) -> Json<bool> {
    service.answer(&id, verdict);
    Json(true)
}
