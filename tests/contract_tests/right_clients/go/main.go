// This file brings the commands of the suite to the client in client.go.

package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
)

type message struct {
	ID       any             `json:"id"`
	Type     string          `json:"type"`
	Op       string          `json:"op"`
	User     string          `json:"user"`
	URL      string          `json:"url"`
	Method   string          `json:"method"`
	Path     string          `json:"path"`
	Body     json.RawMessage `json:"body"`
	Parallel int             `json:"parallel"`
	Config   Config          `json:"config"`
	Token    struct {
		Access  string `json:"access_token"`
		Refresh string `json:"refresh_token"`
		Scope   string `json:"scope"`
	} `json:"token"`
}

type object = map[string]any

var ready = object{
	"type": "ready", "protocol": 1,
	"client": object{"name": "right-go", "version": "1", "language": "go"},
	"ops":    []string{"begin", "callback", "call", "refresh", "seed", "state"},
	"features": object{
		"refresh": "auto", "on_401": true, "parallel_calls": 64, "parallel": true,
		"auth_methods": []string{"client_secret_basic"}, "base_path": true, "tls_ca": true,
		"logs": []string{"stderr"}, "state": "library",
	},
}

func main() {
	var mutex sync.Mutex
	out := json.NewEncoder(os.Stdout)
	send := func(reply object) {
		mutex.Lock()
		defer mutex.Unlock()
		out.Encode(reply)
	}
	send(ready)
	var client *Client
	for in := bufio.NewReader(os.Stdin); ; {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		one := message{User: "u1", Method: "GET"}
		if err := json.Unmarshal(line, &one); err != nil {
			send(object{"type": "adapter_error", "message": err.Error()})
			continue
		}
		answer := func(reply object) {
			reply["type"], reply["id"] = "result", one.ID
			send(reply)
		}
		switch one.Type {
		case "configure":
			made, err := NewClient(one.Config)
			client = made
			answer(told(err))
		case "end_case":
			answer(object{"kind": "ok"})
		case "command":
			go func(client *Client) { answer(run(client, one)) }(client)
		default:
			answer(object{"kind": "unsupported", "reason": "type " + one.Type})
		}
	}
}

func run(client *Client, one message) object {
	switch one.Op {
	case "begin":
		address, err := client.Begin(one.User)
		reply := told(err)
		if err == nil {
			reply["authorize_url"] = address
		}
		return reply
	case "callback":
		return told(client.Callback(one.User, one.URL))
	case "refresh":
		return told(client.Refresh(one.User))
	case "call":
		return calls(client, one)
	case "seed":
		client.Seed(one.User, Token{Access: one.Token.Access, Refresh: one.Token.Refresh, Scope: one.Token.Scope})
		return object{"kind": "ok"}
	case "state":
		return state(client.Token(one.User))
	}
	return object{"kind": "unsupported", "reason": "op " + one.Op}
}

func calls(client *Client, one message) object {
	body := []byte(one.Body)
	if one.Method == "GET" || one.Method == "DELETE" {
		body = nil
	} else if len(body) == 0 {
		body = []byte("{}")
	}
	results := make([]object, max(one.Parallel, 1))
	var group sync.WaitGroup
	for index := range results {
		group.Add(1)
		go func(index int) {
			defer group.Done()
			status, err := client.Call(one.User, one.Method, one.Path, body)
			results[index] = told(err)
			if status != 0 {
				results[index]["http_status"] = status
			}
		}(index)
	}
	group.Wait()
	reply := object{}
	for name, value := range first(results) {
		reply[name] = value
	}
	reply["results"] = results
	return reply
}

func max(one, other int) int {
	if one > other {
		return one
	}
	return other
}

func first(results []object) object {
	for _, one := range results {
		if one["kind"] != "ok" {
			return one
		}
	}
	return results[0]
}

func state(token *Token) object {
	if token == nil {
		return object{"kind": "ok", "token": nil, "needs_reauth": false}
	}
	return object{"kind": "ok", "needs_reauth": token.Dead, "token": object{
		"access_token": hashed(token.Access), "refresh_token": hashed(token.Refresh), "scope": token.Scope,
	}}
}

func hashed(text string) any {
	if text == "" {
		return nil
	}
	return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(text)))
}

func told(err error) object {
	if err == nil {
		return object{"kind": "ok"}
	}
	var failure *Failure
	if !errors.As(err, &failure) {
		failure = &Failure{Kind: "bug", Text: err.Error()}
	}
	more := object{"class": "main.Failure", "message": failure.Text, "repr": fmt.Sprintf("%+v", *failure)}
	if failure.Code != "" {
		more["code"] = failure.Code
	}
	if failure.Status != 0 {
		more["http_status"] = failure.Status
	}
	reply := object{"kind": failure.Kind, "error": more}
	if failure.APIStatus != 0 {
		reply["http_status"] = failure.APIStatus
	}
	if failure.NotBefore > 0 {
		reply["not_before_s"] = seconds(failure.NotBefore)
	}
	return reply
}
