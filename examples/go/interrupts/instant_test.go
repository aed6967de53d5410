package interrupts

import "testing"

func TestInstantsAreWrittenInUTC(t *testing.T) {
	rows := map[string]string{
		"2025-12-11T10:30:00+01:00":      "2025-12-11T09:30:00.000000Z",
		"2025-12-11t09:30:00.123456789z": "2025-12-11T09:30:00.123456Z",
		"0001-01-01T00:00:00Z":           "0001-01-01T00:00:00.000000Z",
		"1969-12-31T23:59:59.999999Z":    "1969-12-31T23:59:59.999999Z",
		"9999-12-31T23:59:59.999999Z":    "9999-12-31T23:59:59.999999Z",
		"2024-02-29T23:59:59-05:45":      "2024-03-01T05:44:59.000000Z",
	}
	for given, wanted := range rows {
		if instant, isTime := ParseInstant(given); !isTime || instant.String() != wanted {
			t.Errorf("%s is %v %v, not %s", given, instant, isTime, wanted)
		}
	}
}

func TestWhatIsNoTimeIsNone(t *testing.T) {
	for _, text := range []string{"2025-12-11", "2025-12-11T09:30:00", "2025-02-29T00:00:00Z", "2025-12-11T23:59:60Z",
		"2025-12-11T24:00:00Z", "2025-12-11 09:30:00Z", "2025-12-11T09:30:00.Z", "2025-12-11T09:30:00,5Z",
		"2025-12-11T09:30:00.1234567890Z", "2025-12-11T09:30:00+24:00", "0000-12-31T23:59:59Z", "0001-01-01T00:00:00+00:01",
		"9999-12-31T23:59:59-00:01", "2025-12-11T09:30:00Z\n"} {
		if instant, isTime := ParseInstant(text); isTime {
			t.Errorf("%q was read as %v", text, instant)
		}
	}
}

func TestSecondsAreRoundedToTheNearestMicrosecond(t *testing.T) {
	for seconds, wanted := range map[float64]int64{0.0000004: 0, 0.0000005: 1, 1.1: 1_100_000, 86400: 86400_000000} {
		if got := microseconds(seconds); got != wanted {
			t.Errorf("%v s are %d, not %d", seconds, got, wanted)
		}
	}
}
