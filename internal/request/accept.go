package request

import (
	"strconv"
	"strings"
)

// JSONContentType is the media type of JSON.
const JSONContentType = "application/json"

// PrefersJSON tells whether a client would rather have JSON than another media type. It gets
// the lines of the header Accept. A client whose lines are longer than what is read has no
// preference.
func PrefersJSON(accept []string, other string) bool {
	line, whole := joined(accept, ",", maxAcceptBytes)
	if !whole {
		return false
	}
	mediaType, _, _ := strings.Cut(other, ";")
	ranges := rangesOf(line)
	return quality(ranges, JSONContentType) > quality(ranges, strings.ToLower(strings.TrimSpace(mediaType)))
}

// rangesOf rewrites the media ranges of a line so that one search finds each of them, as in
// ",text/html;q=0.9;,*/*;".
func rangesOf(accept string) string {
	return "," + strings.ReplaceAll(withoutBlanks(strings.ToLower(accept)), ",", ";,") + ";"
}

// quality is how much a client wants a media type, from 0 to 1. The most specific of its
// ranges counts.
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

// weight is the parameter q of the range whose parameters the text begins with; 1 where
// there is none.
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
