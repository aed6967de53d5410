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
	stage, known := r.Routes[kind]
	if !known || (response.Approved != nil && !*response.Approved) {
		env.Terminated = true
	} else {
		env.CurrentStage = stage
	}
	env.InterruptPending = false
	return nil
}
