//go:build ignore

// The adapter: `go build -o livestorm_adapter livestorm_adapter.go livestorm_example.go`, then
// `livestorm-mock check --client ./livestorm_adapter` drives a client by it.
// Now it drives the example beside it, and passes. What is marked YOURS is to be changed: call your
// own client there, and claim in `ready` what it does. docs/adapter-protocol.md of
// livestorm-mock has all the members.
package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
)

var ready = object{
	"type":     "ready",
	"protocol": 1,
	"client":   object{"name": "my-client", "version": "1", "language": runtime.Version()}, // YOURS: what reports call it
	// YOURS: what it can do at all. What is missing is skipped and shown, never passed; further
	// operations are `list`, `clock`, `cancel`, and `restart` for a client that stores in files.
	"ops": []string{"begin", "callback", "call", "refresh", "seed", "state"},
	// YOURS: what it does by itself. A claim that is not true fails.
	"features": object{
		"refresh":       "explicit", // `auto`: `call` refreshes by itself
		"on_401":        false,      // `call` answers a 401 by a refresh, and tries again
		"refresh_ahead": false,      // `call` sends no token whose `expires_at` has passed
		"parallel":      false,      // several commands at once
		"persist":       "none",     // `file`: tokens outlive the process under `store_dir`
		"pkce":          true,
		"iss":           true,
		"auth_methods":  []string{"client_secret_post"},
		"base_path":     true,      // all URLs are taken from `config`, their paths included
		"state":         "library", // who compares `state`: the client, or this adapter
	},
}

// command carries out one operation; what it gives is added to the reply.
func command(op string, client *Client, message object) (object, error) {
	switch op {
	case "begin":
		return object{"authorize_url": client.Begin()}, nil // YOURS
	case "callback":
		return nil, client.Callback(text(message, "url")) // YOURS
	case "call":
		method := text(message, "method")
		if method == "" {
			method = "GET"
		}
		status, err := client.Call(method, text(message, "path"), bodyOf(method, message)) // YOURS
		if err != nil {
			return nil, err
		}
		return object{"http_status": status}, nil
	case "refresh":
		return nil, client.Refresh() // YOURS
	case "seed": // store a token as an exchange would
		given := message["token"].(object) // YOURS: what makes of it the token that your client stores
		token := &Token{AccessToken: text(given, "access_token"), RefreshToken: text(given, "refresh_token"), Scope: text(given, "scope")}
		if moment, isKnown := given["expires_at"].(float64); isKnown {
			token.ExpiresAt = &moment
		}
		client.Store(token) // YOURS
		return nil, nil
	case "state": // say what is stored; a token is named by its hash, never shown
		held := client.Token // YOURS: and what is read from it below
		if held == nil {
			return object{"token": nil, "needs_reauth": false}, nil
		}
		token := object{"access_token": fingerprint(held.AccessToken), "refresh_token": fingerprint(held.RefreshToken), "expires_at": held.ExpiresAt, "scope": held.Scope}
		return object{"token": token, "needs_reauth": client.NeedsReauth}, nil // YOURS
	}
	return object{"kind": "unsupported", "reason": "no " + op}, nil
}

func bodyOf(method string, message object) []byte {
	if method != "POST" && method != "PUT" && method != "PATCH" {
		return nil
	}
	body, isGiven := message["body"]
	if !isGiven {
		body = object{}
	}
	written, _ := json.Marshal(body)
	return written
}

func fingerprint(secret string) any {
	if secret == "" {
		return nil
	}
	return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(secret)))
}

// told shows an error as your users would see it: the suite looks for secrets in it.
func told(failure *Failure) object { // YOURS: your error, and what it tells
	error := object{"class": "Failure", "message": failure.Text, "repr": fmt.Sprintf("%#v", failure)}
	if failure.Code != "" {
		error["code"] = failure.Code
	}
	if failure.Status != 0 {
		error["http_status"] = failure.Status
	}
	return error
}

func answer(op string, client *Client, message object) object {
	reply := object{"kind": "ok"}
	more, err := command(op, client, message)
	for name, value := range more {
		reply[name] = value
	}
	switch failure, isExpected := err.(*Failure); {
	case isExpected:
		// YOURS, as `told` above is: each of your errors is one of the protocol's kinds. With a
		// type or a value for each, ask errors.As or errors.Is, one after the other.
		reply["kind"], reply["error"] = failure.Kind, told(failure)
		if failure.Wait != nil {
			reply["not_before_s"] = *failure.Wait
		}
		// The API's status only; the token endpoint's belongs into `error` alone.
		if op == "call" && failure.Status != 0 {
			reply["http_status"] = failure.Status
		}
	case err != nil: // what no caller of yours is told to expect
		reply["kind"], reply["error"] = "bug", object{"class": fmt.Sprintf("%T", err), "message": err.Error(), "repr": fmt.Sprintf("%#v", err)}
	}
	return reply
}

func main() {
	out := json.NewEncoder(os.Stdout)
	os.Stdout = os.Stderr // standard output is for the protocol only
	out.Encode(ready)
	config, users := object{}, map[string]*Client{}
	for in := bufio.NewReader(os.Stdin); ; {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var message object
		json.Unmarshal(line, &message)
		reply, user := object{"kind": "ok"}, text(message, "user") // each user has a connection of its own
		switch text(message, "type") {
		case "configure": // a new case: nothing of the one before is kept
			config, users = message["config"].(object), map[string]*Client{}
		case "command":
			if users[user] == nil {
				users[user] = &Client{Config: config} // YOURS: make your client from the settings
			}
			reply = answer(text(message, "op"), users[user], message)
		case "end_case":
		default:
			reply = object{"kind": "unsupported"}
		}
		reply["type"], reply["id"] = "result", message["id"]
		out.Encode(reply)
	}
}
