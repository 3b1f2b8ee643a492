// Sign in and ask who one is, over net/http.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"os"
)

const (
	app = "https://app.livestorm.co"
	api = "https://api.livestorm.co/v1"
)

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func read(answer *http.Response, into any) {
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
		log.Fatal(err)
	}
}

func main() {
	form := url.Values{
		"client_id":     {os.Getenv("LIVESTORM_CLIENT_ID")},
		"redirect_uri":  {os.Getenv("LIVESTORM_REDIRECT_URI")},
		"response_type": {"code"},
		"scope":         {"identity:read"},
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	opened := must(client.Get(app + "/oauth/authorize?" + form.Encode()))
	opened.Body.Close()
	location := must(opened.Location())

	form.Set("grant_type", "authorization_code")
	form.Set("code", location.Query().Get("code"))
	form.Set("client_secret", os.Getenv("LIVESTORM_CLIENT_SECRET"))
	var issued struct {
		AccessToken string `json:"access_token"`
	}
	read(must(http.PostForm(app+"/oauth/token", form)), &issued)

	asking := must(http.NewRequest("GET", api+"/me", nil))
	asking.Header.Set("Authorization", "Bearer "+issued.AccessToken)
	var me struct {
		Data struct {
			Attributes struct {
				Email string `json:"email"`
			} `json:"attributes"`
		} `json:"data"`
	}
	read(must(http.DefaultClient.Do(asking)), &me)
	fmt.Printf("{\"email\": %q}\n", me.Data.Attributes.Email)
}
