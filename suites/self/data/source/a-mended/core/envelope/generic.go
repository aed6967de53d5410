// Package envelope is what travels between Python and Go.
package envelope

import "time"

// InterruptKind says why a flow stands still.
type InterruptKind string

const (
	InterruptKindClarification     InterruptKind = "clarification"
	InterruptKindConfirmation      InterruptKind = "confirmation"
	InterruptKindCriticReview      InterruptKind = "critic_review"
	InterruptKindCheckpoint        InterruptKind = "checkpoint"
	InterruptKindResourceExhausted InterruptKind = "resource_exhausted"
	InterruptKindTimeout           InterruptKind = "timeout"
	InterruptKindSystemError       InterruptKind = "system_error"
)

// InterruptResponse is what somebody said to it.
type InterruptResponse struct {
	Text       *string                `json:"text,omitempty"`
	Approved   *bool                  `json:"approved,omitempty"`
	Decision   *string                `json:"decision,omitempty"`
	Data       map[string]interface{} `json:"data,omitempty"`
	ReceivedAt time.Time              `json:"received_at"`
}

// GenericEnvelope carries a flow.
type GenericEnvelope struct {
	EnvelopeID        string                            `json:"envelope_id"`
	RequestID         string                            `json:"request_id"`
	UserID            string                            `json:"user_id"`
	SessionID         string                            `json:"session_id"`
	RawInput          string                            `json:"raw_input"`
	Outputs           map[string]map[string]interface{} `json:"outputs"`
	CurrentStage      string                            `json:"current_stage"`
	StageOrder        []string                          `json:"stage_order"`
	Iteration         int                               `json:"iteration"`
	MaxIterations     int                               `json:"max_iterations"`
	Terminated        bool                              `json:"terminated"`
	TerminationReason *string                           `json:"termination_reason"`
	InterruptPending  bool                              `json:"interrupt_pending"`
	Interrupt         map[string]interface{}            `json:"interrupt"`
	Errors            []map[string]interface{}          `json:"errors"`
	Metadata          map[string]interface{}            `json:"metadata"`
}
