// Package interrupts is a flow-interrupt service: its rules, its store in memory, and the methods of the wire.
package interrupts

const (
	minute = 60 * 1_000_000 // of microseconds, as Instant counts them
	hour   = 60 * minute
)

type kind struct {
	name    string
	ttl     int64  // by default, in microseconds; 0: none
	needs   string // the field that a response must have; "": any or none
	event   string // of its creation
	expires bool
}

var kinds = []kind{
	{"clarification", 24 * hour, "text", "interrupt.clarification_needed", true},
	{"confirmation", 1 * hour, "approved", "interrupt.confirmation_needed", true},
	{"critic_review", 30 * minute, "decision", "interrupt.critic_review", true},
	{"checkpoint", 0, "", "interrupt.checkpoint", false},
	{"resource_exhausted", 5 * minute, "", "interrupt.resource_exhausted", true},
	{"timeout", 5 * minute, "", "interrupt.timeout", true},
	{"system_error", 1 * hour, "", "interrupt.system_error", true},
}

const (
	pending   = "pending"
	resolved  = "resolved"
	expired   = "expired"
	cancelled = "cancelled"
)

var (
	statuses  = []string{pending, resolved, expired, cancelled}
	decisions = []string{"approve", "reject", "modify"}
)

func kindNames() []string {
	names := make([]string, len(kinds))
	for i, kind := range kinds {
		names[i] = kind.name
	}
	return names
}

// kindOf gives the kind of a name that was checked before.
func kindOf(name string) kind {
	for _, kind := range kinds {
		if kind.name == name {
			return kind
		}
	}
	panic("no such kind: " + name)
}

func contains(names []string, name string) bool {
	for _, other := range names {
		if other == name {
			return true
		}
	}
	return false
}
