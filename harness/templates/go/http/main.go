// The service over HTTP, by the routes of the contract, which profile.json names. What is yours is in service.go.
//
//	PORT=8080 ./main     prints the address; port 0 is one that is free
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	prefix       = "/api/v1"
	bodyMaxBytes = 1_200_000
)

var codes = map[string]int{"invalid": 400, "forbidden": 403, "not_found": 404, "conflict": 409, "unsupported": 501, "unavailable": 503}

// route is what a request does: the method, the params that the body is, and what is answered.
type route struct {
	method string
	body   string // "": none; "*": all params; else the name of one
	status int
	shown  string // "": the whole result; else a member of it
}

// By verb and path; * stands for the id.
var routes = map[string]route{
	"GET /describe":              {method: "describe", status: 200},
	"POST /interrupts":           {method: "interrupt.create", body: "*", status: 201, shown: "interrupt"},
	"GET /interrupts":            {method: "interrupt.list", status: 200},
	"GET /interrupts/*":          {method: "interrupt.get", status: 200, shown: "interrupt"},
	"POST /interrupts/*/respond": {method: "interrupt.respond", body: "response", status: 200},
	"DELETE /interrupts/*":       {method: "interrupt.cancel", status: 204},
}

func invalid(format string, details ...any) error {
	return &refused{Name: "invalid", Message: fmt.Sprintf(format, details...)}
}

// problem is the body of a refusal: what is told of it, and why.
type problem struct {
	Detail string `json:"detail"`
	*refused
}

// kind=a&kind=b&limit=5 as the params of interrupt.list: kinds is a list, limit a number.
func readQuery(text string, params object) error {
	query, err := url.ParseQuery(text)
	if err != nil {
		return invalid("%v", err)
	}
	for name, values := range query {
		joined := strings.Join(values, "")
		if len(values) > 1 && name != "kind" || strings.Contains(joined, "\x00") || !utf8.ValidString(joined) {
			return invalid("the query's %s is wrong", name)
		}
		switch _, err := strconv.Atoi(values[0]); {
		case name == "kind":
			kinds := []any{}
			for _, value := range values {
				kinds = append(kinds, value)
			}
			params["kinds"] = kinds
		case name == "status_filter":
			params["status"] = values[0]
		case name == "limit" && err == nil:
			params["limit"] = json.Number(values[0])
		default:
			params[name] = values[0]
		}
	}
	return nil
}

func findRoute(request *http.Request, params object) (route, error) {
	parts := strings.Split(strings.TrimPrefix(request.URL.EscapedPath(), prefix), "/")
	if len(parts) > 2 {
		id, err := url.PathUnescape(parts[2])
		if err != nil || !utf8.ValidString(id) {
			return route{}, invalid("the id is no UTF-8")
		}
		params["id"], parts[2] = id, "*"
	}
	found, known := routes[request.Method+" "+strings.Join(parts, "/")]
	if !known || !strings.HasPrefix(request.URL.Path, prefix+"/") {
		return route{}, &refused{Name: "not_found", Message: "there is no such route"}
	}
	return found, nil
}

func readBody(request *http.Request, name string, params object) error {
	raw, err := io.ReadAll(io.LimitReader(request.Body, bodyMaxBytes+1))
	if err != nil || len(raw) > bodyMaxBytes {
		return invalid("the body is too large, or ended early")
	}
	if name == "" {
		return nil
	}
	value, err := readStrictly(raw)
	if err != nil {
		return err
	}
	members, isObject := value.(object)
	if name != "*" {
		params[name] = value
	} else if !isObject {
		return invalid("the body is no object")
	}
	for member := range members {
		if name == "*" {
			params[member] = members[member]
		}
	}
	return nil
}

func carryOut(request *http.Request) (int, any, error) {
	params := object{}
	route, err := findRoute(request, params)
	if err == nil {
		err = readQuery(request.URL.RawQuery, params)
	}
	if err == nil {
		err = readBody(request, route.body, params)
	}
	if err != nil {
		return 0, nil, err
	}
	method, known := methods[route.method]
	if !known {
		return 0, nil, &refused{Name: "unsupported", Message: "the service does not offer this"}
	}
	result, err := method(params)
	if route.shown != "" && err == nil {
		return route.status, result[route.shown], nil
	}
	return route.status, result, err
}

func handle(writer http.ResponseWriter, request *http.Request) {
	status, value, err := carryOut(request)
	mediaType := "application/json"
	if err != nil {
		refusal := refusalOf(err)
		if status = codes[refusal.Name]; status == 0 {
			log.Print(err)
			status = 500
		}
		mediaType = "application/problem+json"
		value = problem{refusal.Message, refusal}
	}
	if status == http.StatusNoContent {
		writer.WriteHeader(status)
		return
	}
	writer.Header().Set("Content-Type", mediaType)
	writer.WriteHeader(status)
	if err := json.NewEncoder(writer).Encode(value); err != nil {
		log.Print(err)
	}
}

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("listening on http://%s%s\n", listener.Addr(), prefix)
	log.Fatal(http.Serve(listener, http.HandlerFunc(handle)))
}
