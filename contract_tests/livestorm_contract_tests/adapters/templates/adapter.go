// An adapter in Go, without modules: `go build adapter.go`, then `livestorm-mock check --client ./adapter`.
// Call your own wrapper where it says YOURS, and claim in `ready` only what it can do.
package main

import ("bufio"; "crypto/rand"; "crypto/sha256"; "encoding/json"; "fmt"; "net/http"; "net/url"; "os"; "strings"; "time")

type object = map[string]any
type user struct{ state string; token object }

var config object
var client = http.Client{Timeout: 8 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

func text(o object, name string) string { s, _ := o[name].(string); return s }
func hashed(v any) any { s, ok := v.(string); if !ok || s == "" { return v }; return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(s))) }

func exchange(u *user, code string) string { // YOURS
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}}
	for _, name := range []string{"client_id", "client_secret", "redirect_uri"} { form.Set(name, text(config, name)) }
	answer, err := client.PostForm(text(config, "token_url"), form)
	if err != nil { return "transport_error" }
	if answer.StatusCode == 429 || answer.StatusCode >= 500 { return "retry_later" }
	var token object
	err = json.NewDecoder(http.MaxBytesReader(nil, answer.Body, 1<<20)).Decode(&token); answer.Body.Close()
	if _, failed := token["error"]; err != nil || failed || answer.StatusCode/100 != 2 || text(token, "access_token") == "" { return "protocol_error" }
	u.token = token
	return "ok"
}

func command(op string, u *user, message object) object { // YOURS: each calls your wrapper; http_status is the API's, the token endpoint's is error.http_status
	switch op {
	case "begin":
		random, scopes := make([]byte, 32), []string{}; rand.Read(random)
		for _, scope := range config["scopes"].([]any) { scopes = append(scopes, scope.(string)) }
		u.state = fmt.Sprintf("%x", random)
		query := url.Values{"response_type": {"code"}, "client_id": {text(config, "client_id")}, "redirect_uri": {text(config, "redirect_uri")}, "scope": {strings.Join(scopes, " ")}, "state": {u.state}}
		return object{"kind": "ok", "authorize_url": text(config, "authorize_url") + "?" + query.Encode()}
	case "callback":
		back, _ := url.Parse(text(message, "url"))
		answer, expected := back.Query(), u.state
		u.state = ""
		if expected == "" || strings.Join(answer["state"], ",") != expected { return object{"kind": "security_error"} }
		if answer.Get("error") == "access_denied" { return object{"kind": "denied"} }
		if answer.Has("error") || answer.Get("code") == "" { return object{"kind": "config_error"} }
		return object{"kind": exchange(u, answer.Get("code"))}
	case "seed": u.token = message["token"].(object); return object{"kind": "ok"}
	case "state":
		if u.token == nil { return object{"kind": "ok", "token": nil, "needs_reauth": true} }
		return object{"kind": "ok", "token": object{"access_token": hashed(u.token["access_token"]), "refresh_token": hashed(u.token["refresh_token"])}}
	}
	return object{"kind": "unsupported", "reason": "no " + op}
}

func main() { out, users := json.NewEncoder(os.Stdout), map[string]*user{}
	out.Encode(object{"type": "ready", "protocol": 1, "client": object{"name": "my-go-client", "version": "1", "language": "go"}, "ops": []string{"begin", "callback", "seed", "state"}}) // no call layer
	for in := bufio.NewReader(os.Stdin); ; { line, err := in.ReadBytes('\n'); if err != nil { return }
		var message object; json.Unmarshal(line, &message); reply, name := object{"kind": "ok"}, text(message, "user"); if users[name] == nil { users[name] = &user{} }
		switch text(message, "type") { case "configure": config, users = message["config"].(object), map[string]*user{}; case "command": reply = command(text(message, "op"), users[name], message) }
		reply["type"], reply["id"] = "result", message["id"]; out.Encode(reply)
	}
}
