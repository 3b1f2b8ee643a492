// A client that goes by 401s only: it never looks at a lifetime. A confidential application
// without PKCE, HTTP Basic at the token endpoint, tokens in memory. It never waits: what has to
// come later is reported with its time, and refused without a request until then.
package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	requestTimeout = 6 * time.Second
	maxBody        = 1 << 20
	longestText    = 200
)

// Config is what an application has to be told.
type Config struct {
	AuthorizeURL string   `json:"authorize_url"`
	TokenURL     string   `json:"token_url"`
	APIBase      string   `json:"api_base"`
	ClientID     string   `json:"client_id"`
	ClientSecret string   `json:"client_secret"`
	RedirectURI  string   `json:"redirect_uri"`
	Scopes       []string `json:"scopes"`
	CAPEM        string   `json:"ca_pem"`
}

// Failure is every error that callers are told to expect.
type Failure struct {
	Kind      string
	Text      string
	Code      string
	Status    int
	APIStatus int
	NotBefore time.Duration
}

func (f *Failure) Error() string { return f.Text }

func fail(kind, format string, values ...any) *Failure {
	return &Failure{Kind: kind, Text: fmt.Sprintf(format, values...)}
}

// Token is one connection of a user.
type Token struct {
	Access, Refresh, Scope string
	Dead                   bool
}

type flight struct {
	done chan struct{}
	err  error
}

type connection struct {
	mutex  sync.Mutex
	state  string
	token  *Token
	flight *flight
}

// Client serves all users of an application.
type Client struct {
	config      Config
	http        *http.Client
	mutex       sync.Mutex
	connections map[string]*connection
	apiFree     time.Time
	tokenFree   time.Time
}

