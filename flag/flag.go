// Package flag parses feature flags and evaluates them: boolean words, shares
// of the targeting keys, and flagd's flag definitions with their targeting in
// JsonLogic. It knows neither ZooKeeper nor HTTP.
//
// A document is taken apart once, and each of its flags is compiled once, when it is first asked
// for. What comes of it, a [Set], always answers the same, and any number of goroutines may
// evaluate it at a time. Whatever a document holds, its limits bound what it costs.
package flag

// The reasons of an evaluation, as OpenFeature names them.
const (
	// ReasonStatic: the flag has no targeting.
	ReasonStatic = "STATIC"
	// ReasonDefault: the targeting chose no variant, or there is no default
	// variant, so that the value is the fallback.
	ReasonDefault = "DEFAULT"
	// ReasonTargetingMatch: the targeting chose the variant.
	ReasonTargetingMatch = "TARGETING_MATCH"
	// ReasonSplit: a share assigned the targeting key to the variant.
	ReasonSplit = "SPLIT"
	// ReasonDisabled: the flag's state is DISABLED; the value is the fallback.
	ReasonDisabled = "DISABLED"
	// ReasonStale: the value is older than it should be. Evaluate never says so,
	// its caller may.
	ReasonStale = "STALE"
	// ReasonError: the error code says why the value is the fallback.
	ReasonError = "ERROR"
)

// The error codes of an evaluation, as OpenFeature names them.
const (
	// ErrorProviderNotReady: nothing has been parsed yet. Evaluate never says
	// so, its caller may.
	ErrorProviderNotReady = "PROVIDER_NOT_READY"
	// ErrorFlagNotFound: the document has no flag of that key.
	ErrorFlagNotFound = "FLAG_NOT_FOUND"
	// ErrorParse: the flag's definition can't be used; see [Set.Err].
	ErrorParse = "PARSE_ERROR"
	// ErrorTypeMismatch: the variant's value isn't of the fallback's type.
	ErrorTypeMismatch = "TYPE_MISMATCH"
	// ErrorTargetingKeyMissing: a share has no targeting key to go by.
	ErrorTargetingKeyMissing = "TARGETING_KEY_MISSING"
	// ErrorGeneral: the targeting named a variant that doesn't exist, or
	// exceeded a limit.
	ErrorGeneral = "GENERAL"
)

// Evaluation is the outcome for one flag in one evaluation context.
type Evaluation struct {
	Value        any            // of the fallback's type
	Variant      string         // empty where the value is the fallback
	Reason       string         // one of the Reason constants
	ErrorCode    string         // one of the Error constants, empty without an error
	ErrorMessage string         // what is wrong and what to do about it, empty without an error
	Metadata     map[string]any // the flag's over the flag set's; shared, not to be changed
}

// Set is what a document holds: flags by their keys, or one flag without a key.
// What it answers never changes.
type Set struct {
	lone     *definition // answers to every key
	document *document   // otherwise
	salt     *salt       // of its shares; nil for the key that a flag is evaluated with
}
