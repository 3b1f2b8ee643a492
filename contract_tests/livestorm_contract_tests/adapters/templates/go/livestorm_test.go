//go:build ignore

// A first test: `livestorm-mock serve` is a fake Livestorm, and each test has a sandbox of its own.
// Run it by `go test livestorm_test.go livestorm_example.go`.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"testing"
)

var server object

func TestMain(m *testing.M) {
	child := exec.Command("livestorm-mock", "serve", "--port", "0", "--json", "--exit-with-parent")
	child.Stderr = os.Stderr
	in, _ := child.StdinPipe()
	out, _ := child.StdoutPipe()
	if err := child.Start(); err != nil {
		panic(err)
	}
	line, _ := bufio.NewReader(out).ReadBytes('\n')
	json.Unmarshal(line, &server)
	status := m.Run()
	in.Close() // which ends it
	child.Wait()
	os.Exit(status)
}

func control(t *testing.T, address string, body object) object {
	t.Helper()
	written, _ := json.Marshal(body)
	answer, err := http.Post(address, "application/json", bytes.NewReader(written))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var read object
	json.NewDecoder(answer.Body).Decode(&read)
	if answer.StatusCode/100 != 2 {
		t.Fatalf("%s: %d %v", address, answer.StatusCode, read)
	}
	return read
}

// connect gives the URL of a new sandbox's control API, and a client whose user has approved.
func connect(t *testing.T) (string, *Client) {
	t.Helper()
	sandbox := control(t, text(server, "control_url")+"/sandboxes", object{})
	client := &Client{Config: object{ // YOURS
		"authorize_url": text(sandbox, "app_url") + "/oauth/authorize",
		"token_url":     text(sandbox, "app_url") + "/oauth/token",
		"api_base":      text(sandbox, "api_url"),
		"client_id":     text(sandbox, "client_id"),
		"client_secret": text(sandbox, "client_secret"),
		"redirect_uri":  sandbox["redirect_uris"].([]any)[0],
		"scopes":        []any{"identity:read"},
	}}
	// The user at the browser:
	back := control(t, text(sandbox, "control_url")+"/authorize", object{"url": client.Begin(), "decision": "approve"})
	if err := client.Callback(text(back, "location")); err != nil {
		t.Fatal(err)
	}
	return text(sandbox, "control_url"), client
}

func TestConnectedUserCanCall(t *testing.T) {
	_, client := connect(t)
	if status, err := client.Call("GET", "/me", nil); status != 200 {
		t.Fatal(status, err)
	}
}

func TestLimitIsToldWithItsWait(t *testing.T) {
	url, client := connect(t)
	control(t, url+"/faults", object{"on": "api.me", "fault": "rate_limited", "retry_after": 2})
	_, err := client.Call("GET", "/me", nil)
	failure, isExpected := err.(*Failure)
	if !isExpected || failure.Kind != "retry_later" || failure.Wait == nil || *failure.Wait != 2 {
		t.Fatal(err)
	}
}
