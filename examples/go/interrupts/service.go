package interrupts

import "sort"

// Service has the operations. Each takes params as they came, and refuses before it changes anything.
type Service struct{ store *Store }

func NewService(store *Store) *Service { return &Service{store} }

func (s *Service) create(params Object) (Object, error) {
	now := s.store.now()
	interrupt, err := newInterrupt(params, now)
	if err != nil {
		return nil, err
	}
	if err := interrupt.checkSize("/data"); err != nil {
		return nil, err
	}
	return Object{"interrupt": s.store.put(interrupt, kindOf(interrupt.Kind).event, now)}, nil
}

// get without a user_id is the read of a trusted caller.
func (s *Service) get(params Object) (Object, error) {
	f := fields{object: params}
	id, user := f.present("id"), f.filter("user_id")
	if f.err != nil {
		return nil, f.err
	}
	interrupt, err := s.store.find(id, user)
	if err != nil {
		return nil, err
	}
	return Object{"interrupt": interrupt.show(s.store.now())}, nil
}

func (s *Service) list(params Object) (Object, error) {
	query, err := readQuery(params, s.store.key)
	if err != nil {
		return nil, err
	}
	now := s.store.now()
	found := s.matching(query, now)
	total := len(found)
	if query.after != nil {
		found = found[sort.Search(len(found), func(i int) bool { return query.after.before(found[i]) }):]
	}
	page, cursor := []*Interrupt{}, (*string)(nil)
	for i := 0; i < len(found) && i < query.limit; i++ {
		page = append(page, found[i].show(now))
	}
	if len(found) > len(page) {
		next := query.writeCursor(found[len(page)-1], s.store.key)
		cursor = &next
	}
	return Object{"interrupts": page, "total": total, "next_cursor": cursor}, nil
}

func (s *Service) pendingForRequest(params Object) (Object, error) {
	f := fields{object: params}
	request := f.required("request_id")
	query := query{user: f.filter("user_id"), request: &request, status: pending}
	if f.err != nil {
		return nil, f.err
	}
	now := s.store.now()
	if found := s.matching(query, now); len(found) > 0 {
		return Object{"interrupt": found[0].show(now)}, nil
	}
	return Object{"interrupt": nil}, nil
}

func (s *Service) respond(params Object) (Object, error) {
	f := fields{object: params}
	id, user := f.present("id"), f.required("user_id")
	if f.err != nil {
		return nil, f.err
	}
	response, err := readResponse(params["response"])
	if err != nil {
		return nil, err
	}
	now := s.store.now()
	interrupt, err := s.store.findPending(id, user, now)
	if err != nil {
		return nil, err
	}
	if err := response.checkFit(kindOf(interrupt.Kind)); err != nil {
		return nil, err
	}
	response.ReceivedAt = now
	interrupt.Status, interrupt.Response, interrupt.ResolvedAt = resolved, &response, &now
	if err := interrupt.checkSize("/response/data"); err != nil {
		return nil, err
	}
	denied := interrupt.Kind == "confirmation" && !*response.Approved
	return Object{"interrupt": s.store.put(interrupt, "interrupt.resolved", now), "request_can_resume": !denied}, nil
}

func (s *Service) cancel(params Object) (Object, error) {
	f := fields{object: params}
	id, user, reason := f.present("id"), f.required("user_id"), f.text("reason")
	if f.err != nil {
		return nil, f.err
	}
	now := s.store.now()
	interrupt, err := s.store.findPending(id, user, now)
	if err != nil {
		return nil, err
	}
	interrupt.Status = cancelled
	if reason != nil && *reason != "" {
		interrupt.Data = cloneObject(interrupt.Data)
		interrupt.Data["cancel_reason"] = *reason
	}
	if err := interrupt.checkSize("/reason"); err != nil {
		return nil, err
	}
	return Object{"interrupt": s.store.put(interrupt, "interrupt.cancelled", now)}, nil
}

// expirePending is the sweep: it stores, and tells once of, what only looked expired so far.
func (s *Service) expirePending() Object {
	now := s.store.now()
	ids := []string{}
	for id, interrupt := range s.store.interrupts {
		if interrupt.Status == pending && interrupt.statusAt(now) == expired {
			interrupt.Status = expired
			s.store.put(interrupt, "interrupt.expired", now)
			ids = append(ids, id)
		}
	}
	return Object{"ids": ids}
}

func (s *Service) matching(query query, now Instant) []Interrupt {
	var found []Interrupt
	for _, interrupt := range s.store.interrupts {
		if query.matches(interrupt, now) {
			found = append(found, interrupt)
		}
	}
	sort.Slice(found, func(i, j int) bool { return found[i].before(found[j]) })
	return found
}
