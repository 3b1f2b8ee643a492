// Sign in and ask who one is, over golang.org/x/oauth2.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"

	"golang.org/x/oauth2"
)

var config = oauth2.Config{
	ClientID:     os.Getenv("LIVESTORM_CLIENT_ID"),
	ClientSecret: os.Getenv("LIVESTORM_CLIENT_SECRET"),
	RedirectURL:  os.Getenv("LIVESTORM_REDIRECT_URI"),
	Scopes:       []string{"identity:read"},
	Endpoint: oauth2.Endpoint{
		AuthURL:  "https://app.livestorm.co/oauth/authorize",
		TokenURL: "https://app.livestorm.co/oauth/token",
	},
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func main() {
	ctx := context.Background()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	opened := must(client.Get(config.AuthCodeURL("a-state-of-32-random-characters..")))
	opened.Body.Close()
	location := must(opened.Location())

	token := must(config.Exchange(ctx, location.Query().Get("code")))
	answer := must(config.Client(ctx, token).Get("https://api.livestorm.co/v1/me"))
	defer answer.Body.Close()
	var me struct {
		Data struct {
			Attributes struct {
				Email string `json:"email"`
			} `json:"attributes"`
		} `json:"data"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&me); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("{\"email\": %q}\n", me.Data.Attributes.Email)
}
