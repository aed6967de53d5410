package interrupts

import (
	"encoding/json"
	"errors"
	"reflect"
	"sort"
	"sync"
	"testing"
)

func newTestService(t *testing.T) *Service {
	t.Helper()
	service := NewService(NewStore())
	setClock(t, service, "2025-12-11T09:30:00Z")
	return service
}

// call carries out what must be accepted, and call's answer is what a client would read.
func call(t *testing.T, service *Service, method string, params Object) Object {
	t.Helper()
	result, err := service.Call(Object{"method": method, "params": params})
	if err != nil {
		t.Fatalf("%s: %v", method, err)
	}
	read, err := ReadJSON(WriteJSON(result))
	if err != nil {
		t.Fatal(err)
	}
	return read.(Object)
}

func wantRefused(t *testing.T, service *Service, method string, params Object, wanted Refused) {
	t.Helper()
	_, err := service.Call(Object{"method": method, "params": params})
	var got *Refused
	if !errors.As(err, &got) {
		t.Fatalf("%s was not refused: %v", method, err)
	}
	if wanted.message = got.message; *got != wanted {
		t.Errorf("%s was refused as %+v, not %+v", method, *got, wanted)
	}
}

func setClock(t *testing.T, service *Service, now string) {
	t.Helper()
	call(t, service, "clock.set", Object{"now": now})
}

func create(t *testing.T, service *Service, more Object) Object {
	t.Helper()
	params := Object{"kind": "clarification", "request_id": "req", "user_id": "ann", "session_id": "ses"}
	for name, value := range more {
		params[name] = value
	}
	return call(t, service, "interrupt.create", params)["interrupt"].(Object)
}

func TestACreationHasTheTimeToLiveOfItsKind(t *testing.T) {
	service := newTestService(t)
	interrupt := create(t, service, nil)
	if len(interrupt) != 16 || interrupt["expires_at"] != "2025-12-12T09:30:00.000000Z" {
		t.Errorf("created %v", interrupt)
	}
	for _, more := range []Object{{"kind": "checkpoint"}, {"ttl_seconds": nil}} {
		if interrupt := create(t, service, more); interrupt["expires_at"] != nil {
			t.Errorf("with %v it expires at %v", more, interrupt["expires_at"])
		}
	}
	wantRefused(t, service, "interrupt.create", Object{"kind": "timeout", "request_id": "r", "user_id": "u", "session_id": "s",
		"ttl_seconds": json.Number("0")}, Refused{Name: "invalid", Field: "/ttl_seconds"})
}

func TestWhatACallerGetsIsACopy(t *testing.T) {
	service := newTestService(t)
	given := Object{"list": []any{"a"}}
	interrupt, err := newInterrupt(Object{"kind": "timeout", "request_id": "r", "user_id": "u", "session_id": "s", "data": given}, 0)
	if err != nil {
		t.Fatal(err)
	}
	shown := service.store.put(interrupt, "interrupt.timeout", 0)
	given["list"].([]any)[0] = "b"
	shown.Data["list"].([]any)[0] = "c"
	stored, _ := service.store.find(interrupt.ID, nil)
	if wanted := (Object{"list": []any{"a"}}); !reflect.DeepEqual(stored.Data, wanted) {
		t.Errorf("the store holds %v", stored.Data)
	}
}

func TestAnInterruptIsAnsweredOnceByItsOwnerAsItsKindWants(t *testing.T) {
	service := newTestService(t)
	id := create(t, service, nil)["id"]
	answer := func(user string, response Object) Object {
		return Object{"id": id, "user_id": user, "response": response}
	}
	const method = "interrupt.respond"
	wantRefused(t, service, method, answer("bob", Object{"text": "x"}), Refused{Name: "forbidden"})
	wantRefused(t, service, method, answer("ann", Object{"approved": true}), Refused{Name: "invalid", Field: "/response/text"})
	call(t, service, method, answer("ann", Object{"text": "x"}))
	wantRefused(t, service, method, answer("ann", Object{"text": "y"}), Refused{Name: "conflict", InterruptStatus: resolved})
}

func TestTheSweepTellsOnceOfWhatHasExpired(t *testing.T) {
	service := newTestService(t)
	id := create(t, service, Object{"ttl_seconds": json.Number("1")})["id"]
	sweep := func() any { return call(t, service, "interrupt.expire_pending", nil)["ids"] }
	setClock(t, service, "2025-12-11T09:30:01Z")
	if ids := sweep(); !reflect.DeepEqual(ids, []any{}) {
		t.Errorf("at its expiry it was swept: %v", ids)
	}
	setClock(t, service, "2025-12-11T09:30:01.000001Z")
	wantRefused(t, service, "interrupt.cancel", Object{"id": id, "user_id": "ann"}, Refused{Name: "conflict", InterruptStatus: expired})
	if ids := sweep(); !reflect.DeepEqual(ids, []any{id}) {
		t.Errorf("swept %v, not %v", ids, id)
	}
	sweep()
	if events := call(t, service, "events.drain", nil)["events"].([]any); len(events) != 2 {
		t.Errorf("there are %d events, not 2", len(events))
	}
}

func TestPagesLeadThroughEveryMatchOnce(t *testing.T) {
	service := newTestService(t)
	var ids, seen []string
	for i := 0; i < 5; i++ {
		ids = append(ids, create(t, service, nil)["id"].(string))
	}
	sort.Sort(sort.Reverse(sort.StringSlice(ids)))
	for cursor := any(nil); len(seen) < 5; {
		page := call(t, service, "interrupt.list", Object{"user_id": "ann", "limit": json.Number("2"), "cursor": cursor})
		for _, interrupt := range page["interrupts"].([]any) {
			seen = append(seen, interrupt.(Object)["id"].(string))
		}
		if cursor = page["next_cursor"]; cursor == nil {
			break
		}
		wantRefused(t, service, "interrupt.list", Object{"session_id": "ses", "cursor": cursor}, Refused{Name: "invalid", Field: "/cursor"})
	}
	if !reflect.DeepEqual(seen, ids) {
		t.Errorf("the pages held %v, not %v", seen, ids)
	}
}

func TestOfManyAnswersAtOnceOneCounts(t *testing.T) {
	service := newTestService(t)
	id := create(t, service, nil)["id"]
	var clients sync.WaitGroup
	won := make(chan bool, 50)
	for i := 0; i < cap(won); i++ {
		clients.Add(1)
		go func() {
			defer clients.Done()
			_, err := service.Call(Object{"method": "interrupt.respond",
				"params": Object{"id": id, "user_id": "ann", "response": Object{"text": "x"}}})
			won <- err == nil
		}()
	}
	clients.Wait()
	close(won)
	winners := 0
	for isWinner := range won {
		if isWinner {
			winners++
		}
	}
	if winners != 1 {
		t.Errorf("%d answers were accepted", winners)
	}
}
