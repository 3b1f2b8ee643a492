package main

import "strings"

type challenge struct {
	scheme     string
	parameters map[string]string
}

// readChallenges reads WWW-Authenticate: schemes, each with a token68 or parameters.
// A name that "=" follows is a parameter; any other word begins the next challenge.
func readChallenges(text string) []challenge {
	read := []challenge{}
	for at := 0; ; {
		for at < len(text) && strings.IndexByte(" \t,", text[at]) >= 0 {
			at++
		}
		begin := at
		for at < len(text) && strings.IndexByte(" \t,=\"", text[at]) < 0 {
			at++
		}
		word := text[begin:at]
		next := at
		for next < len(text) && (text[next] == ' ' || text[next] == '\t') {
			next++
		}
		switch {
		case begin >= len(text):
			return read
		case word == "":
			at++
		case next >= len(text) || text[next] != '=':
			read = append(read, challenge{word, map[string]string{}})
		default:
			var value string
			value, at = readValue(text, next+1)
			if len(read) > 0 {
				parameters, name := read[len(read)-1].parameters, strings.ToLower(word)
				if _, known := parameters[name]; !known {
					parameters[name] = value
				}
			}
		}
	}
}

// readValue reads a token or a quoted string, and gives where it ends.
func readValue(text string, at int) (string, int) {
	for at < len(text) && (text[at] == ' ' || text[at] == '\t') {
		at++
	}
	if at >= len(text) || text[at] != '"' {
		begin := at
		for at < len(text) && strings.IndexByte(" \t,", text[at]) < 0 {
			at++
		}
		return text[begin:at], at
	}
	var value strings.Builder
	for at++; at < len(text) && text[at] != '"'; at++ {
		if text[at] == '\\' && at+1 < len(text) {
			at++
		}
		value.WriteByte(text[at])
	}
	return value.String(), end(at+1, text)
}

// end gives a place in a text, or its end: a quoted string may lack its last quote.
func end(at int, text string) int {
	if at > len(text) {
		return len(text)
	}
	return at
}
