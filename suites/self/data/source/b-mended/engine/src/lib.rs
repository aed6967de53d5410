//! Flows that stand still until somebody says so.

pub mod model;
pub mod resume;
pub mod web;

pub use model::{HoldReason, HoldState};
