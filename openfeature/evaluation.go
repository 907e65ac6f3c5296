package provider

import (
	"context"

	"github.com/open-feature/go-sdk/openfeature"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
)

// BooleanEvaluation evaluates a flag whose variants are true and false.
func (p *Provider) BooleanEvaluation(_ context.Context, key string, defaultValue bool, attributes openfeature.FlattenedContext) openfeature.BoolResolutionDetail {
	return resolve(p, key, defaultValue, attributes)
}

// StringEvaluation evaluates a flag whose variants are texts.
func (p *Provider) StringEvaluation(_ context.Context, key string, defaultValue string, attributes openfeature.FlattenedContext) openfeature.StringResolutionDetail {
	return resolve(p, key, defaultValue, attributes)
}

// FloatEvaluation evaluates a flag whose variants are numbers.
func (p *Provider) FloatEvaluation(_ context.Context, key string, defaultValue float64, attributes openfeature.FlattenedContext) openfeature.FloatResolutionDetail {
	return resolve(p, key, defaultValue, attributes)
}

// IntEvaluation evaluates a flag whose variants are integers.
func (p *Provider) IntEvaluation(_ context.Context, key string, defaultValue int64, attributes openfeature.FlattenedContext) openfeature.IntResolutionDetail {
	return resolve(p, key, defaultValue, attributes)
}

// ObjectEvaluation evaluates a flag whose variants are objects. The value is a map[string]any of
// the caller's own, or the default value, which may be anything.
func (p *Provider) ObjectEvaluation(_ context.Context, key string, defaultValue any, attributes openfeature.FlattenedContext) openfeature.InterfaceResolutionDetail {
	ev := p.flags.Load().Evaluate(key, map[string]any{}, flag.Map(attributes))
	resolved := openfeature.InterfaceResolutionDetail{Value: defaultValue, ProviderResolutionDetail: detail(&ev)}
	if ev.Variant != "" {
		resolved.Value = copied(ev.Value)
	}
	return resolved
}

// resolve evaluates a flag whose values are of the default value's type.
func resolve[T any](p *Provider, key string, defaultValue T, attributes openfeature.FlattenedContext) openfeature.GenericResolutionDetail[T] {
	ev := p.flags.Load().Evaluate(key, defaultValue, flag.Map(attributes))
	resolved := openfeature.GenericResolutionDetail[T]{Value: defaultValue, ProviderResolutionDetail: detail(&ev)}
	value, isWanted := ev.Value.(T)
	if isWanted {
		resolved.Value = value
	}
	return resolved
}

// detail is an evaluation in the SDK's terms. An error code beside a variant says that
// the flag's present version can't be used, and that the value is the last good one: the SDK would
// take the default value in its place.
func detail(ev *flag.Evaluation) openfeature.ProviderResolutionDetail {
	d := openfeature.ProviderResolutionDetail{
		Reason: openfeature.Reason(ev.Reason), Variant: ev.Variant, FlagMetadata: ev.Metadata,
	}
	if ev.Reason == flag.ReasonError {
		d.ResolutionError = resolutionError(ev.ErrorCode, ev.ErrorMessage)
	}
	return d
}

func resolutionError(code, message string) openfeature.ResolutionError {
	switch code {
	case flag.ErrorProviderNotReady:
		return openfeature.NewProviderNotReadyResolutionError(message)
	case flag.ErrorFlagNotFound:
		return openfeature.NewFlagNotFoundResolutionError(message)
	case flag.ErrorParse:
		return openfeature.NewParseErrorResolutionError(message)
	case flag.ErrorTypeMismatch:
		return openfeature.NewTypeMismatchResolutionError(message)
	case flag.ErrorTargetingKeyMissing:
		return openfeature.NewTargetingKeyMissingResolutionError(message)
	}
	return openfeature.NewGeneralResolutionError(message)
}

// copied is a value of JSON's that nobody shares.
func copied(value any) any {
	switch v := value.(type) {
	case map[string]any:
		made := make(map[string]any, len(v))
		for name, member := range v {
			made[name] = copied(member)
		}
		return made
	case []any:
		made := make([]any, len(v))
		for i, item := range v {
			made[i] = copied(item)
		}
		return made
	}
	return value
}
