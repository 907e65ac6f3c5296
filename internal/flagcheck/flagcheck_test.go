package flagcheck

import (
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
	"github.com/mod-zookeeper/traefik-zookeeper/flag/lint"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
)

func by(attribute string) string {
	return `{"variants": {"on": true, "off": false}, "defaultVariant": "off", "targeting": {"if": [{"==": [{"var": "` + attribute + `"}, "x"]}, "on"]}}`
}

func TestWhatDoesntFit(t *testing.T) {
	country, err := request.ParseTemplate("{header.X-Country}")
	if err != nil {
		t.Fatal(err)
	}
	gate := &Reader{IsGate: true, Context: map[string]*request.Template{"country": country}}
	keyed := &Reader{IsGate: true, Context: map[string]*request.Template{"targetingKey": country}}
	header := &Reader{Context: map[string]*request.Template{}}
	anything := &Reader{IsGate: true, AnyContext: true}
	for _, c := range []struct {
		reader                  *Reader
		flag, severity, message string
	}{
		{gate, "on", "", ""},
		{gate, "100%", "", ""},
		{gate, "12.5%", lint.Suspicion, "set targetingKey"},
		{keyed, "12.5%", "", ""},
		{anything, "12.5%", "", ""},
		{gate, by("country"), "", ""},
		{gate, by("host"), "", ""},
		{gate, by("headers.x-user"), "", ""},
		{gate, by("query.q"), "", ""},
		{gate, by("headers.X-User"), lint.Suspicion, `write "headers.x-user"`},
		{gate, by("header.X-User"), lint.Suspicion, `write "headers.x-user"`},
		{anything, by("cookie.uid"), lint.Suspicion, `write "cookies.uid"`},
		{gate, by("contry"), lint.Suspicion, `write "country"`},
		{gate, by("method.name"), lint.Suspicion, "nothing gives"},
		{gate, by("email"), lint.Suspicion, "add it to the middleware's context"},
		{anything, by("email"), "", ""},
		{anything, by("targetingkey"), lint.Suspicion, `write "targetingKey"`},
		{anything, by("Host"), lint.Suspicion, `write "host"`},
		{anything, by("targeting_key"), lint.Suspicion, `write "targetingKey"`},
		{anything, by("{header.X-User}"), lint.Suspicion, "braces and alternatives are for placeholders; give the template a name in the middleware's context"},
		{gate, by("header.x-user|cookie.uid"), lint.Suspicion, "braces and alternatives are for placeholders"},
		{gate, by("$flagd.zone"), "", ""},
		{gate, by("timestamp"), lint.Suspicion, `write "$flagd.timestamp"`},
		{gate, by("targetingKey"), lint.Suspicion, "set targetingKey"},
		{gate, `{"variants": {"a": 1, "b": 0}, "defaultVariant": "a"}`, lint.Mistake, "1 is neither true nor false"},
		{gate, `{"variants": {"a": "true"}, "defaultVariant": "a"}`, lint.Mistake, "without quotes"},
		{gate, `{"variants": {"a": {"b": "` + strings.Repeat("x", 100) + `"}}, "defaultVariant": "a"}`, lint.Mistake, `x... is neither`},
		{header, `{"variants": {"a": "true", "b": "1"}, "defaultVariant": "a"}`, "", ""},
		{header, `{"variants": {"a": {"b": "x\ny"}}, "defaultVariant": "a"}`, "", ""},
		{header, `{"variants": {"a": "x\ny"}, "defaultVariant": "a"}`, lint.Mistake, "no header can have this value"},
		{header, `{"variants": {"a": "` + strings.Repeat("x", 9000) + `"}, "defaultVariant": "a"}`, lint.Mistake, "8 KiB"},
	} {
		set, err := flag.Parse([]byte(c.flag))
		if err != nil {
			t.Fatal(err)
		}
		findings := Findings(c.reader, set, "")
		if c.message == "" && len(findings) > 0 || c.message != "" && (len(findings) != 1 || findings[0].Severity != c.severity || !strings.Contains(findings[0].Message, c.message)) {
			t.Errorf("%.100s: %q", c.flag, Texts(findings))
		}
	}
}
