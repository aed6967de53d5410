// The wire: Holdpoint writes a request a line to stdin, this writes an answer a line to stdout. What is yours is in service.go.
// Logs go to stderr (the package log writes there); Holdpoint shows them with a failure.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"runtime/debug"
	"sort"
	"strings"
)

// "interrupt.create" -> create, "webhook.dead" -> webhooks, "clock.set" -> clock
func capabilityOf(method string) string {
	group, name, _ := strings.Cut(method, ".")
	switch group {
	case "interrupt":
		return name
	case "webhook":
		return "webhooks"
	}
	return group
}

func hello(params object) object {
	declared := map[string]bool{}
	for method := range methods {
		declared[capabilityOf(method)] = true
	}
	for _, capability := range also {
		declared[capability] = true
	}
	capabilities := []string{}
	for capability := range declared {
		capabilities = append(capabilities, capability)
	}
	sort.Strings(capabilities)
	return object{"protocol": 1, "nonce": params["nonce"], "name": "@NAME@", "version": version, "language": "Go",
		"capabilities": capabilities}
}

func carryOut(line []byte) (result object, err error) {
	defer func() { // a fault of ours: the next request is answered all the same
		if fault := recover(); fault != nil {
			log.Printf("%v\n%s", fault, debug.Stack())
			err = fmt.Errorf("%v", fault)
		}
	}()
	value, err := readStrictly(line)
	if err != nil {
		return nil, err
	}
	request, _ := value.(object)
	params, isObject := request["params"].(object)
	if !isObject {
		return nil, &refused{Name: "invalid", Message: "params is no object"}
	}
	name, _ := request["method"].(string)
	if name == "hello" {
		return hello(params), nil
	}
	method, known := methods[name]
	if !known {
		return nil, &refused{Name: "unsupported", Message: "there is no such method"}
	}
	return method(params)
}

func answer(line []byte) object {
	var request struct{ ID json.RawMessage }
	answer := object{"jsonrpc": "2.0", "id": nil}
	if json.Unmarshal(line, &request) == nil && len(request.ID) > 0 {
		answer["id"] = request.ID
	}
	result, err := carryOut(line)
	if err == nil {
		answer["result"] = result
		return answer
	}
	refusal := refusalOf(err)
	answer["error"] = object{"code": -32000, "message": refusal.Message, "data": refusal}
	return answer
}

func main() {
	lines := bufio.NewReader(os.Stdin)
	answers := json.NewEncoder(os.Stdout) // a line each
	for {
		line, end := lines.ReadBytes('\n')
		if len(line) > 0 {
			if err := answers.Encode(answer(line)); err != nil {
				log.Fatal(err)
			}
		}
		if end != nil {
			return
		}
	}
}
