package flag

import (
	"math"
	"strconv"
)

// Evaluate evaluates the flag of that key. The fallback's type is the type that
// is wanted of the value: bool, string, int64 (or int), float64 or map[string]any; nil takes
// any. A number is converted between int64 and float64 where nothing is lost.
// The context may be nil, which knows no attributes.
//
// It never panics, and any number of goroutines may call it.
func (s *Set) Evaluate(key string, fallback any, ctx Context) Evaluation {
	f := find(s, key)
	if f == nil {
		return failed(fallback, s.metadata, ErrorFlagNotFound, "there is no flag "+strconv.Quote(key)+"; the document has others")
	}
	if f.fault != nil {
		return failed(fallback, f.metadata, ErrorParse, f.fault.Error())
	}
	if f.disabled {
		return Evaluation{Value: asWanted(fallback), Reason: ReasonDisabled, Metadata: f.metadata}
	}
	if f.targeting == nil {
		return preset(f, fallback, ReasonStatic)
	}
	return target(f, key, fallback, ctx)
}

// Static tells whether the flag of that key evaluates the same in every context
// and at any time, so that once is enough.
func (s *Set) Static(key string) bool {
	f := find(s, key)
	return f == nil || f.static
}

// Attributes returns the names of the attributes that the flag of that key may
// look up, sorted, as they stand in it: user.name, say. The second result
// is false where it may look up others too, whose names only an evaluation tells.
func (s *Set) Attributes(key string) ([]string, bool) {
	f := find(s, key)
	if f == nil {
		return nil, true
	}
	return append([]string{}, f.names...), !f.open
}

func target(f *definition, key string, fallback any, ctx Context) Evaluation {
	r := newRun(f, key, ctx)
	if f.shared && !hasTargetingKey(r) {
		return failed(fallback, f.metadata, ErrorTargetingKeyMissing, "a share goes by the targeting key, and the context has none; give it the attribute "+targetingKey)
	}
	result := eval(r, f.targeting)
	if r.fault != "" {
		return failed(fallback, f.metadata, ErrorGeneral, r.fault)
	}
	if isNothing(result) {
		return preset(f, fallback, ReasonDefault)
	}
	name, isText := result.(string)
	if !isText {
		name = text(result)
	}
	v := f.variants[name]
	if v == nil {
		return failed(fallback, f.metadata, ErrorGeneral, "the targeting chose "+shown(name)+", none of the variants "+quoted(sortedNames(f.variants)))
	}
	if f.shared {
		return chosen(f, v, fallback, ReasonSplit)
	}
	return chosen(f, v, fallback, ReasonTargetingMatch)
}

func newRun(f *definition, key string, ctx Context) *run {
	r := &run{key: key, flag: f, ctx: ctx, left: MaxSteps}
	if ctx == nil {
		return r
	}
	attributes, isMap := ctx.(Map)
	if isMap {
		r.attributes = attributes
	}
	return r
}

func hasTargetingKey(r *run) bool {
	key, isText := lookupText(r, targetingKey)
	return isText && key != ""
}

// preset is the default variant, or the fallback where there is none.
func preset(f *definition, fallback any, reason string) Evaluation {
	if f.preset == nil {
		return Evaluation{Value: asWanted(fallback), Reason: ReasonDefault, Metadata: f.metadata}
	}
	return chosen(f, f.preset, fallback, reason)
}

func chosen(f *definition, v *variant, fallback any, reason string) Evaluation {
	wanted := kindOf(fallback)
	if wanted == v.kind || wanted == kindAny {
		return Evaluation{Value: v.value, Variant: v.name, Reason: reason, Metadata: f.metadata}
	}
	if wanted == kindInteger && v.kind == kindNumber {
		value := number(v.value)
		if value == math.Trunc(value) && math.Abs(value) < 1<<63 {
			return Evaluation{Value: int64(value), Variant: v.name, Reason: reason, Metadata: f.metadata}
		}
	}
	return failed(fallback, f.metadata, ErrorTypeMismatch,
		"the variant "+strconv.Quote(v.name)+" is "+shown(v.value)+", which isn't of the fallback's type")
}

func failed(fallback any, metadata map[string]any, code, message string) Evaluation {
	return Evaluation{Value: asWanted(fallback), Reason: ReasonError, ErrorCode: code, ErrorMessage: message, Metadata: metadata}
}

// asWanted is the fallback as a value: an int is an int64.
func asWanted(fallback any) any {
	whole, isInt := fallback.(int)
	if isInt {
		return int64(whole)
	}
	return fallback
}
