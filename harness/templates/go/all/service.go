package main

// What is yours: a function for each method that your service can do. README.md says what each takes and answers.

const version = "0.1"

var (
	kinds     = []string{"clarification", "confirmation", "critic_review", "checkpoint", "resource_exhausted", "timeout", "system_error"}
	statuses  = []string{"pending", "resolved", "expired", "cancelled"}
	decisions = []string{"approve", "reject", "modify"}
)

// object is what JSON calls one. Numbers in params are json.Number, so that integers keep all their digits.
type object = map[string]any

// refused is the error for what the service refuses: &refused{Name: "conflict", Message: "it is answered", InterruptStatus: "resolved"}.
type refused struct {
	Message         string `json:"-"`
	Name            string `json:"name"`
	Field           string `json:"field,omitempty"`
	InterruptStatus string `json:"interrupt_status,omitempty"`
}

func (r *refused) Error() string { return r.Message }

func describe(object) (object, error) {
	return object{"kinds": kinds, "statuses": statuses, "decisions": decisions}, nil
}

// What stands here is declared, and nothing else: add "interrupt.create": create when create works.
var methods = map[string]func(object) (object, error){
	"describe": describe,
}

// Promises for which there is no method: "concurrent", "instants".
var also = []string{}
