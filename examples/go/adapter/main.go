// The adapter speaks for the service over stdin and stdout: one JSON-RPC request a line, one answer a line.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"log"
	"os"
	"sync"

	"example.com/interrupts/interrupts"
)

var capabilities = []string{"create", "get", "list", "respond", "cancel", "expire_pending", "pending_for_request",
	"events", "describe", "clock", "reset", "instants", "envelope", "concurrent"}

func main() {
	store := interrupts.NewStore() // one state behind two endpoints
	services := []*interrupts.Service{interrupts.NewService(store), interrupts.NewService(store)}
	answers := log.New(os.Stdout, "", 0) // writes whole lines, one at a time
	var underWay sync.WaitGroup
	defer underWay.Wait()
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, 8<<20)
	for input.Scan() {
		line := append([]byte(nil), input.Bytes()...)
		underWay.Add(1)
		go func() {
			defer underWay.Done()
			answers.Print(string(interrupts.WriteJSON(answer(services, line))))
		}()
	}
}

func answer(services []*interrupts.Service, line []byte) interrupts.Object {
	value, err := interrupts.ReadJSON(line)
	request, _ := value.(interrupts.Object) // of a line that cannot be read the id is null
	if err == nil {
		var result interrupts.Object
		if result, err = call(services, request); err == nil {
			return interrupts.Object{"jsonrpc": "2.0", "id": request["id"], "result": result}
		}
	}
	data := &interrupts.Refused{Name: "invalid"}
	errors.As(err, &data)
	return interrupts.Object{"jsonrpc": "2.0", "id": request["id"],
		"error": interrupts.Object{"code": -32000, "message": err.Error(), "data": data}}
}

func call(services []*interrupts.Service, request interrupts.Object) (interrupts.Object, error) {
	if params, _ := request["params"].(interrupts.Object); request["method"] == "hello" {
		return interrupts.Object{"protocol": 1, "nonce": params["nonce"], "name": "interrupt service", "version": "1.0.0",
			"language": "Go", "capabilities": capabilities, "limits": interrupts.Object{"endpoints": len(services)}}, nil
	}
	endpoint, _ := request["endpoint"].(json.Number)
	number, _ := endpoint.Int64() // 0 when there is none
	return services[uint64(number)%uint64(len(services))].Call(request)
}
