package flag

import "errors"

// Rule is JsonLogic by itself, compiled: what a targeting consists of, with any
// data and any result. It is immutable.
type Rule struct {
	body *node
}

// ParseRule reads and compiles JsonLogic. It knows flagd's operations too.
func ParseRule(rule []byte) (*Rule, error) {
	if len(rule) > MaxDocument {
		return nil, errDocument
	}
	tree, err := decoded(rule)
	if err != nil {
		return nil, err
	}
	body, err := compile(newCompiler(nil), tree, 1, true)
	if err != nil {
		return nil, err
	}
	return &Rule{body: body}, nil
}

// Apply evaluates the rule with data as encoding/json decodes it. The result is
// of that kind too; it is nil where JavaScript has undefined or no number. An
// error says which limit was exceeded.
func (l *Rule) Apply(data any) (any, error) {
	// Data of other types than JSON's are the caller's own affair.
	r := &run{flag: &definition{}, left: MaxSteps, element: plain(&run{left: MaxDocument}, data)}
	attributes, isObject := r.element.(map[string]any)
	if isObject {
		r.attributes = attributes
	}
	result := eval(r, l.body)
	if r.fault != "" {
		return nil, errors.New(r.fault)
	}
	if weighed(result, MaxResult) < 0 {
		return nil, errors.New(faultResult)
	}
	value, isNumber := result.(float64)
	if isUndefined(result) || isNumber && value-value != 0 {
		return nil, nil
	}
	return result, nil
}
