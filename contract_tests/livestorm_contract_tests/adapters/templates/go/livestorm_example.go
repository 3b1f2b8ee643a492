//go:build ignore

// A small client for Livestorm that gives the adapter something to drive: put yours in its place.
// It connects a user, calls the API, refreshes when it is told to, and keeps tokens in memory.
package main

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
)

type object = map[string]any

// Failure is how an operation failed; Status is that of the answer that made it fail.
type Failure struct {
	Kind, Text, Code string
	Status           int
	Wait             *float64
}

func (f *Failure) Error() string { return f.Text }

// Token is what the client holds; a moment that is unknown is nil.
type Token struct {
	AccessToken, RefreshToken, Scope string
	ExpiresAt                        *float64
}

type flow struct{ state, verifier string }

// Client is one user's connection.
type Client struct {
	Config      object
	Token       *Token
	NeedsReauth bool
	flow        *flow
}

// What a caller does about the error codes of RFC 6749; any other is a protocol error.
var kinds = map[string]string{
	"access_denied": "denied", "invalid_grant": "reauth_required",
	"server_error": "retry_later", "temporarily_unavailable": "retry_later",
	"invalid_client": "config_error", "invalid_request": "config_error", "invalid_scope": "config_error",
	"unauthorized_client": "config_error", "unsupported_grant_type": "config_error",
}

var (
	tokenText  = regexp.MustCompile(`^[!-~]+$`)
	lifetime   = regexp.MustCompile(`^-?[0-9]{1,10}(\.[0-9]+)?$`)
	wait       = regexp.MustCompile(`^[0-9]{1,9}$`)
	lacksScope = regexp.MustCompile(`Bearer .*\berror="?insufficient_scope`)
	requests   = http.Client{Timeout: 8 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
)

func text(o object, name string) string { s, _ := o[name].(string); return s }

func drawn(bytes int) string {
	random := make([]byte, bytes)
	rand.Read(random)
	return base64.RawURLEncoding.EncodeToString(random)
}

func (c *Client) scope() string {
	scopes := []string{}
	for _, one := range c.Config["scopes"].([]any) {
		scopes = append(scopes, one.(string))
	}
	return strings.Join(scopes, " ")
}

// Begin gives the URL for the browser: a fresh state, and PKCE (RFC 7636).
func (c *Client) Begin() string {
	c.flow = &flow{state: drawn(32), verifier: drawn(48)}
	digest := sha256.Sum256([]byte(c.flow.verifier))
	query := url.Values{
		"response_type": {"code"}, "client_id": {text(c.Config, "client_id")},
		"redirect_uri": {text(c.Config, "redirect_uri")}, "scope": {c.scope()}, "state": {c.flow.state},
		"code_challenge":        {base64.RawURLEncoding.EncodeToString(digest[:])},
		"code_challenge_method": {"S256"},
	}
	return text(c.Config, "authorize_url") + "?" + query.Encode()
}

// Callback takes the URL that the browser came back to, and exchanges the code for tokens.
func (c *Client) Callback(address string) error {
	back, err := url.Parse(address)
	if err != nil {
		return &Failure{Kind: "protocol_error", Text: "the callback is no URL"}
	}
	answer, begun := back.Query(), c.flow
	for _, name := range []string{"code", "state", "error", "iss"} {
		if len(answer[name]) > 1 {
			return &Failure{Kind: "security_error", Text: name + " comes twice"}
		}
	}
	if begun == nil || subtle.ConstantTimeCompare([]byte(answer.Get("state")), []byte(begun.state)) == 0 {
		return &Failure{Kind: "security_error", Text: "the callback belongs to no flow"}
	}
	if issuer, isGiven := c.Config["issuer"].(string); isGiven && answer.Get("iss") != issuer {
		return &Failure{Kind: "security_error", Text: "the callback comes from another issuer"}
	}
	c.flow = nil // a callback counts once
	if answer.Has("error") {
		code := shown(answer.Get("error"))
		kind := kinds[code]
		if kind == "" || code == "invalid_grant" {
			kind = "protocol_error"
		}
		return &Failure{Kind: kind, Text: "refused: " + code, Code: code}
	}
	if answer.Get("code") == "" {
		return &Failure{Kind: "protocol_error", Text: "the callback has neither a code nor an error"}
	}
	token, err := c.askForToken(url.Values{
		"grant_type": {"authorization_code"}, "code": {answer.Get("code")},
		"redirect_uri": {text(c.Config, "redirect_uri")}, "code_verifier": {begun.verifier},
	})
	if err == nil {
		c.Store(token)
	}
	return err
}

// Store keeps a token; a scope that it does not say is as it was asked for.
func (c *Client) Store(token *Token) {
	if token.Scope == "" {
		token.Scope = c.scope()
	}
	c.Token, c.NeedsReauth = token, false
}

// Refresh refreshes now; where no new refresh token comes, the old one stays.
func (c *Client) Refresh() error {
	spent := c.Token
	if spent == nil || spent.RefreshToken == "" || c.NeedsReauth {
		return &Failure{Kind: "reauth_required", Text: "there is nothing to refresh with"}
	}
	token, err := c.askForToken(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {spent.RefreshToken}})
	if err != nil {
		c.NeedsReauth = err.(*Failure).Kind == "reauth_required"
		return err
	}
	if token.RefreshToken == "" {
		token.RefreshToken = spent.RefreshToken
	}
	if token.Scope == "" {
		token.Scope = spent.Scope
	}
	c.Store(token)
	return nil
}

