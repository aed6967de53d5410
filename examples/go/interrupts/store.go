package interrupts

import (
	"sync"
	"time"
)

// Event tells of one change.
type Event struct {
	ID        string     `json:"event_id"`
	Type      string     `json:"event_type"`
	Timestamp Instant    `json:"timestamp"`
	Data      *Interrupt `json:"data"`
	RequestID string     `json:"request_id"`
}

// Store is all state: interrupts, events that nobody has drained yet, and the clock. Services and goroutines share it; every
// method of a Service holds its lock from the first look to the last change, so that two of them never mix.
type Store struct {
	lock       sync.Mutex
	interrupts map[string]Interrupt
	events     []Event
	frozen     *Instant // where the clock stands; nil: it runs
	key        []byte
}

func NewStore() *Store {
	return &Store{interrupts: map[string]Interrupt{}, key: newKey()}
}

// now wants the lock to be held, as all that follows does.
func (s *Store) now() Instant {
	if s.frozen != nil {
		return *s.frozen
	}
	return Instant(time.Now().UnixMicro())
}

// put stores what an interrupt is from now on, and the event that tells of it, and shows it.
func (s *Store) put(interrupt Interrupt, eventType string, now Instant) *Interrupt {
	s.interrupts[interrupt.ID] = interrupt
	s.events = append(s.events, Event{newUUID(), eventType, now, interrupt.show(now), interrupt.RequestID})
	return interrupt.show(now)
}

func (s *Store) find(id string, user *string) (Interrupt, error) {
	interrupt, there := s.interrupts[id]
	if !there {
		return Interrupt{}, refused("not_found", "there is no such interrupt")
	}
	if user != nil && *user != interrupt.UserID {
		return Interrupt{}, refused("forbidden", "it belongs to another user")
	}
	return interrupt, nil
}

func (s *Store) findPending(id, user string, now Instant) (Interrupt, error) {
	interrupt, err := s.find(id, &user)
	if err != nil {
		return Interrupt{}, err
	}
	if status := interrupt.statusAt(now); status != pending {
		return Interrupt{}, &Refused{Name: "conflict", InterruptStatus: status, message: "the interrupt is " + status}
	}
	return interrupt, nil
}

func (s *Store) setClock(params Object) (Object, error) {
	text, _ := params["now"].(string)
	now, isTime := ParseInstant(text)
	if !isTime {
		return nil, invalid("/now", "it must be an RFC 3339 time")
	}
	if s.frozen != nil && now < *s.frozen {
		return nil, invalid("/now", "the clock does not run backwards")
	}
	s.frozen = &now
	return Object{"now": now}, nil
}

func (s *Store) reset() Object {
	s.interrupts, s.events, s.frozen = map[string]Interrupt{}, nil, nil
	return Object{}
}

func (s *Store) drain() Object {
	events := append([]Event{}, s.events...)
	s.events = nil
	return Object{"events": events}
}