// NewClient makes a client that trusts the configured authority only.
func NewClient(config Config) (*Client, error) {
	transport := &http.Transport{MaxResponseHeaderBytes: 64 << 10, MaxIdleConnsPerHost: 8}
	if config.CAPEM != "" {
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM([]byte(config.CAPEM)) {
			return nil, fail("config_error", "ca_pem has no certificate")
		}
		transport.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	client := &http.Client{Transport: transport, Timeout: requestTimeout, CheckRedirect: stay}
	return &Client{config: config, http: client, connections: map[string]*connection{}}, nil
}

func (c *Client) of(user string) *connection {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.connections[user] == nil {
		c.connections[user] = &connection{}
	}
	return c.connections[user]
}

// Begin starts an authorization, and forgets an earlier one that was not finished.
func (c *Client) Begin(user string) (string, error) {
	for _, one := range []string{c.config.AuthorizeURL, c.config.TokenURL, c.config.APIBase} {
		if err := checkConfidential(one); err != nil {
			return "", err
		}
	}
	random := make([]byte, 32)
	if _, err := rand.Read(random); err != nil {
		return "", err
	}
	state := base64.RawURLEncoding.EncodeToString(random)
	one := c.of(user)
	one.mutex.Lock()
	one.state = state
	one.mutex.Unlock()
	query := url.Values{
		"response_type": {"code"},
		"client_id":     {c.config.ClientID},
		"redirect_uri":  {c.config.RedirectURI},
		"scope":         {strings.Join(c.config.Scopes, " ")},
		"state":         {state},
	}
	return c.config.AuthorizeURL + "?" + query.Encode(), nil
}

// Callback finishes an authorization.
func (c *Client) Callback(user, address string) error {
	parsed, err := url.Parse(address)
	if err != nil {
		return fail("protocol_error", "the callback is no URL")
	}
	given, err := url.ParseQuery(parsed.RawQuery)
	if err != nil {
		return fail("protocol_error", "the callback has no proper query")
	}
	for _, name := range []string{"code", "state", "error"} {
		if len(given[name]) > 1 {
			return fail("security_error", "%s comes twice", name)
		}
	}
	one := c.of(user)
	if !one.take(given.Get("state")) {
		return fail("security_error", "the callback belongs to no flow")
	}
	if given.Has("error") {
		return refusedAuthorization(given.Get("error"))
	}
	if given.Get("code") == "" {
		return fail("protocol_error", "the callback has neither code nor error")
	}
	token, err := c.requestToken(url.Values{
		"grant_type":   {"authorization_code"},
		"code":         {given.Get("code")},
		"redirect_uri": {c.config.RedirectURI},
	})
	if err != nil {
		return err
	}
	if token.Scope == "" { // as asked for (RFC 6749, section 5.1)
		token.Scope = strings.Join(c.config.Scopes, " ")
	}
	one.mutex.Lock()
	defer one.mutex.Unlock()
	one.token = token
	return nil
}

// take uses up the flow that a state belongs to.
func (o *connection) take(state string) bool {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	if o.state == "" || subtle.ConstantTimeCompare([]byte(state), []byte(o.state)) != 1 {
		return false
	}
	o.state = ""
	return true
}

var kindOfCode = map[string]string{
	"invalid_grant":           "reauth_required",
	"invalid_client":          "config_error",
	"invalid_request":         "config_error",
	"invalid_scope":           "config_error",
	"unauthorized_client":     "config_error",
	"unsupported_grant_type":  "config_error",
	"server_error":            "retry_later",
	"temporarily_unavailable": "retry_later",
}

func refusedAuthorization(code string) error {
	kind := "protocol_error"
	switch code {
	case "access_denied":
		kind = "denied"
	case "server_error", "temporarily_unavailable":
		kind = "retry_later"
	case "invalid_request", "invalid_scope", "unauthorized_client", "unsupported_response_type", "invalid_client":
		kind = "config_error"
	}
	failure := fail(kind, "the authorization was refused: %s", short(code))
	failure.Code = short(code)
	return failure
}

// Seed takes over a token.
func (c *Client) Seed(user string, token Token) {
	c.mutex.Lock()
	c.apiFree, c.tokenFree = time.Time{}, time.Time{}
	c.mutex.Unlock()
	one := c.of(user)
	one.mutex.Lock()
	defer one.mutex.Unlock()
	one.token = &token
}

// Token gives what is held for a user, nil where there was no connection.
func (c *Client) Token(user string) *Token {
	one := c.of(user)
	one.mutex.Lock()
	defer one.mutex.Unlock()
	if one.token == nil {
		return nil
	}
	held := *one.token
	return &held
}

// Refresh replaces the user's token now; who comes meanwhile shares what comes of it.
func (c *Client) Refresh(user string) error { return c.replace(user, "") }

// replace refreshes unless another access token than the refused one is held by now.
func (c *Client) replace(user, refused string) error {
	one := c.of(user)
	one.mutex.Lock()
	if one.flight != nil {
		under := one.flight
		one.mutex.Unlock()
		<-under.done
		return under.err
	}
	if one.token != nil && refused != "" && one.token.Access != refused {
		one.mutex.Unlock()
		return nil
	}
	if one.token == nil || one.token.Dead || one.token.Refresh == "" {
		one.mutex.Unlock()
		return fail("reauth_required", "there is nothing to refresh with")
	}
	own, spent := &flight{done: make(chan struct{})}, *one.token
	one.flight = own
	one.mutex.Unlock()

	token, err := c.requestToken(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {spent.Refresh}})

	one.mutex.Lock()
	defer one.mutex.Unlock()
	own.err = one.settle(spent, token, err)
	one.flight = nil
	close(own.done)
	return own.err
}

// settle keeps what came of a refresh, unless the user has connected anew meanwhile.
func (o *connection) settle(spent Token, token *Token, err error) error {
	if o.token == nil || o.token.Refresh != spent.Refresh || o.token.Access != spent.Access {
		return nil
	}
	if err == nil {
		if token.Refresh == "" {
			token.Refresh = spent.Refresh
		}
		if token.Scope == "" {
			token.Scope = spent.Scope
		}
		o.token = token
		return nil
	}
	var failure *Failure
	if errors.As(err, &failure) && failure.Kind == "reauth_required" {
		dead := spent
		dead.Dead = true
		o.token = &dead
	}
	return err
}

