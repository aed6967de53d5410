package interrupts

import (
	"encoding/json"
	"fmt"
	"strings"
)

// A reader gives the value that stands at a path as it is written, or refuses it.
type reader func(value any, path string) (any, error)

// field is one of an envelope: its type, its default, and whether null is a value of its own.
type field struct {
	name     string
	read     reader
	fallback func(now Instant) any
	nullable bool
}

var (
	text   = is[string]("a text")
	flag   = is[bool]("true or false")
	object = is[Object]("an object")
)

var envelopeFields = []field{
	{"envelope_id", text, fresh, false},
	{"request_id", text, fresh, false},
	{"user_id", text, always("anonymous"), false},
	{"session_id", text, fresh, false},
	{"raw_input", text, always(""), false},
	{"received_at", instant, today, true},
	{"outputs", mapOf(object), emptyMap, false},
	{"current_stage", text, always("start"), false},
	{"stage_order", listOf(text), emptyList, false},
	{"iteration", counter, always(0), false},
	{"max_iterations", counter, always(3), false},
	{"active_stages", mapOf(flag), emptyMap, false},
	{"completed_stage_set", mapOf(flag), emptyMap, false},
	{"failed_stages", mapOf(text), emptyMap, false},
	{"dag_mode", flag, always(false), false},
	{"llm_call_count", counter, always(0), false},
	{"max_llm_calls", counter, always(10), false},
	{"agent_hop_count", counter, always(0), false},
	{"max_agent_hops", counter, always(21), false},
	{"terminal_reason", text, always(nil), true},
	{"terminated", flag, always(false), false},
	{"termination_reason", text, always(nil), true},
	{"interrupt", embedded, always(nil), true},
	{"completed_stages", listOf(object), emptyList, false},
	{"current_stage_number", counter, always(1), false},
	{"max_stages", counter, always(5), false},
	{"all_goals", listOf(text), emptyList, false},
	{"remaining_goals", listOf(text), emptyList, false},
	{"goal_completion_status", mapOf(text), emptyMap, false},
	{"prior_plans", listOf(object), emptyList, false},
	{"critic_feedback", listOf(text), emptyList, false},
	{"processing_history", listOf(object), emptyList, false},
	{"errors", listOf(object), emptyList, false},
	{"created_at", instant, today, true},
	{"completed_at", instant, always(nil), true},
	{"metadata", object, emptyMap, false},
}

var legacyFields = []string{"clarification_pending", "confirmation_pending"}

// roundtrip reads an envelope and gives it as it is saved: every field with what was given or its default, and what it does
// not know as it came.
func roundtrip(given any, now Instant) (Object, error) {
	const path = "/envelope"
	envelope, isObject := given.(Object)
	if !isObject {
		return nil, invalid(path, "it must be an object")
	}
	saved := cloneObject(envelope)
	for _, field := range envelopeFields {
		value, there := envelope[field.name]
		if !there || value == nil && !field.nullable {
			saved[field.name] = field.fallback(now)
		} else if value != nil {
			read, err := field.read(value, path+"/"+field.name)
			if err != nil {
				return nil, err
			}
			saved[field.name] = read
		}
	}
	for _, name := range legacyFields {
		if !isEmpty(envelope[name]) {
			return nil, invalid(path+"/"+name, "this field is no more: embed an interrupt")
		}
		delete(saved, name)
	}
	return saved, setPending(saved, path+"/interrupt_pending")
}

// setPending derives the flag from the embedded interrupt; one that was given must say the same.
func setPending(saved Object, path string) error {
	isPending := false
	if interrupt, there := saved["interrupt"].(Object); there {
		isPending = interrupt["status"] == pending || interrupt["status"] == nil && interrupt["response"] == nil
	}
	given := saved["interrupt_pending"]
	saved["interrupt_pending"] = isPending
	if given != nil && given != isPending {
		return invalid(path, "it must be %v, as the interrupt says", isPending)
	}
	return nil
}

// embedded is the interrupt that a flow waits for: beside id and kind it keeps what it has and lacks.
func embedded(value any, path string) (any, error) {
	interrupt, isObject := value.(Object)
	if !isObject {
		return nil, invalid(path, "it must be an object")
	}
	f := fields{object: interrupt, path: path}
	if f.present("id") == "" {
		f.fault("id", "it is empty")
	}
	if f.oneOf("kind", kindNames()) == nil {
		f.fault("kind", "it must be one of the seven kinds")
	}
	return interrupt, f.err
}

func is[T any](words string) reader {
	return func(value any, path string) (any, error) {
		if _, fits := value.(T); !fits {
			return nil, invalid(path, "it must be %s", words)
		}
		return value, nil
	}
}

func counter(value any, path string) (any, error) {
	number, _ := value.(json.Number)
	if count, err := number.Int64(); err != nil || count < 0 {
		return nil, invalid(path, "it must be an integer of at least 0")
	}
	return number, nil
}

func instant(value any, path string) (any, error) {
	written, _ := value.(string)
	read, isTime := ParseInstant(written)
	if !isTime {
		return nil, invalid(path, "it must be an RFC 3339 time")
	}
	return read, nil
}

func listOf(member reader) reader {
	return func(value any, path string) (any, error) {
		list, isList := value.([]any)
		if !isList {
			return nil, invalid(path, "it must be a list")
		}
		for i, item := range list {
			if _, err := member(item, fmt.Sprintf("%s/%d", path, i)); err != nil {
				return nil, err
			}
		}
		return list, nil
	}
}

func mapOf(member reader) reader {
	pointer := strings.NewReplacer("~", "~0", "/", "~1")
	return func(value any, path string) (any, error) {
		members, isObject := value.(Object)
		if !isObject {
			return nil, invalid(path, "it must be an object")
		}
		for key, item := range members {
			if _, err := member(item, path+"/"+pointer.Replace(key)); err != nil {
				return nil, err
			}
		}
		return members, nil
	}
}

func always(value any) func(Instant) any { return func(Instant) any { return value } }
func fresh(Instant) any                  { return newUUID() }
func today(now Instant) any              { return now }
func emptyList(Instant) any              { return []any{} }
func emptyMap(Instant) any               { return Object{} }

// isEmpty says whether a legacy field asks nothing, so that it can go.
func isEmpty(value any) bool {
	switch value := value.(type) {
	case nil:
		return true
	case bool:
		return !value
	case string:
		return value == ""
	case []any:
		return len(value) == 0
	case Object:
		return len(value) == 0
	}
	return false
}
