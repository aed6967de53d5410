package interrupts

import "fmt"

// Refused is an error under one of the contract's seven names.
type Refused struct {
	Name            string `json:"name"`
	Field           string `json:"field,omitempty"` // a JSON Pointer into the params
	InterruptStatus string `json:"interrupt_status,omitempty"`
	message         string
}

func (r *Refused) Error() string { return r.message }

func invalid(field, format string, values ...any) *Refused {
	return &Refused{Name: "invalid", Field: field, message: fmt.Sprintf(format, values...)}
}

func refused(name, message string) *Refused {
	return &Refused{Name: name, message: message}
}
