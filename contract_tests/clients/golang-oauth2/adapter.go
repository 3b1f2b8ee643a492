// golang.org/x/oauth2: a token source that refreshes ahead of expiry under a lock, and a client of net/http that uses it.
package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"
)

const timeout = 8 * time.Second

type object = map[string]any

// flow is what lies in the session of the library's user.
type flow struct{ state, verifier string }

type user struct {
	flow   *flow
	source *recorder
}

// recorder keeps the newest token of the library's source, for `state` and `refresh`.
type recorder struct {
	base  oauth2.TokenSource
	mutex sync.Mutex
	token *oauth2.Token
}

func (r *recorder) Token() (*oauth2.Token, error) {
	token, err := r.base.Token()
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if err == nil {
		r.token = token
	}
	return token, err
}

func (r *recorder) held() *oauth2.Token {
	if r == nil {
		return nil
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.token
}

// failure is the adapter's own word for what the library has no error for.
type failure struct {
	kind, text string
	status     int
}

func (f *failure) Error() string { return f.text }

func leftToUser(step string) error {
	return &failure{kind: "unsupported", text: step + " is left to the library's user"}
}

type adapter struct {
	config  oauth2.Config
	apiBase string
	users   map[string]*user
}

func (a *adapter) context() context.Context {
	client := &http.Client{Timeout: timeout, Transport: &http.Transport{}}
	return context.WithValue(context.Background(), oauth2.HTTPClient, client)
}

func (a *adapter) configure(config object) {
	text := func(name string) string { one, _ := config[name].(string); return one }
	scopes := []string{}
	for _, scope := range config["scopes"].([]any) {
		scopes = append(scopes, scope.(string))
	}
	endpoint := oauth2.Endpoint{AuthURL: text("authorize_url"), TokenURL: text("token_url"), AuthStyle: oauth2.AuthStyleInParams}
	a.config = oauth2.Config{ClientID: text("client_id"), ClientSecret: text("client_secret"), Endpoint: endpoint, RedirectURL: text("redirect_uri"), Scopes: scopes}
	a.apiBase, a.users = text("api_base"), map[string]*user{}
}

func (a *adapter) hold(one *user, token *oauth2.Token) {
	one.source = &recorder{base: a.config.TokenSource(a.context(), token), token: token}
}

func (a *adapter) begin(one *user) object {
	random := make([]byte, 32)
	rand.Read(random)
	one.flow = &flow{base64.RawURLEncoding.EncodeToString(random), oauth2.GenerateVerifier()}
	return object{"authorize_url": a.config.AuthCodeURL(one.flow.state, oauth2.S256ChallengeOption(one.flow.verifier))}
}

func (a *adapter) callback(one *user, address string) error {
	parsed, err := url.Parse(address)
	if err != nil {
		return err
	}
	answer, begun := parsed.Query(), one.flow
	one.flow = nil
	isAnswer := begun != nil && strings.Join(answer["state"], ",") == begun.state && len(answer["code"]) == 1
	if !isAnswer || answer.Has("error") {
		return leftToUser("reading the callback")
	}
	token, err := a.config.Exchange(a.context(), answer.Get("code"), oauth2.VerifierOption(begun.verifier))
	if err == nil {
		a.hold(one, token)
	}
	return err
}

// refresh has the library refresh, which it does where it takes the token for expired.
func (a *adapter) refresh(one *user) error {
	held := one.source.held()
	if held == nil {
		return &failure{kind: "reauth_required", text: "not connected"}
	}
	token, err := a.config.TokenSource(a.context(), &oauth2.Token{RefreshToken: held.RefreshToken}).Token()
	if err == nil {
		a.hold(one, token)
	}
	return err
}

// call reads the answer as any caller reads it: its status, and then its JSON.
func (a *adapter) call(one *user, method, path string, body any) (object, error) {
	if one.source == nil {
		return nil, &failure{kind: "reauth_required", text: "not connected"}
	}
	if method == "" {
		method = "GET"
	}
	var content io.Reader
	if method == "POST" || method == "PUT" || method == "PATCH" {
		written, _ := json.Marshal(body)
		if body == nil {
			written = []byte("{}")
		}
		content = bytes.NewReader(written)
	}
	request, err := http.NewRequest(method, a.apiBase+path, content)
	if err != nil {
		return nil, err
	}
	client := oauth2.NewClient(a.context(), one.source)
	client.Timeout = timeout
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	read, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, &failure{kind: "transport_error", text: err.Error()}
	}
	if response.StatusCode/100 != 2 {
		shown := fmt.Sprintf("%.1000s", read)
		return nil, &failure{kind: kindOfStatus(response.StatusCode, true), status: response.StatusCode, text: fmt.Sprintf("status %d: %s %s", response.StatusCode, response.Header.Get("WWW-Authenticate"), shown)}
	}
	var document object
	if response.StatusCode != 204 && path != "/ping" && (json.Unmarshal(read, &document) != nil || document == nil) {
		return nil, &failure{kind: "protocol_error", status: response.StatusCode, text: "no JSON object came"}
	}
	return object{"http_status": response.StatusCode}, nil
}

func kindOfStatus(status int, ofAPI bool) string {
	switch {
	case status == 429 || status >= 500:
		return "retry_later"
	case ofAPI && status == 401:
		return "reauth_required"
	case ofAPI && status == 403:
		return "config_error"
	}
	return "protocol_error"
}

