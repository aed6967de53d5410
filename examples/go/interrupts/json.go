package interrupts

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Object is a JSON object as it was read: its values are nil, bool, string, json.Number, []any and map[string]any.
type Object = map[string]any

// ReadJSON reads what must be one JSON text. Unlike json.Unmarshal it refuses a key that comes twice, U+0000, half a
// surrogate pair, bytes that are no UTF-8, and numbers beyond 64 bits; it takes keys by their exact letters, and keeps
// numbers as they are written.
func ReadJSON(text []byte) (any, error) {
	if !utf8.Valid(text) {
		return nil, errors.New("not UTF-8")
	}
	if !json.Valid(text) {
		return nil, errors.New("not JSON, or nested too deeply")
	}
	if err := checkEscapes(text); err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	return readValue(decoder)
}

func readValue(decoder *json.Decoder) (any, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case json.Delim:
		if token == '{' {
			return readObject(decoder)
		}
		return readList(decoder)
	case json.Number:
		return token, checkNumber(token.String())
	}
	return token, nil
}

func readObject(decoder *json.Decoder) (any, error) {
	object := Object{}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		if _, there := object[key.(string)]; there {
			return nil, fmt.Errorf("the key %q comes twice", key)
		}
		if object[key.(string)], err = readValue(decoder); err != nil {
			return nil, err
		}
	}
	_, err := decoder.Token()
	return object, err
}

func readList(decoder *json.Decoder) (any, error) {
	list := []any{}
	for decoder.More() {
		value, err := readValue(decoder)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	_, err := decoder.Token()
	return list, err
}

func isInteger(number string) bool { return !strings.ContainsAny(number, ".eE") }

func checkNumber(number string) error {
	var err error
	if isInteger(number) {
		_, err = strconv.ParseInt(number, 10, 64)
	} else {
		_, err = strconv.ParseFloat(number, 64)
	}
	if err != nil {
		return fmt.Errorf("%s needs more than 64 bits", number)
	}
	return nil
}

// checkEscapes looks at a valid JSON text, in which a backslash stands within texts only. The decoder would make U+FFFD of
// half a pair.
func checkEscapes(text []byte) error {
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		unit, isUnit := escapedUnit(text[i:])
		switch low, isLow := escapedUnit(text[min(i+6, len(text)):]); {
		case !isUnit:
			i++
		case unit == 0:
			return errors.New("U+0000 in a text")
		case unit >= 0xD800 && unit < 0xDC00 && isLow && low >= 0xDC00 && low < 0xE000:
			i += 11
		case unit >= 0xD800 && unit < 0xE000:
			return errors.New("half a surrogate pair in a text")
		default:
			i += 5
		}
	}
	return nil
}

// escapedUnit gives the UTF-16 unit of the escape \uXXXX with which a text begins.
func escapedUnit(text []byte) (uint64, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	unit, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return unit, err == nil
}

func min(a, b int) int {
	if a < b {
		return a
	}
	return b
}

// WriteJSON gives compact JSON with a line feed behind it.
func WriteJSON(value any) []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // it is no fault, but makes six bytes of one
	if err := encoder.Encode(value); err != nil {
		panic(err) // our own types can all be written
	}
	return text.Bytes()
}

// clone copies what was read from JSON, all the way down.
func clone(value any) any {
	switch value := value.(type) {
	case Object:
		return cloneObject(value)
	case []any:
		list := make([]any, len(value))
		for i := range value {
			list[i] = clone(value[i])
		}
		return list
	}
	return value
}

func cloneObject(object Object) Object {
	if object == nil {
		return nil
	}
	copied := make(Object, len(object))
	for key, value := range object {
		copied[key] = clone(value)
	}
	return copied
}
