package interrupts

import (
	"strings"
	"testing"
)

func TestReadJSONKeepsWhatItReads(t *testing.T) {
	for _, text := range []string{`{"":true,"a":[1,-0.5,{"b":null}]}`, `[]`, `9223372036854775807`, `-9223372036854775808`, `1e22`, `"<&>"`} {
		value, err := ReadJSON([]byte(text))
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if written := strings.TrimSpace(string(WriteJSON(value))); written != text {
			t.Errorf("%s was written as %s", text, written)
		}
	}
}

func TestReadJSONRefusesWhatUnmarshalForgives(t *testing.T) {
	deep := strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000)
	for _, text := range []string{`{"a":1,"a":1}`, `{"a":1,"\u0061":2}`, `"\u0000"`, `"\ud800"`, `"\ud800x\udc00"`, `"\udc00\ud800"`,
		`9223372036854775808`, `1e400`, `01`, `{"a":1,}`, `[1] [2]`, ``, "\"\xff\"", "\ufeff1", deep} {
		if value, err := ReadJSON([]byte(text)); err == nil {
			t.Errorf("%.20q was read as %v", text, value)
		}
	}
}

func TestReadJSONReadsEscapes(t *testing.T) {
	value, err := ReadJSON([]byte(`"\ud83e\uddf9\n\"\\u0000\\\\"`))
	if err != nil || value != "🧹\n\"\\u0000\\\\" {
		t.Errorf("read %q, %v", value, err)
	}
}
