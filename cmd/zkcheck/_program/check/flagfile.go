package check

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
	"github.com/mod-zookeeper/traefik-zookeeper/flag/lint"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/flagcheck"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
)

// A flagReport is what there is to say of a flag in a file.
type flagReport struct {
	File       string          `json:"file"`
	Key        string          `json:"key,omitempty"`
	Findings   []findingJSON   `json:"findings"`
	Evaluation *evaluationJSON `json:"evaluation"` // null for a document without a key
}

type findingJSON struct {
	Severity string `json:"severity"`
	Place    string `json:"place"`
	Message  string `json:"message"`
}

type evaluationJSON struct {
	Value        any    `json:"value"`
	Variant      string `json:"variant"`
	Reason       string `json:"reason"`
	ErrorCode    string `json:"errorCode,omitempty"`
	ErrorMessage string `json:"errorMessage,omitempty"`
}

// The exit codes of zkcheck flag, beyond sound and faulty.
const (
	suspicious = 2
	unreadable = 3
)

// checkFlag is zkcheck flag: it says what is wrong with a flag before it is written, and what
// it says to a request.
func checkFlag(arguments []string, in io.Reader, out, progress io.Writer) int {
	o, err := parseFlagOptions(arguments, out)
	if errors.Is(err, errHelp) {
		return sound
	}
	var text []byte
	if err == nil {
		text, err = readFlag(o.file, in)
	}
	if err != nil {
		fmt.Fprintln(progress, "zkcheck:", err)
		return unreadable
	}
	report := o.report(text)
	if o.format == "json" {
		encoder := json.NewEncoder(out)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		encoder.Encode(report)
	} else {
		report.print(out)
	}
	worst := ""
	for _, f := range report.Findings {
		if worst != lint.Mistake {
			worst = f.Severity
		}
	}
	switch {
	case worst == lint.Mistake:
		return faulty
	case worst == lint.Suspicion && o.strict:
		return suspicious
	}
	return sound
}

func readFlag(file string, in io.Reader) ([]byte, error) {
	if file == "-" {
		return io.ReadAll(in)
	}
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		err = noFile(file)
	}
	return text, err
}

func (o *flagOptions) report(text []byte) *flagReport {
	set, _ := flag.Parse(text) // what is wrong is among the findings
	report := &flagReport{File: o.file, Key: o.key, Findings: []findingJSON{}}
	keys := set.Keys()
	if o.key != "" || len(keys) == 0 {
		report.add("", o.findings(set, o.key))
		report.Evaluation = o.evaluate(set)
		return report
	}
	report.add("", flag.FindingsOfAll(set, len(keys)))
	for _, key := range keys {
		report.add("flags."+key, o.misfits(set, key))
	}
	return report
}

// findings are those of a flag, and of how it fits the rule that is to read it.
func (o *flagOptions) findings(set *flag.Set, key string) []*flag.Finding {
	return append(set.Findings(key), o.misfits(set, key)...)
}

// misfits are what doesn't fit the rule that is to read a flag.
func (o *flagOptions) misfits(set *flag.Set, key string) []*flag.Finding {
	var findings []*flag.Finding
	reader := &flagcheck.Reader{IsGate: o.rule == "gate", AnyContext: true, Context: map[string]*request.Template{}}
	for name := range o.context {
		reader.Context[name] = &request.Template{}
	}
	for _, f := range flagcheck.Findings(reader, set, key) {
		if f.Severity == lint.Suspicion || o.rule != "" {
			findings = append(findings, f)
		}
	}
	return findings
}

func (r *flagReport) add(flagPlace string, findings []*flag.Finding) {
	for _, f := range findings {
		place := f.Place
		if flagPlace != "" && !strings.HasPrefix(place, "$evaluators.") && place != "flags" {
			place = strings.TrimSuffix(flagPlace+"."+place, ".")
		}
		r.Findings = append(r.Findings, findingJSON{f.Severity, place, f.Message})
	}
}

// evaluate is what the flag says to the request.
func (o *flagOptions) evaluate(set *flag.Set) *evaluationJSON {
	if o.salt != "" {
		set = set.Salted(o.salt)
	} else if o.node != "" && o.key == "" {
		set = set.Salted(o.node)
	}
	reader := &request.Reader{Request: o.request}
	names, isComplete := set.Attributes(o.key)
	attributes := request.ContextOf(request.AttributesFor(names, nil), reader)
	for _, name := range names {
		if name == "headers" || name == "cookies" || name == "query" {
			isComplete = false
		}
	}
	if !isComplete {
		attributes = request.WholeContext(nil, reader)
	}
	for name, value := range o.context {
		attributes[name] = value
	}
	var fallback any
	if o.rule == "gate" {
		fallback = false
	}
	ev := set.Evaluate(o.key, fallback, attributes)
	if reader.Unread != "" {
		ev = flag.Evaluation{Value: fallback, Reason: flag.ReasonError, ErrorCode: flag.ErrorGeneral, ErrorMessage: "the request can't be read as far as the flag looks at it: " + reader.Unread}
	}
	return &evaluationJSON{ev.Value, ev.Variant, ev.Reason, ev.ErrorCode, ev.ErrorMessage}
}

func (r *flagReport) print(out io.Writer) {
	for _, f := range r.Findings {
		place := f.Place
		if place != "" {
			place += ": "
		}
		fmt.Fprintf(out, "%s: %s%s\n", f.Severity, place, f.Message)
	}
	if len(r.Findings) == 0 {
		fmt.Fprintln(out, "sound")
	}
	if r.Evaluation == nil {
		return
	}
	ev := r.Evaluation
	value, err := json.Marshal(ev.Value)
	if err != nil {
		value = []byte(err.Error())
	}
	fmt.Fprintf(out, "the request gets %s: reason %s", value, ev.Reason)
	if ev.Variant != "" {
		fmt.Fprintf(out, ", variant %q", ev.Variant)
	}
	if ev.ErrorCode != "" {
		fmt.Fprintf(out, ", error %s", ev.ErrorCode)
	}
	if ev.ErrorCode != "" && !r.hasReason(ev.ErrorCode) {
		fmt.Fprintf(out, ": %s", ev.ErrorMessage)
	}
	fmt.Fprintln(out)
}

// hasReason tells whether a mistake among the findings says already why an evaluation ends with an
// error.
func (r *flagReport) hasReason(code string) bool {
	if code != flag.ErrorParse && code != flag.ErrorFlagNotFound && code != flag.ErrorTypeMismatch {
		return false
	}
	return slices.ContainsFunc(r.Findings, func(f findingJSON) bool { return f.Severity == lint.Mistake })
}
