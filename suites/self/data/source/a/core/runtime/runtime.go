// Package runtime runs flows.
package runtime

import (
	"errors"

	"example.com/orbit/core/envelope"
)

// Runtime runs one pipeline.
type Runtime struct {
	Routes map[envelope.InterruptKind]string
}

// Resume goes on behind an interrupt.
func (r *Runtime) Resume(env *envelope.GenericEnvelope, kind envelope.InterruptKind, response envelope.InterruptResponse) error {
	if !env.InterruptPending {
		return errors.New("nothing is pending")
	}
	switch kind {
	case envelope.InterruptKindClarification:
		env.CurrentStage = "intent"
	case envelope.InterruptKindConfirmation:
		if response.Approved != nil && *response.Approved {
			env.CurrentStage = "executor"
		} else {
			env.Terminated = true
		}
	}
	env.InterruptPending = false
	return nil
}
