package flag

import (
	"bytes"
	"encoding/json"
	"math"
	"regexp"
	"strconv"
)

// longNumber matches a number that may have more digits than a float64 keeps, and much else.
var longNumber = regexp.MustCompile(`[0-9]{16}`)

// decodedExactly is decoded, but for whole numbers that a float64 can't hold: they are an
// int64.
func decodedExactly(text []byte) (any, error) {
	value, err := decoded(text)
	if err != nil || !longNumber.Match(text) {
		return value, err
	}
	var spelled any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	err = decoder.Decode(&spelled)
	if err != nil {
		return nil, notJSON(text, err)
	}
	return withNumbers(spelled), nil
}

// withNumbers is a value with numbers in the place of their spellings. It changes what the
// value consists of.
func withNumbers(value any) any {
	switch v := value.(type) {
	case json.Number:
		return exactNumber(string(v))
	case []any:
		for i := range v {
			v[i] = withNumbers(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = withNumbers(v[name])
		}
	}
	return value
}

// exactNumber is a float64, or an int64 where that keeps more digits.
func exactNumber(spelling string) any {
	number, err := strconv.ParseFloat(spelling, 64)
	if err != nil {
		number = 0 // decoded has refused what is no number, or too large
	}
	whole, err := strconv.ParseInt(spelling, 10, 64)
	if err == nil && math.Abs(number) >= 1<<53 {
		return whole
	}
	return number
}
