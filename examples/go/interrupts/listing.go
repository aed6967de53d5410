package interrupts

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"sort"
	"strconv"
	"strings"
)

const (
	defaultLimit = 50
	maxLimit     = 200
)

// query is what a list asks for; after is the last row that was seen, of which only the place counts.
type query struct {
	user, session, request *string
	status                 string
	kinds                  []string // nil: all
	limit                  int
	after                  *Interrupt
}

func readQuery(params Object, key []byte) (query, error) {
	f := fields{object: params}
	q := query{
		user:    f.filter("user_id"),
		session: f.filter("session_id"),
		request: f.filter("request_id"),
		status:  pending,
		kinds:   readKinds(&f),
		limit:   f.integer("limit", 1, maxLimit, defaultLimit),
	}
	if status := f.oneOf("status", append([]string{"all"}, statuses...)); status != nil {
		q.status = *status
	}
	cursor := f.text("cursor")
	if f.err == nil && q.user == nil && q.session == nil && q.request == nil {
		return q, invalid("", "a list needs a user_id, a session_id or a request_id")
	}
	if f.err == nil && cursor != nil {
		if q.after = q.readCursor(*cursor, key); q.after == nil {
			f.fault("cursor", "it was not made for this list")
		}
	}
	return q, f.err
}

func readKinds(f *fields) []string {
	value := f.object["kinds"]
	if value == nil {
		return nil
	}
	list, _ := value.([]any)
	if len(list) == 0 {
		f.fault("kinds", "it must be a list of at least one kind")
	}
	var names []string
	for _, item := range list {
		name, _ := item.(string)
		if !contains(kindNames(), name) {
			f.fault("kinds", "it must name kinds")
		} else if !contains(names, name) {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}

func (q query) matches(interrupt Interrupt, now Instant) bool {
	return same(q.user, interrupt.UserID) && same(q.session, interrupt.SessionID) && same(q.request, interrupt.RequestID) &&
		(q.status == "all" || q.status == interrupt.statusAt(now)) && (q.kinds == nil || contains(q.kinds, interrupt.Kind))
}

func same(wanted *string, value string) bool { return wanted == nil || *wanted == value }

// before says which of two comes first in a list: the newer one, of one instant the one with the greater id.
func (i Interrupt) before(other Interrupt) bool {
	if i.CreatedAt != other.CreatedAt {
		return i.CreatedAt > other.CreatedAt
	}
	return i.ID > other.ID
}

// newKey makes what cursors are signed with: they are good for one process, as the interrupts in memory are.
func newKey() []byte {
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		panic(err)
	}
	return key
}

// writeCursor gives the place of a row, signed together with the filters, so that it serves no other list.
func (q query) writeCursor(last Interrupt, key []byte) string {
	place := fmt.Sprintf("%d.%s", last.CreatedAt, last.ID)
	return place + "." + q.sign(place, key)
}

func (q query) sign(place string, key []byte) string {
	mac := hmac.New(sha256.New, key)
	mac.Write(WriteJSON([]any{place, q.user, q.session, q.request, q.status, q.kinds}))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func (q query) readCursor(cursor string, key []byte) *Interrupt {
	part := strings.Split(cursor, ".")
	if len(part) != 3 || !hmac.Equal([]byte(part[2]), []byte(q.sign(part[0]+"."+part[1], key))) {
		return nil
	}
	created, err := strconv.ParseInt(part[0], 10, 64)
	if err != nil {
		return nil
	}
	return &Interrupt{ID: part[1], CreatedAt: Instant(created)}
}
