package interrupts

const maxCodePoints = 10_000

// Response is an answer as it is stored: all five members, those that were not given null.
type Response struct {
	Text       *string `json:"text"`
	Approved   *bool   `json:"approved"`
	Decision   *string `json:"decision"`
	Data       Object  `json:"data"`
	ReceivedAt Instant `json:"received_at"`
}

func readResponse(given any) (Response, error) {
	object, isObject := given.(Object)
	if !isObject {
		return Response{}, invalid("/response", "it must be an object")
	}
	f := fields{object: object, path: "/response"}
	response := Response{
		Text:     f.limitedText("text", maxCodePoints),
		Approved: f.flag("approved"),
		Decision: f.oneOf("decision", decisions),
		Data:     f.data("data"),
	}
	return response, f.err
}

// checkFit refuses a response that lacks what its kind needs, or brings what another kind needs.
func (r Response) checkFit(kind kind) error {
	if kind.needs == "" {
		return nil
	}
	given := []struct {
		name  string
		there bool
	}{{"text", r.Text != nil}, {"approved", r.Approved != nil}, {"decision", r.Decision != nil}}
	for _, field := range given {
		needed := field.name == kind.needs
		if needed && !field.there {
			return invalid("/response/"+field.name, "a %s needs it", kind.name)
		}
		if !needed && field.there {
			return invalid("/response/"+field.name, "a %s does not take it", kind.name)
		}
	}
	return nil
}