// Call calls the API; a body is JSON, or nil. It gives the status.
func (c *Client) Call(method, path string, body []byte) (int, error) {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") {
		return 0, &Failure{Kind: "security_error", Text: "a path begins with one slash"}
	}
	if c.Token == nil || c.NeedsReauth {
		return 0, &Failure{Kind: "reauth_required", Text: "the user is not connected"}
	}
	headers := map[string]string{"Accept": "application/vnd.api+json", "Authorization": "Bearer " + c.Token.AccessToken}
	if body != nil {
		headers["Content-Type"] = "application/vnd.api+json"
	}
	answer, content, err := send(method, text(c.Config, "api_base")+path, headers, body)
	if err != nil {
		return 0, err
	}
	document, status := readJSON(content), answer.StatusCode
	_, hasData := document["data"]
	_, hasErrors := document["errors"]
	isEmpty := status == 204 || (path == "/ping" && len(content) == 0)
	if status/100 == 2 && (isEmpty || (hasData && !hasErrors)) {
		return status, nil
	}
	challenge, kind := answer.Header.Get("WWW-Authenticate"), "protocol_error"
	if status == 403 || lacksScope.MatchString(challenge) {
		kind = "config_error"
	} else if status == 401 {
		kind = "reauth_required"
	}
	told := append([]string{fmt.Sprintf("the API answered %d", status)}, words(document)...)
	return 0, &Failure{Kind: kind, Text: shown(strings.Join(append(told, challenge), "; ")), Status: status}
}

// askForToken asks the token endpoint, once; it gives the token (RFC 6749, sections 5.1 and 5.2).
func (c *Client) askForToken(form url.Values) (*Token, error) {
	for _, name := range []string{"client_id", "client_secret"} {
		form.Set(name, text(c.Config, name))
	}
	headers := map[string]string{"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
	answer, content, err := send("POST", text(c.Config, "token_url"), headers, []byte(form.Encode()))
	if err != nil {
		return nil, err
	}
	members, status := readJSON(content), answer.StatusCode
	if _, failed := members["error"]; failed || status/100 != 2 {
		code := shown(text(members, "error"))
		kind := kinds[code]
		if kind == "" {
			kind = "protocol_error"
		}
		return nil, &Failure{Kind: kind, Text: fmt.Sprintf("the token endpoint answered %d %s", status, code), Code: code, Status: status}
	}
	token := &Token{AccessToken: text(members, "access_token"), RefreshToken: text(members, "refresh_token"), Scope: text(members, "scope")}
	isBearer := strings.EqualFold(text(members, "token_type"), "bearer")
	if !isBearer || !tokenText.MatchString(token.AccessToken) || !tokenText.MatchString(token.RefreshToken+"-") {
		return nil, &Failure{Kind: "protocol_error", Text: fmt.Sprintf("%d without a token", status), Status: status}
	}
	// `expires_in` may be a number in a text; what is none is unknown.
	if value := fmt.Sprint(members["expires_in"]); lifetime.MatchString(value) {
		seconds, _ := strconv.ParseFloat(value, 64)
		moment := float64(time.Now().UnixMilli())/1000 + seconds
		token.ExpiresAt = &moment
	}
	return token, nil
}

// send sends a request and follows nowhere; it gives an answer that is none of "try again later".
func send(method, address string, headers map[string]string, body []byte) (*http.Response, []byte, error) {
	request, err := http.NewRequest(method, address, bytes.NewReader(body))
	if err != nil {
		return nil, nil, &Failure{Kind: "config_error", Text: "no URL that can be called"}
	}
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	answer, err := requests.Do(request)
	if err != nil {
		return nil, nil, &Failure{Kind: "transport_error", Text: "no answer came"}
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if err != nil {
		return nil, nil, &Failure{Kind: "transport_error", Text: "the answer was cut"}
	}
	if answer.StatusCode == 429 || answer.StatusCode >= 500 {
		failure := &Failure{Kind: "retry_later", Text: fmt.Sprintf("the server answered %d", answer.StatusCode), Status: answer.StatusCode}
		if after := answer.Header.Get("Retry-After"); wait.MatchString(after) {
			seconds, _ := strconv.ParseFloat(after, 64)
			failure.Wait = &seconds
		}
		return nil, nil, failure
	}
	return answer, content, nil
}

// readJSON gives the members of a JSON object, none where it is not one; numbers stay as written.
func readJSON(content []byte) object {
	decoder := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(content, []byte("\ufeff"))))
	decoder.UseNumber()
	var members object
	if decoder.Decode(&members) != nil {
		return object{}
	}
	return members
}

// words gives what a JSON:API document says of its errors.
func words(document object) (told []string) {
	errors, _ := document["errors"].([]any)
	for _, one := range errors {
		error, _ := one.(object)
		for _, name := range []string{"title", "detail"} {
			if word := text(error, name); word != "" {
				told = append(told, word)
			}
		}
	}
	return told
}

// shown makes a foreign text fit to be shown and logged: short, and one line.
func shown(foreign string) string {
	runes := []rune(strings.ToValidUTF8(foreign, "?"))
	if len(runes) > 200 {
		runes = runes[:200]
	}
	return strings.Map(func(one rune) rune {
		if !unicode.IsPrint(one) {
			return ' '
		}
		return one
	}, string(runes))
}
