package interrupts

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
)

const maxBytes = 1_200_000

// Interrupt has the contract's 16 fields. One that is stored is never changed, only replaced.
type Interrupt struct {
	ID         string    `json:"id"`
	Kind       string    `json:"kind"`
	RequestID  string    `json:"request_id"`
	UserID     string    `json:"user_id"`
	SessionID  string    `json:"session_id"`
	EnvelopeID *string   `json:"envelope_id"`
	Question   *string   `json:"question"`
	Message    *string   `json:"message"`
	Data       Object    `json:"data"`
	Response   *Response `json:"response"`
	Status     string    `json:"status"`
	CreatedAt  Instant   `json:"created_at"`
	ExpiresAt  *Instant  `json:"expires_at"`
	ResolvedAt *Instant  `json:"resolved_at"`
	TraceID    *string   `json:"trace_id"`
	SpanID     *string   `json:"span_id"`
}

// newInterrupt is the pending one that the params of a creation ask for.
func newInterrupt(params Object, now Instant) (Interrupt, error) {
	f := fields{object: params}
	name := f.oneOf("kind", kindNames())
	if name == nil {
		f.fault("kind", "it must be one of the seven kinds")
	}
	interrupt := Interrupt{
		ID:         newUUID(),
		RequestID:  f.required("request_id"),
		UserID:     f.required("user_id"),
		SessionID:  f.required("session_id"),
		EnvelopeID: f.id("envelope_id"),
		Question:   f.text("question"),
		Message:    f.text("message"),
		Data:       f.data("data"),
		Status:     pending,
		CreatedAt:  now,
		TraceID:    f.id("trace_id"),
		SpanID:     f.id("span_id"),
	}
	if f.err != nil {
		return Interrupt{}, f.err
	}
	if interrupt.Data == nil {
		interrupt.Data = Object{}
	}
	interrupt.Kind = *name
	var err error
	interrupt.ExpiresAt, err = expiry(kindOf(*name), params, now)
	return interrupt, err
}

// expiry tells null, which is none, from absent, which is the kind's own: here alone they differ.
func expiry(kind kind, params Object, now Instant) (*Instant, error) {
	const field = "/ttl_seconds"
	ttl := kind.ttl
	given, there := params["ttl_seconds"]
	if there {
		if given == nil {
			return nil, nil
		}
		number, isNumber := given.(json.Number)
		if !isNumber {
			return nil, invalid(field, "it must be a number")
		}
		seconds, _ := number.Float64() // it was seen to be finite when it was read
		if seconds > float64(lastInstant-firstInstant)/1e6 {
			return nil, invalid(field, "it ends after the year 9999")
		}
		if ttl = microseconds(seconds); seconds <= 0 || ttl <= 0 {
			return nil, invalid(field, "it must be at least a microsecond")
		}
	}
	if ttl == 0 {
		return nil, nil
	}
	expiresAt := now + Instant(ttl)
	if expiresAt > lastInstant {
		return nil, invalid(field, "it ends after the year 9999")
	}
	return &expiresAt, nil
}

// statusAt is what an interrupt is at an instant: behind ExpiresAt it is expired, whether or not a sweep came by.
func (i Interrupt) statusAt(now Instant) string {
	if i.Status == pending && i.ExpiresAt != nil && *i.ExpiresAt < now && kindOf(i.Kind).expires {
		return expired
	}
	return i.Status
}

// show gives a copy that its holder may change, with the status of an instant.
func (i Interrupt) show(now Instant) *Interrupt {
	i.Status = i.statusAt(now)
	i.Data = cloneObject(i.Data)
	if i.Response != nil {
		response := *i.Response
		response.Data = cloneObject(response.Data)
		i.Response = &response
	}
	return &i
}

func (i Interrupt) checkSize(field string) error {
	if len(WriteJSON(i)) > maxBytes {
		return invalid(field, "the interrupt would have more than %d bytes", maxBytes)
	}
	return nil
}

func newUUID() string {
	var bytes [16]byte
	if _, err := rand.Read(bytes[:]); err != nil {
		panic(err) // a system without randomness can give no ids
	}
	bytes[6] = bytes[6]&0x0f | 0x40
	bytes[8] = bytes[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", bytes[:4], bytes[4:6], bytes[6:8], bytes[8:10], bytes[10:])
}
