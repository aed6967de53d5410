package interrupts

// methods of the wire, by name. Each runs with the store's lock held.
var methods = map[string]func(*Service, Object) (Object, error){
	"reset":                         func(s *Service, _ Object) (Object, error) { return s.store.reset(), nil },
	"clock.set":                     func(s *Service, params Object) (Object, error) { return s.store.setClock(params) },
	"describe":                      func(*Service, Object) (Object, error) { return describe(), nil },
	"interrupt.create":              (*Service).create,
	"interrupt.get":                 (*Service).get,
	"interrupt.list":                (*Service).list,
	"interrupt.respond":             (*Service).respond,
	"interrupt.cancel":              (*Service).cancel,
	"interrupt.expire_pending":      func(s *Service, _ Object) (Object, error) { return s.expirePending(), nil },
	"interrupt.pending_for_request": (*Service).pendingForRequest,
	"events.drain":                  func(s *Service, _ Object) (Object, error) { return s.store.drain(), nil },
	"envelope.roundtrip":            (*Service).roundtripEnvelope,
}

func describe() Object {
	return Object{"kinds": kindNames(), "statuses": statuses, "decisions": decisions}
}

func (s *Service) roundtripEnvelope(params Object) (Object, error) {
	envelope, err := roundtrip(params["envelope"], s.store.now())
	return Object{"envelope": envelope}, err
}

// Call carries out a request of the wire, {method, params}. An error is a *Refused.
func (s *Service) Call(request Object) (Object, error) {
	method, _ := request["method"].(string)
	operation, known := methods[method]
	if !known {
		return nil, refused("unsupported", "there is no method "+method)
	}
	params, isObject := request["params"].(Object)
	if _, there := request["params"]; there && !isObject {
		return nil, invalid("", "the params must be an object")
	}
	if len(WriteJSON(params)) > maxBytes+1 { // a line feed stands behind it
		return nil, invalid("", "a request may have %d bytes", maxBytes)
	}
	s.store.lock.Lock()
	defer s.store.lock.Unlock()
	return operation(s, params)
}
