package interrupts

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"
)

func save(t *testing.T, envelope Object) Object {
	t.Helper()
	saved, err := roundtrip(envelope, 0)
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

func TestANewEnvelopeHasAllFields(t *testing.T) {
	fresh := save(t, Object{})
	if len(fresh) != 37 {
		t.Errorf("it has %d fields", len(fresh))
	}
	read, err := ReadJSON(WriteJSON(fresh))
	if err != nil {
		t.Fatal(err)
	}
	if again := WriteJSON(save(t, read.(Object))); string(again) != string(WriteJSON(fresh)) {
		t.Errorf("saved again it is %s", again)
	}
}

func TestWhatIsGivenStays(t *testing.T) {
	given := Object{"dag_mode": true, "failed_stages": Object{"a": "late"}, "iteration": json.Number("9007199254740993"),
		"plugin": Object{"x": "y"}, "created_at": nil}
	saved := save(t, given)
	for name, value := range given {
		if !reflect.DeepEqual(saved[name], value) {
			t.Errorf("%s is %v, not %v", name, saved[name], value)
		}
	}
}

func TestWrongTypesAreRefusedWhereTheyStand(t *testing.T) {
	waiting := Object{"id": "i", "kind": "timeout"}
	rows := []struct {
		envelope Object
		field    string
	}{
		{Object{"outputs": Object{"a/b": true}}, "/envelope/outputs/a~1b"},
		{Object{"stage_order": []any{"a", true}}, "/envelope/stage_order/1"},
		{Object{"iteration": json.Number("-1")}, "/envelope/iteration"},
		{Object{"received_at": "2025-12-11T09:30:00"}, "/envelope/received_at"},
		{Object{"confirmation_pending": "Delete it?"}, "/envelope/confirmation_pending"},
		{Object{"clarification_pending": json.Number("0")}, "/envelope/clarification_pending"},
		{Object{"interrupt": waiting, "interrupt_pending": false}, "/envelope/interrupt_pending"},
		{Object{"interrupt": Object{"id": "", "kind": "timeout"}}, "/envelope/interrupt/id"},
		{Object{"interrupt": Object{"id": "i", "kind": "agent_review"}}, "/envelope/interrupt/kind"},
	}
	for _, row := range rows {
		_, err := roundtrip(row.envelope, 0)
		var got *Refused
		if !errors.As(err, &got) || got.Field != row.field {
			t.Errorf("%v: %+v, not at %s", row.envelope, got, row.field)
		}
	}
}

func TestTheFlagSaysWhatTheInterruptSays(t *testing.T) {
	rows := []struct {
		more    Object
		pending bool
	}{{Object{}, true}, {Object{"response": Object{}}, false}, {Object{"status": "pending"}, true}, {Object{"status": "expired"}, false}}
	for _, row := range rows {
		interrupt := Object{"id": "i", "kind": "timeout"}
		for name, value := range row.more {
			interrupt[name] = value
		}
		if saved := save(t, Object{"interrupt": interrupt, "clarification_pending": Object{}}); saved["interrupt_pending"] != row.pending {
			t.Errorf("with %v it is %v", row.more, saved["interrupt_pending"])
		} else if _, there := saved["clarification_pending"]; there {
			t.Error("an empty legacy field is saved")
		}
	}
}
