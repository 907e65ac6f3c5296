package flag

import (
	"math"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
)

// Evaluate evaluates the flag of that key. The fallback's type is the type that
// is wanted of the value: bool, string, int64 (or int), float64 or map[string]any; nil takes
// any. A number is converted between int64 and float64 where nothing is lost.
// The context may be nil, which knows no attributes.
//
// It never panics, and any number of goroutines may call it.
func (s *Set) Evaluate(key string, fallback any, ctx Context) Evaluation {
	attributes, isMap := ctx.(Map)
	if isMap && attributes != nil {
		return *EvaluateMap(s, key, fallback, attributes)
	}
	f := find(s, key)
	if f == nil || f.targeting == nil {
		return *untargeted(s, f, key, fallback)
	}
	return *targeted(&run{key: key, flag: f, salt: s.salt, ctx: ctx, left: MaxSteps}, fallback)
}

// EvaluateMap is Evaluate with all attributes at hand, the cheapest way. The outcome
// is shared, and not to be changed.
//
// Yaegi: a method costs as much as four functions, and a result as much as it has fields.
func EvaluateMap(s *Set, key string, fallback any, attributes Map) *Evaluation {
	f := find(s, key)
	if f == nil || f.targeting == nil {
		return untargeted(s, f, key, fallback)
	}
	return targeted(&run{key: key, flag: f, salt: s.salt, attributes: attributes, left: MaxSteps}, fallback)
}

// targeted is the outcome of a flag's targeting.
func targeted(r *run, fallback any) *Evaluation {
	f := r.flag
	if f.shared && !hasTargetingKey(r) {
		return failed(fallback, f.metadata, ErrorTargetingKeyMissing, "a share goes by the targeting key, and the context has none; give it the attribute "+targetingKey)
	}
	result := eval(r, f.targeting)
	name, isText := result.(string)
	if !isText || r.fault != "" {
		return withoutName(r, result, fallback)
	}
	v := f.variants[name]
	if v == nil || v.kind != kindOf(fallback) {
		return converted(f, name, fallback)
	}
	return v.outcome
}

// untargeted is the outcome for a flag that the context makes no difference to.
func untargeted(s *Set, f *definition, key string, fallback any) *Evaluation {
	if f == nil {
		return failed(fallback, s.document.metadata, ErrorFlagNotFound, absence(s.document, key))
	}
	if f.code != "" {
		return failed(fallback, f.metadata, f.code, f.message)
	}
	if f.disabled {
		return &Evaluation{Value: asWanted(fallback), Reason: ReasonDisabled, Metadata: f.metadata}
	}
	if f.shared {
		return preset(f, fallback, ReasonSplit)
	}
	return preset(f, fallback, ReasonStatic)
}

// Static tells whether the flag of that key evaluates the same in every context
// and at any time, so that once is enough.
func (s *Set) Static(key string) bool {
	f := find(s, key)
	return f == nil || f.static
}

// DependsOnTime tells whether the flag of that key may evaluate differently at another time,
// in the same context.
func (s *Set) DependsOnTime(key string) bool {
	f := find(s, key)
	return f != nil && f.timed
}

// Attributes returns the names of the attributes that the flag of that key may
// look up, sorted, as they stand in it: user.name, say. The second result
// is false where it may look up others too, whose names only an evaluation tells.
func (s *Set) Attributes(key string) ([]string, bool) {
	f := find(s, key)
	if f == nil {
		return nil, true
	}
	if len(f.others) == 0 {
		return append([]string{}, f.names...), !f.open
	}
	names := map[string]bool{}
	for _, name := range f.names {
		names[name] = true
	}
	collect(names, f.others, map[string]bool{})
	return lists.SortedKeys(names), !f.open
}

// withoutName is the outcome where the targeting's result is no text, or it
// exceeded a limit.
func withoutName(r *run, result, fallback any) *Evaluation {
	name := ""
	if r.fault == "" && !isNothing(result) {
		name = text(r, result)
	}
	if r.fault != "" {
		return failed(fallback, r.flag.metadata, ErrorGeneral, r.fault)
	}
	if isNothing(result) {
		return preset(r.flag, fallback, ReasonDefault)
	}
	return converted(r.flag, name, fallback)
}

func hasTargetingKey(r *run) bool {
	key := r.attributes[targetingKey]
	if key == nil {
		word, isText := lookupText(r, targetingKey)
		return isText && word != ""
	}
	return key != "" && kindOf(key) == kindText
}

// preset is the default variant, or the fallback where there is none. Where the
// fallback is of the variant's type, the outcome is the one that was made in advance, if
// there is one.
func preset(f *definition, fallback any, reason string) *Evaluation {
	if f.preset == nil {
		return &Evaluation{Value: asWanted(fallback), Reason: ReasonDefault, Metadata: f.metadata}
	}
	if f.presetOutcome != nil && f.preset.kind == kindOf(fallback) {
		return f.presetOutcome
	}
	ev := converted(f, f.preset.outcome.Variant, fallback)
	if ev.Reason == ReasonError {
		return ev
	}
	other := *ev
	other.Reason = reason
	return &other
}

// converted is the outcome with a variant, whose value may have to be of another type.
func converted(f *definition, name string, fallback any) *Evaluation {
	v := f.variants[name]
	if v == nil {
		return failed(fallback, f.metadata, ErrorGeneral, "the targeting chose "+shown(name)+", none of the variants "+listing(f))
	}
	wanted := kindOf(fallback)
	if wanted == v.kind || wanted == kindAny {
		return v.outcome
	}
	whole, isWhole := wholeNumber(v.outcome.Value)
	if wanted == kindInteger && isWhole {
		ev := *v.outcome
		ev.Value = whole
		return &ev
	}
	long, isLong := v.outcome.Value.(int64)
	if wanted == kindNumber && isLong {
		ev := *v.outcome
		ev.Value = float64(long)
		return &ev
	}
	return failed(fallback, f.metadata, ErrorTypeMismatch, "the variant "+shown(name)+" is "+shownVariant(v)+", which isn't of the fallback's type")
}

func wholeNumber(v any) (int64, bool) {
	f, isNumber := v.(float64)
	if !isNumber || f != math.Trunc(f) || math.Abs(f) >= 1<<63 {
		return 0, false
	}
	return int64(f), true
}

func failed(fallback any, metadata map[string]any, code, message string) *Evaluation {
	return &Evaluation{Value: asWanted(fallback), Reason: ReasonError, ErrorCode: code, ErrorMessage: message, Metadata: metadata}
}

// asWanted is the fallback as a value: an int is an int64.
func asWanted(fallback any) any {
	whole, isInt := fallback.(int)
	if isInt {
		return int64(whole)
	}
	return fallback
}
