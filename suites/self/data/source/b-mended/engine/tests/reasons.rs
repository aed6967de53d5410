use pause_gate::model::{HoldReason, HoldState};
use pause_gate::HoldReason as Reason;

#[test]
fn reasons_differ() {
    assert_ne!(HoldReason::Timeout, Reason::Confirmation);
    assert_eq!(HoldState::Pending, HoldState::Pending);
}
