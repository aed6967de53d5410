package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// JSON as the contract takes it: no key twice, no U+0000, no half surrogate pair, integers of 64 bits. encoding/json lets the first
// pass, and makes U+FFFD of the third.

// An escape with its backslash; pairs are taken whole, so that what is left of them are halves.
var escapes = regexp.MustCompile(`\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.`)

func checkEscapes(text []byte) error {
	for _, escape := range escapes.FindAll(text, -1) {
		if len(escape) != 6 {
			continue
		}
		code, err := strconv.ParseUint(string(escape[2:]), 16, 16)
		if err != nil || code == 0 || code >= 0xd800 && code <= 0xdfff {
			return fmt.Errorf("a text holds %s", escape)
		}
	}
	return nil
}

func readNumber(number json.Number) (any, error) {
	if !strings.ContainsAny(string(number), ".eE") {
		_, err := number.Int64()
		return number, err
	}
	_, err := number.Float64()
	return number, err
}

func readMembers(decoder *json.Decoder) (any, error) {
	members := object{}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		name := token.(string)
		if _, twice := members[name]; twice {
			return nil, errors.New("a key comes twice: " + name)
		}
		if members[name], err = readValue(decoder); err != nil {
			return nil, err
		}
	}
	_, err := decoder.Token()
	return members, err
}

func readElements(decoder *json.Decoder) (any, error) {
	elements := []any{}
	for decoder.More() {
		element, err := readValue(decoder)
		if err != nil {
			return nil, err
		}
		elements = append(elements, element)
	}
	_, err := decoder.Token()
	return elements, err
}

func readValue(decoder *json.Decoder) (any, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case json.Delim:
		if token == '{' {
			return readMembers(decoder)
		}
		return readElements(decoder)
	case json.Number:
		return readNumber(token)
	}
	return token, nil
}

// readStrictly returns the value of a text, or why it is no JSON that the contract takes: a refusal as invalid.
func readStrictly(text []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	value, err := readValue(decoder)
	if err == nil {
		err = checkEscapes(text)
	}
	if err == nil && !utf8.Valid(text) {
		err = errors.New("it is no UTF-8")
	}
	if err == nil {
		if _, behind := decoder.Token(); behind != io.EOF {
			err = errors.New("something stands behind the value")
		}
	}
	if err != nil {
		return nil, &refused{Name: "invalid", Message: err.Error()}
	}
	return value, nil
}

// refusalOf is what is told of an error; what is no refusal is a fault of ours.
func refusalOf(err error) *refused {
	var refusal *refused
	if errors.As(err, &refusal) {
		return refusal
	}
	return &refused{Name: "internal", Message: err.Error()}
}