// Call calls the API; a 401 is answered by one refresh and one more attempt.
func (c *Client) Call(user, method, path string, body []byte) (int, error) {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") {
		return 0, fail("security_error", "a path begins with one slash")
	}
	token := c.Token(user)
	if token == nil || token.Dead {
		return 0, fail("reauth_required", "the user is not connected")
	}
	answer, err := c.requestAPI(method, path, body, token.Access)
	if err != nil {
		return 0, err
	}
	if answer.status == 401 && answer.challenge() != "insufficient_scope" && token.Refresh != "" {
		if err := c.replace(user, token.Access); err != nil {
			var failure *Failure
			if errors.As(err, &failure) {
				told := *failure
				told.APIStatus = answer.status
				return answer.status, &told
			}
			return answer.status, err
		}
		if token = c.Token(user); token == nil {
			return answer.status, fail("reauth_required", "the user is not connected")
		}
		if answer, err = c.requestAPI(method, path, body, token.Access); err != nil {
			return 0, err
		}
	}
	return answer.status, answer.checkDocument(method, path)
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

func (c *Client) requestAPI(method, path string, body []byte, access string) (*answer, error) {
	if err := c.checkFree(&c.apiFree); err != nil {
		return nil, err
	}
	header := http.Header{"Accept": {"application/vnd.api+json"}, "Authorization": {"Bearer " + access}}
	if body != nil {
		header.Set("Content-Type", "application/vnd.api+json")
	}
	got, err := c.send(method, c.config.APIBase+path, header, body)
	if err != nil {
		return nil, err
	}
	if got.header.Get("RateLimit-Interval-Remaining") == "0" && got.status < 300 {
		c.putOff(&c.apiFree, time.Second)
	}
	return got, c.checkAvailable(got, &c.apiFree)
}

func (c *Client) requestToken(form url.Values) (*Token, error) {
	if err := c.checkFree(&c.tokenFree); err != nil {
		return nil, err
	}
	id, secret := url.QueryEscape(c.config.ClientID), url.QueryEscape(c.config.ClientSecret)
	got, err := c.send("POST", c.config.TokenURL, http.Header{
		"Accept":        {"application/json"},
		"Content-Type":  {"application/x-www-form-urlencoded"},
		"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte(id+":"+secret))},
	}, []byte(form.Encode()))
	if err != nil {
		return nil, err
	}
	if err := c.checkAvailable(got, &c.tokenFree); err != nil {
		return nil, err
	}
	return got.token()
}

func (c *Client) send(method, address string, header http.Header, body []byte) (*answer, error) {
	if err := checkConfidential(address); err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(context.Background(), method, address, bytes.NewReader(body))
	if err != nil {
		return nil, fail("config_error", "the URL makes no request")
	}
	request.Header = header
	response, err := c.http.Do(request)
	if err != nil {
		return nil, lost(err)
	}
	defer response.Body.Close()
	read, err := io.ReadAll(io.LimitReader(response.Body, maxBody+1))
	if err != nil {
		return nil, lost(err)
	}
	if len(read) > maxBody {
		return nil, fail("protocol_error", "the answer is longer than %d bytes", maxBody)
	}
	return &answer{status: response.StatusCode, header: response.Header, body: read}, nil
}

// lost names what happened to a connection without showing the request.
func lost(err error) *Failure {
	var authority x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	var name x509.HostnameError
	if errors.As(err, &authority) || errors.As(err, &invalid) || errors.As(err, &name) {
		return fail("security_error", "the server's certificate is refused")
	}
	var cause *url.Error
	if errors.As(err, &cause) {
		err = cause.Err
	}
	return fail("transport_error", "no whole answer came: %T", err)
}

// checkConfidential refuses plain http to another machine.
func checkConfidential(address string) error {
	parsed, err := url.Parse(address)
	if err != nil {
		return fail("config_error", "a configured URL is none")
	}
	host := parsed.Hostname()
	ip := net.ParseIP(host)
	if parsed.Scheme == "https" || parsed.Scheme == "http" && (host == "localhost" || ip != nil && ip.IsLoopback()) {
		return nil
	}
	return fail("security_error", "plain http to %s", host)
}

func (c *Client) checkFree(free *time.Time) error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if left := time.Until(*free); left > 0 {
		failure := fail("retry_later", "the server asked for a pause that is not over")
		failure.NotBefore = left
		return failure
	}
	return nil
}

func (c *Client) putOff(free *time.Time, pause time.Duration) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if until := time.Now().Add(pause); until.After(*free) {
		*free = until
	}
}

// checkAvailable reports limits and outages, and remembers how long they last.
func (c *Client) checkAvailable(got *answer, free *time.Time) error {
	if got.status != 429 && got.status < 500 {
		return nil
	}
	failure := fail("retry_later", "the server answered %d", got.status)
	failure.Status = got.status
	if got.status == 429 || got.status == 503 {
		failure.NotBefore = got.retryAfter()
		c.putOff(free, failure.NotBefore)
	}
	return failure
}

