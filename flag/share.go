package flag

import (
	"errors"
	"strconv"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/flag/lint"
)

// parseWord reads a boolean word, or a share. Its error says what was probably meant.
func parseWord(text string) (*definition, error) {
	f, err := parsePlain(text)
	if err == nil {
		return f, nil
	}
	if len(text) > longestShown {
		return nil, err
	}
	unquoted := strings.Trim(text, "\"'`")
	_, wrong := parsePlain(unquoted)
	if unquoted != text && wrong == nil {
		return nil, errors.New("is " + shown(text) + ", which is no flag; write " + unquoted + ", without quotes")
	}
	meant := lint.Nearest(strings.ToLower(text), words)
	withPoint := strings.Replace(text, ",", ".", 1)
	_, isShare := parsePlain(withPoint)
	if withPoint != text && isShare == nil {
		meant = withPoint
	}
	if meant != "" {
		return nil, errors.New("is " + shown(text) + ", which is no flag; write " + meant)
	}
	_, wrong = parsePlain(text + "%")
	if wrong == nil && !strings.Contains(text, ".") {
		return nil, errors.New("is " + shown(text) + ", which is no flag; write " + text + "% for a share, or on or off")
	}
	return nil, err
}

// words are those that people misspell.
var words = []string{"true", "yes", "enabled", "false", "off", "disabled"}

func parsePlain(text string) (*definition, error) {
	switch strings.ToLower(text) {
	case "true", "on", "yes", "enabled", "1":
		return constant(true), nil
	case "false", "off", "no", "disabled", "0":
		return constant(false), nil
	}
	percentage, isPercentage := strings.CutSuffix(text, "%")
	if isPercentage {
		return newShare(text, strings.TrimSpace(percentage), 100)
	}
	if !strings.Contains(text, ".") {
		return nil, noFlag(text)
	}
	return newShare(text, text, 1)
}

func parsePercentage(text string) (*definition, error) {
	return newShare(text, strings.TrimSpace(strings.TrimSuffix(text, "%")), 100)
}

func noFlag(text string) error {
	return errors.New("is " + shown(text) + ", which is no flag; it may be " + forms)
}

func constant(on bool) *definition {
	f := trueOrFalse(ReasonTargetingMatch)
	f.preset = f.variants[strconv.FormatBool(on)]
	f.static = true
	return f
}

func trueOrFalse(reason string) *definition {
	return &definition{found: &findings{}, variants: map[string]*variant{
		"true":  newVariant("true", true, reason, nil),
		"false": newVariant("false", false, reason, nil),
	}}
}

// newShare makes a flag that is true for a share of the targeting keys. It says
// the same as a flagd definition with the targeting {"fractional": [["true",
// weight], ["false", whole-weight]]}, whatever scale the weights have there: a
// key is in where its hash is below the share of all hashes.
func newShare(text, number string, whole int64) (*definition, error) {
	weight, total, err := weights(number, whole)
	if err != nil {
		return nil, errors.New("is " + shown(text) + ", " + err.Error())
	}
	f := trueOrFalse(ReasonSplit)
	f.shared = true
	if weight == 0 || weight == total { // nobody or everybody, whoever that is
		f.preset = f.variants[strconv.FormatBool(weight > 0)]
		f.static = true
		return f, nil
	}
	f.names = []string{targetingKey}
	f.targeting = &node{op: opFractional, keyed: true, ends: []uint64{weight, total}, total: total, args: []*node{
		{op: opConstant},
		{op: opConstant, value: "true"},
		{op: opConstant, value: "false"},
	}}
	return f, nil
}

// weights turns a decimal number between 0 and a whole into the weight of a
// share and the weight of all, exactly.
func weights(number string, whole int64) (uint64, uint64, error) {
	integer, fraction, _ := strings.Cut(number, ".")
	fraction = strings.TrimRight(fraction, "0")
	digits := integer + fraction
	if !isDecimal(number) {
		return 0, 0, errors.New("which is no share; it may be " + forms)
	}
	total := whole
	for i := 0; i < len(fraction); i++ {
		total *= 10
		if total > maxWeight {
			return 0, 0, errors.New("which has too many decimals; 7 are possible in a percentage, 9 in a fraction")
		}
	}
	weight, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || weight > total {
		return 0, 0, errors.New("which is more than everybody; a share lies between 0 and " + strconv.FormatInt(whole, 10))
	}
	return uint64(weight), uint64(total), nil
}

func isDecimal(number string) bool {
	withoutPoint := strings.Replace(number, ".", "", 1)
	return withoutPoint != "" && strings.Trim(withoutPoint, "0123456789") == ""
}
