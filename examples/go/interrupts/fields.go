package interrupts

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

const (
	idMaxBytes = 255
	maxDepth   = 64
)

// fields takes members out of an object that a caller sent. It keeps the first fault, and gives zero values from then on,
// so that callers look at err once, at the end. Null is absent.
type fields struct {
	object Object
	path   string // where the object stands
	err    error
}

func (f *fields) fault(name, format string, values ...any) {
	if f.err == nil {
		f.err = invalid(f.path+"/"+name, format, values...)
	}
}

func (f *fields) text(name string) *string {
	value := f.object[name]
	if value == nil {
		return nil
	}
	text, isText := value.(string)
	if !isText {
		f.fault(name, "it must be a text")
		return nil
	}
	return &text
}

// id is one of those that callers give.
func (f *fields) id(name string) *string {
	id := f.text(name)
	if id != nil && len(*id) > idMaxBytes {
		f.fault(name, "it may have %d bytes", idMaxBytes)
	}
	return id
}

// filter is as id, but an empty text never stands for none.
func (f *fields) filter(name string) *string {
	id := f.id(name)
	if id != nil && *id == "" {
		f.fault(name, "it is empty")
	}
	return id
}

func (f *fields) required(name string) string {
	id := f.filter(name)
	if id == nil {
		f.fault(name, "it is required")
		return ""
	}
	return *id
}

// present is a text that must be there, whatever it holds.
func (f *fields) present(name string) string {
	text := f.text(name)
	if text == nil {
		f.fault(name, "it must be a text")
		return ""
	}
	return *text
}

func (f *fields) oneOf(name string, names []string) *string {
	text := f.text(name)
	if text != nil && !contains(names, *text) {
		f.fault(name, "it must be one of %s", strings.Join(names, ", "))
	}
	return text
}

func (f *fields) limitedText(name string, maxCodePoints int) *string {
	text := f.text(name)
	if text != nil && (*text == "" || utf8.RuneCountInString(*text) > maxCodePoints) {
		f.fault(name, "it must have 1 to %d characters", maxCodePoints)
	}
	return text
}

func (f *fields) flag(name string) *bool {
	value := f.object[name]
	if value == nil {
		return nil
	}
	flag, isFlag := value.(bool)
	if !isFlag {
		f.fault(name, "it must be true or false")
	}
	return &flag
}

// data is an object of at most 64 levels, as a copy.
func (f *fields) data(name string) Object {
	value := f.object[name]
	if value == nil {
		return nil
	}
	object, isObject := value.(Object)
	switch {
	case !isObject:
		f.fault(name, "it must be an object")
	case deeper(object, maxDepth):
		f.fault(name, "it may have %d levels", maxDepth)
	}
	return cloneObject(object)
}

func deeper(value any, levels int) bool {
	var inner []any
	switch value := value.(type) {
	case Object:
		for _, member := range value {
			inner = append(inner, member)
		}
	case []any:
		inner = value
	default:
		return false
	}
	for _, member := range inner {
		if levels > 0 && deeper(member, levels-1) {
			return true
		}
	}
	return levels == 0
}

func (f *fields) integer(name string, lowest, highest, absent int) int {
	value := f.object[name]
	if value == nil {
		return absent
	}
	number, isNumber := value.(json.Number)
	integer, err := number.Int64()
	if !isNumber || err != nil || integer < int64(lowest) || integer > int64(highest) {
		f.fault(name, "it must be an integer from %d to %d", lowest, highest)
		return absent
	}
	return int(integer)
}
