package zookeeper

import (
	"strconv"
	"strings"
)

const jsonContentType = "application/json"

// prefersJSON tells whether a client would rather have JSON than the other type. One
// whose Accept is longer than what is read has no preference.
func prefersJSON(accept []string, other string) bool {
	line, whole := joined(accept, ",", maxAcceptBytes)
	if !whole {
		return false
	}
	mediaType, _, _ := strings.Cut(other, ";")
	ranges := rangesOf(line)
	return quality(ranges, jsonContentType) > quality(ranges, strings.ToLower(strings.TrimSpace(mediaType)))
}

// rangesOf writes the media ranges so that each is found by one search, as in
// ",text/html;q=0.9;,*/*;".
func rangesOf(accept string) string {
	return "," + strings.ReplaceAll(withoutBlanks(strings.ToLower(accept)), ",", ";,") + ";"
}

// quality is how much a client wants a media type, by the most specific of the
// ranges that it accepts.
func quality(ranges, mediaType string) float64 {
	family, _, _ := strings.Cut(mediaType, "/")
	for _, name := range []string{mediaType, family + "/*", "*/*"} {
		_, parameters, found := strings.Cut(ranges, ","+name+";")
		if found {
			return weight(parameters)
		}
	}
	return 0
}

// weight is the q among a range's parameters, which the text begins with.
func weight(text string) float64 {
	parameters, _, _ := strings.Cut(text, ",")
	_, value, found := strings.Cut(";"+parameters, ";q=")
	if !found {
		return 1
	}
	value, _, _ = strings.Cut(value, ";")
	q, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return 1
	}
	return q
}