// retryAfter reads both forms; nonsense asks for no pause (RFC 9110, section 10.2.3).
func (a *answer) retryAfter() time.Duration {
	value := strings.TrimSpace(a.header.Get("Retry-After"))
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil && time.Until(at) > 0 {
		return time.Until(at)
	}
	return 0
}

func (a *answer) object() map[string]any {
	var members map[string]any
	if json.Unmarshal(a.body, &members) != nil {
		return nil
	}
	return members
}

// token reads an answer of the token endpoint (RFC 6749, sections 5.1 and 5.2).
func (a *answer) token() (*Token, error) {
	members := a.object()
	code, _ := members["error"].(string)
	_, failed := members["error"]
	if a.status/100 != 2 || failed {
		kind, known := kindOfCode[code]
		if !known || a.status/100 == 3 {
			kind = "protocol_error"
		}
		failure := fail(kind, "the token endpoint answered %d %s", a.status, short(code))
		failure.Code, failure.Status = short(code), a.status
		return nil, failure
	}
	access, _ := members["access_token"].(string)
	kind, _ := members["token_type"].(string)
	refresh, isText := members["refresh_token"].(string)
	if members["refresh_token"] == nil {
		isText = true
	}
	if !isVisible(access) || !strings.EqualFold(kind, "Bearer") || !isText || refresh != "" && !isVisible(refresh) {
		failure := fail("protocol_error", "the token endpoint answered %d without a token", a.status)
		failure.Status = a.status
		return nil, failure
	}
	scope, _ := members["scope"].(string)
	return &Token{Access: access, Refresh: refresh, Scope: scope}, nil
}

// isVisible tells whether a text is 1*VSCHAR, of which tokens are made (RFC 6749, appendix A.12).
func isVisible(text string) bool {
	for _, one := range text {
		if one < 0x21 || one > 0x7e {
			return false
		}
	}
	return text != ""
}

// checkDocument reports an API answer that is no JSON:API document.
func (a *answer) checkDocument(method, path string) error {
	kind := "protocol_error"
	switch {
	case a.status == 401 && a.challenge() == "insufficient_scope":
		kind = "config_error"
	case a.status == 401:
		kind = "reauth_required"
	case a.status == 402 || a.status == 403:
		kind = "config_error"
	case a.status/100 == 2:
		if a.status == 204 || path == "/ping" && len(a.body) == 0 {
			return nil
		}
		document := a.object()
		_, hasData := document["data"]
		_, hasErrors := document["errors"]
		if hasData && !hasErrors {
			return nil
		}
	}
	failure := fail(kind, "the API answered %d to %s%s", a.status, method, a.told())
	failure.Code, failure.Status, failure.APIStatus = a.challenge(), a.status, a.status
	return failure
}

// told gives the titles and details of JSON:API errors.
func (a *answer) told() string {
	var text strings.Builder
	listed, _ := a.object()["errors"].([]any)
	for _, one := range listed {
		members, _ := one.(map[string]any)
		for _, name := range []string{"title", "detail"} {
			if said, isText := members[name].(string); isText && text.Len() < 5*longestText {
				text.WriteString(": " + short(said))
			}
		}
	}
	return text.String()
}

// challenge gives the error of the Bearer challenge (RFC 9110, section 11.6.1).
func (a *answer) challenge() string {
	for _, one := range readChallenges(strings.Join(a.header.Values("WWW-Authenticate"), ", ")) {
		if strings.EqualFold(one.scheme, "Bearer") {
			return short(one.parameters["error"])
		}
	}
	return ""
}

// seconds rounds up, so that nobody comes a moment too early.
func seconds(pause time.Duration) float64 { return math.Ceil(pause.Seconds()*1000) / 1000 }

// short gives the beginning of a text of the server, in characters that break no line.
func short(text string) string {
	clean := strings.Map(func(one rune) rune {
		if one < 0x20 || one == 0x7f || one == 0x2028 || one == 0x2029 {
			return ' '
		}
		return one
	}, text)
	if runes := []rune(clean); len(runes) > longestText {
		return string(runes[:longestText])
	}
	return clean
}
