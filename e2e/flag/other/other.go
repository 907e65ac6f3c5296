// Package other is what package flag is compared with: JsonLogic as
// github.com/diegoholiveira/jsonlogic evaluates it, from the rule's tree.
package other

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/diegoholiveira/jsonlogic/v3"
)

// Repeat evaluates a rule so many times, of trees that are decoded already.
func Repeat(rule string, data map[string]any, times int) {
	var tree any
	err := json.Unmarshal([]byte(rule), &tree)
	if err != nil {
		panic(err)
	}
	for i := 0; i < times; i++ {
		//lint:ignore SA1019 Apply decodes rule and data each time, which would be timed too
		_, err = jsonlogic.ApplyInterface(tree, data)
		if err != nil {
			panic(err)
		}
	}
}

// Apply evaluates a rule once and returns the result's JSON, or the error.
func Apply(rule, data string) (string, string) {
	var result bytes.Buffer
	err := jsonlogic.Apply(strings.NewReader(rule), strings.NewReader(data), &result)
	if err != nil {
		return "", err.Error()
	}
	return strings.TrimSpace(result.String()), ""
}