var kinds = map[string]string{
	"invalid_grant": "reauth_required", "server_error": "retry_later", "temporarily_unavailable": "retry_later",
	"invalid_client": "config_error", "invalid_request": "config_error", "invalid_scope": "config_error",
	"unauthorized_client": "config_error", "unsupported_grant_type": "config_error",
}

// failed names an error.
func failed(err error) object {
	var own *failure
	var refused *oauth2.RetrieveError
	told := object{"class": fmt.Sprintf("%T", err), "message": fmt.Sprintf("%.50000s", err), "repr": fmt.Sprintf("%.50000s", fmt.Sprintf("%+v", err))}
	reply := object{"kind": "bug", "error": told}
	var lost *url.Error
	switch {
	case errors.As(err, &own):
		reply["kind"], reply["reason"] = own.kind, own.text
		if own.status != 0 {
			reply["http_status"], told["http_status"] = own.status, own.status
		}
	case errors.As(err, &refused):
		status := refused.Response.StatusCode
		told["code"], told["http_status"] = refused.ErrorCode, status
		reply["kind"] = kindOfStatus(status, false)
		if kind, known := kinds[refused.ErrorCode]; known && reply["kind"] != "retry_later" {
			reply["kind"] = kind
		}
	case strings.Contains(err.Error(), "oauth2: token expired and refresh token is not set"):
		reply["kind"] = "reauth_required"
	case strings.Contains(err.Error(), "oauth2: cannot fetch token: ") || errors.As(err, &lost):
		reply["kind"] = "transport_error"
	case strings.Contains(err.Error(), "oauth2: "):
		reply["kind"] = "protocol_error"
	}
	return reply
}

func hashed(text string) any {
	if text == "" {
		return nil
	}
	return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(text)))
}

func (a *adapter) state(one *user) object {
	token := one.source.held()
	if token == nil {
		return object{"token": nil, "needs_reauth": true}
	}
	told := object{"access_token": hashed(token.AccessToken), "refresh_token": hashed(token.RefreshToken)}
	if !token.Expiry.IsZero() {
		told["expires_at"] = token.Expiry.Unix()
	}
	return object{"token": told, "needs_reauth": false}
}

func (a *adapter) seed(one *user, given object) {
	access, _ := given["access_token"].(string)
	refresh, _ := given["refresh_token"].(string)
	token := &oauth2.Token{AccessToken: access, RefreshToken: refresh, TokenType: "Bearer"}
	if expires, isNumber := given["expires_at"].(float64); isNumber {
		token.Expiry = time.Unix(int64(expires), 0)
	}
	a.hold(one, token)
}

func (a *adapter) command(message object) object {
	text := func(name string) string { one, _ := message[name].(string); return one }
	name := text("user")
	if name == "" {
		name = "u1"
	}
	if a.users[name] == nil {
		a.users[name] = &user{}
	}
	one, reply, err := a.users[name], object{}, error(nil)
	switch text("op") {
	case "begin":
		reply = a.begin(one)
	case "callback":
		err = a.callback(one, text("url"))
	case "refresh":
		err = a.refresh(one)
	case "seed":
		a.seed(one, message["token"].(object))
	case "state":
		reply = a.state(one)
	case "call":
		return a.calls(one, text("method"), text("path"), message["body"], message["parallel"])
	default:
		return object{"kind": "unsupported", "reason": "no " + text("op")}
	}
	return told(reply, err)
}

func told(reply object, err error) object {
	if err != nil {
		return failed(err)
	}
	if reply == nil {
		reply = object{}
	}
	reply["kind"] = "ok"
	return reply
}

func (a *adapter) calls(one *user, method, path string, body, parallel any) object {
	wanted, _ := parallel.(float64)
	results := make([]object, max(int(wanted), 1))
	var group sync.WaitGroup
	for index := range results {
		group.Add(1)
		go func() {
			defer group.Done()
			results[index] = told(a.call(one, method, path, body))
		}()
	}
	group.Wait()
	reply := object{"results": results}
	decisive := results[0]
	for _, result := range results {
		if result["kind"] != "ok" {
			decisive = result
			break
		}
	}
	for name, value := range decisive {
		reply[name] = value
	}
	return reply
}

func version() string {
	build, _ := debug.ReadBuildInfo()
	for _, one := range build.Deps {
		if one.Path == "golang.org/x/oauth2" {
			return strings.TrimPrefix(one.Version, "v")
		}
	}
	return "unknown"
}

func main() {
	out, one := json.NewEncoder(os.Stdout), &adapter{}
	out.Encode(object{
		"type": "ready", "protocol": 1,
		"client":   object{"name": "golang.org/x/oauth2", "version": version(), "language": runtime.Version()},
		"ops":      []string{"begin", "callback", "call", "refresh", "seed", "state"},
		"features": object{"refresh": "auto", "refresh_ahead": true, "parallel_calls": 64, "pkce": true, "auth_methods": []string{"client_secret_post"}, "base_path": true, "logs": []string{"stderr"}, "state": "adapter"},
	})
	for in := bufio.NewReader(os.Stdin); ; {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var message object
		json.Unmarshal(line, &message)
		reply := object{"kind": "ok"}
		switch message["type"] {
		case "configure":
			one.configure(message["config"].(object))
		case "command":
			reply = one.command(message)
		}
		reply["type"], reply["id"] = "result", message["id"]
		out.Encode(reply)
	}
}
