use pause_gate::confirm::ConfirmGate;
use pause_gate::model::HoldReason;

#[test]
fn a_gate_is_asked() {
    let gate = ConfirmGate::default();
    assert_eq!(gate.reason(), HoldReason::Confirmation);
}
