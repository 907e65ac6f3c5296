package behaviour

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
)

// report is the status in JSON, as its users read it.
type report struct {
	Ready           bool
	Waiting         []string
	PanicsRecovered int
	Clusters        []*clusterReport
	MiddlewareCount int
	Middlewares     []*middlewareReport
	Mistakes        []struct{ Middleware, Error string }
}

type clusterReport struct {
	Name, Chroot, State, Since, Server, Session, Problem                      string
	Servers                                                                   []string
	SessionTimeoutMs, Sessions, Reconnects, Watches, RefusedValues, NodeCount int
	Nodes                                                                     []*nodeReport
	Changes                                                                   []struct {
		Path, Kind   string
		Version      int
		Milliseconds float64
	}
	ChangesPerMinute []int
	Propagation      []struct{ Changes int }
}

type nodeReport struct {
	Path, Reads, Value, Modified, StaleSince, Watch, Problem string
	Exists, Loaded                                           bool
	Version, Users                                           int
}

type middlewareReport struct {
	Name, Error string
	Instances   int
	Headers     []struct {
		Name, Mode, From, Cluster, Value string
		Response, PerRequest             bool
	}
	Gates []struct {
		Flag, From, Cluster, Decision, Variant, Reason, ErrorCode string
		Status                                                    int
		Decisions                                                 map[string]map[string]int
	}
}

const statusLine = "statusPath: /.zookeeper\n"

// named starts a middleware of that name.
func (s *suite) named(t *testing.T, name, config string) *instance {
	t.Helper()
	decoded, err := plugin.FromYAML(config)
	if err != nil {
		t.Fatal(err)
	}
	inst, err := s.tryNamed(t, name, decoded)
	if err != nil {
		t.Fatal(err)
	}
	return inst
}

func (inst *instance) statusAt(t *testing.T, below string) answer {
	t.Helper()
	a := inst.send(http.MethodGet, "", "/.zookeeper"+below)
	if a.service != nil {
		t.Fatalf("/.zookeeper%s went on to the service", below)
	}
	return a
}

func (inst *instance) report(t *testing.T, query string) *report {
	t.Helper()
	a := inst.statusAt(t, "?format=json"+query)
	r := &report{}
	if err := json.Unmarshal([]byte(a.body), r); err != nil || a.status != http.StatusOK || a.answer.Get("Content-Type") != "application/json" {
		t.Fatalf("%d, %s, %v\n%s", a.status, a.answer.Get("Content-Type"), err, a.body)
	}
	return r
}

func (r *report) cluster(t *testing.T, name string) *clusterReport {
	t.Helper()
	i := slices.IndexFunc(r.Clusters, func(c *clusterReport) bool { return c.Name == name })
	if i < 0 {
		t.Fatalf("no cluster %s", name)
	}
	return r.Clusters[i]
}

func (r *report) middleware(t *testing.T, name string) *middlewareReport {
	t.Helper()
	i := slices.IndexFunc(r.Middlewares, func(m *middlewareReport) bool { return m.Name == name })
	if i < 0 {
		t.Fatalf("no middleware %s", name)
	}
	return r.Middlewares[i]
}

// node is the report of a path, or an empty one.
func (c *clusterReport) node(path string) nodeReport {
	for _, n := range c.Nodes {
		if n.Path == path {
			return *n
		}
	}
	return nodeReport{}
}

// series are the metrics by their names, parsed and found to be in order.
func (inst *instance) series(t *testing.T) map[string]*dto.MetricFamily {
	t.Helper()
	a := inst.statusAt(t, "/metrics")
	families, err := parseMetrics(a.body)
	if err != nil || a.answer.Get("Content-Type") != "text/plain; version=0.0.4; charset=utf-8" {
		t.Fatalf("%v, %s\n%s", err, a.answer.Get("Content-Type"), a.body)
	}
	return families
}

func parseMetrics(text string) (map[string]*dto.MetricFamily, error) {
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	problems, err := promlint.New(strings.NewReader(text)).Lint()
	for _, p := range problems {
		err = errors.Join(err, fmt.Errorf("%s: %s", p.Metric, p.Text))
	}
	seen := map[string]bool{}
	for line := range strings.Lines(text) {
		name := line[:strings.LastIndex(line, " ")]
		if seen[name] && !strings.HasPrefix(line, "#") {
			err = errors.Join(err, errors.New("twice: "+name))
		}
		seen[name] = true
	}
	return families, err
}

// value of a metric with labels, names and values in turn; -1 where there is none.
func value(families map[string]*dto.MetricFamily, name string, labels ...string) float64 {
	for _, m := range families["traefik_zookeeper_"+name].GetMetric() {
		matches := 0
		for _, label := range m.GetLabel() {
			for i := 0; i < len(labels); i += 2 {
				if label.GetName() == labels[i] && label.GetValue() == labels[i+1] {
					matches++
				}
			}
		}
		if 2*matches == len(labels) {
			return m.GetGauge().GetValue() + m.GetCounter().GetValue() + float64(m.GetHistogram().GetSampleCount())
		}
	}
	return -1
}

var statuses = []behaviour{
	{"the status of a cluster and its nodes", func(t *testing.T, s *suite) {
		for path, text := range map[string]string{"title": "blue", "list/a": "", "list/b": "", "bad": "perhaps", "empty": "", "tenants/a": "gold", "bytes": "\xff\xfe"} {
			s.admin.Put("/status/"+path, []byte(text))
		}
		cluster := uniqueCluster()
		inst := s.start(t, statusLine+"clusters: {"+cluster+": {servers: '"+s.zk.Addr()+"/status'}}\ngates: [{path: /bad, default: 'on'}]\nrequestHeaders:\n"+
			"  - {name: X-Title, path: /title}\n  - {name: X-Again, path: /title}\n  - {name: X-List, path: /list, format: children}\n  - {name: X-None, path: /none}\n"+
			"  - {name: X-Bytes, path: /bytes}\n  - {name: X-Plan, path: '/tenants/{header.X-Tenant}'}\n")
		inst.awaitHeader(t, "X-Title", "blue")
		s.admin.Put("/status/title", []byte("green"))
		s.admin.Put("/status/none", []byte("now"))
		inst.awaitHeader(t, "X-None", "now")
		s.admin.Delete("/status/none")
		inst.awaitHeader(t, "X-None", "(none)")
		inst.awaitHeader(t, "X-Title", "green")
		c := inst.report(t, "").cluster(t, cluster)
		if c.State != "connected" || c.Chroot != "/status" || !slices.Equal(c.Servers, []string{s.zk.Addr()}) || c.Server != s.zk.Addr() || !strings.HasPrefix(c.Session, "0x") ||
			c.Since == "" || c.SessionTimeoutMs != 4000 || c.Sessions != 1 || c.Reconnects != 0 || c.RefusedValues != 2 || c.Problem != "" {
			t.Errorf("%+v", c)
		}
		// title, none, bytes, bad; list twice: as a list and whether it is there; and the recursive watch
		if c.Watches < 6 || c.NodeCount != len(c.Nodes) || len(c.Nodes) < 6 {
			t.Errorf("%d watches, %d and %d nodes", c.Watches, c.NodeCount, len(c.Nodes))
		}
		for path, want := range map[string]nodeReport{
			"/title":     {Reads: "data", Exists: true, Loaded: true, Value: "green", Version: 1, Watch: "own", Users: 1},
			"/list":      {Reads: "children", Exists: true, Loaded: true, Value: "2 below", Watch: "own", Users: 1},
			"/none":      {Reads: "data", Loaded: true, Watch: "own", Users: 1},
			"/bytes":     {Reads: "data", Exists: true, Loaded: true, Value: "2 bytes that are no text", Watch: "own", Users: 1, Problem: "text"},
			"/bad":       {Reads: "data", Exists: true, Loaded: true, Value: "perhaps", Watch: "own", Users: 1, Problem: "flag"},
			"/tenants/a": {Reads: "data", Exists: true, Loaded: true, Value: "gold", Watch: "recursive", Users: 1},
		} {
			got := c.node(path)
			if strings.Contains(got.Problem, "refused as "+want.Problem) {
				got.Problem = want.Problem
			}
			if (got.Modified != "") != want.Exists {
				t.Errorf("%s: modified %q", path, got.Modified)
			}
			want.Path, got.Modified = path, ""
			if got != want {
				t.Errorf("%+v\ninstead of %+v", got, want)
			}
		}
		var changes []string
		for _, change := range c.Changes {
			if change.Milliseconds < 0 || change.Milliseconds > 60000 {
				t.Errorf("%s took %g ms", change.Path, change.Milliseconds)
			}
			changes = append(changes, fmt.Sprint(change.Path, " ", change.Kind, " ", change.Version))
		}
		slices.Sort(changes)
		if want := []string{"/none created 0", "/none deleted 0", "/title changed 1"}; !slices.Equal(changes, want) {
			t.Errorf("changes %q", changes)
		}
		if sum(c.ChangesPerMinute) != 3 || len(c.ChangesPerMinute) != 60 || len(c.Propagation) != 13 {
			t.Errorf("%v, %v", c.ChangesPerMinute, c.Propagation)
		}
		below := inst.report(t, "&path=/t").cluster(t, cluster)
		if below.node("/title").Path == "" || below.node("/tenants/a").Path == "" || below.node("/list").Path != "" || below.NodeCount != c.NodeCount {
			t.Errorf("below /t: %+v", below.Nodes)
		}
		if all := inst.report(t, "&path=/").cluster(t, cluster); len(all.Nodes) != c.NodeCount {
			t.Errorf("%d of %d nodes are below /", len(all.Nodes), c.NodeCount)
		}
	}},
	{"the status of gates and headers", func(t *testing.T, s *suite) {
		for path, text := range map[string]string{"/statuses/open": "on", "/statuses/share": "50%", "/statuses/closed": "off", "/statuses/value": "blue", "/statuses/theme": variant(`"dark"`)} {
			s.admin.Put(path, []byte(text))
		}
		cluster := uniqueCluster()
		define := "clusters: {" + cluster + ": {servers: '" + s.zk.Addr() + "'}}\n"
		page := s.named(t, t.Name()+"/page", statusLine)
		open := s.named(t, t.Name()+"/open", define+"targetingKey: '{header.X-User}'\nresponseHeaders: [{name: X-Served, path: /statuses/value}]\n"+
			"requestHeaders: [{name: X-Value, path: [/statuses/none, /statuses/value]}, {name: X-Theme, flag: /statuses/theme}, {name: X-Plan, path: '/statuses/{header.X-User}'}, {name: X-Gone, mode: remove}]\n"+
			"gates: [{path: /statuses/open}, {path: /statuses/share, status: 404}, {path: /statuses/closed, dryRun: true}, {path: /statuses/none, default: 'on'}]\n")
		closed := s.named(t, t.Name()+"/closed", define+"gates: [{path: /statuses/closed, status: 451, bypass: {methods: POST}}]\n")
		other := s.named(t, t.Name()+"/closed", define+"gates: [{path: /statuses/closed, status: 451, bypass: {methods: POST}}]\n")
		for i := range 40 {
			open.get(fmt.Sprint("X-User: ", i))
		}
		for _, inst := range []*instance{closed, other} {
			inst.awaitStatus(t, 451)
		}
		closed.do(http.MethodPost)

		r := page.report(t, "")
		m := r.middleware(t, t.Name()+"/open")
		var headers, gates []string
		for _, h := range m.Headers {
			headers = append(headers, fmt.Sprintf("%s %s %s %s response=%t each=%t %s", h.Name, h.Mode, h.From, h.Value, h.Response, h.PerRequest, strings.ReplaceAll(h.Cluster, cluster, "main")))
		}
		for _, g := range m.Gates {
			gates = append(gates, fmt.Sprintf("%s %s %s %s %s %d %s", g.Flag, g.From, g.Decision, g.Reason, g.ErrorCode, g.Status, strings.ReplaceAll(g.Cluster, cluster, "main")))
		}
		slices.Sort(headers)
		for _, list := range []struct{ got, want []string }{
			{headers, []string{
				"X-Gone remove   response=false each=false ", "X-Plan set /statuses/{header.X-User} as text  response=false each=true main",
				"X-Served set /statuses/value as text blue response=true each=false main",
				"X-Theme set /statuses/theme as flag dark response=false each=false main", "X-Value set /statuses/none, /statuses/value as text blue response=false each=false main",
			}},
			{gates, []string{
				"/statuses/open /statuses/open as flag pass STATIC  403 main", "/statuses/share /statuses/share as flag    404 main",
				"/statuses/closed /statuses/closed as flag dry-run STATIC  403 main", "/statuses/none /statuses/none as flag pass ERROR FLAG_NOT_FOUND 403 main",
			}},
		} {
			if !slices.Equal(list.got, list.want) {
				t.Errorf("%q\ninstead of\n%q", list.got, list.want)
			}
		}
		share := m.Gates[1].Decisions
		passed, blocked := share["pass"]["SPLIT"], share["block"]["SPLIT"]
		if passed+blocked != 40 || passed == 0 || blocked == 0 {
			t.Errorf("a share of 50%% of 40 decides %v", share)
		}
		if got := []int{m.Gates[0].Decisions["pass"]["STATIC"], m.Gates[2].Decisions["dry-run"]["STATIC"], m.Gates[3].Decisions["pass"]["ERROR"]}; !slices.Equal(got, []int{40, passed, passed}) {
			t.Errorf("the other gates count %v; %d passed the share", got, passed)
		}
		both := r.middleware(t, t.Name()+"/closed")
		if g := both.Gates[0]; both.Instances != 2 || g.Decision != "" || g.Decisions["block"]["STATIC"] < 2 || g.Decisions["bypass"]["STATIC"] != 1 {
			t.Errorf("%+v", both)
		}
		series := page.series(t)
		if got := value(series, "gate_decisions_total", "middleware", t.Name()+"/open", "gate", "/statuses/share", "decision", "pass", "reason", "SPLIT"); got != float64(passed) {
			t.Errorf("the metric counts %g, not %d", got, passed)
		}
	}},
	{"the status of a cluster that nobody reads from", func(t *testing.T, s *suite) {
		cluster := uniqueCluster()
		inst := s.start(t, statusLine+"clusters: {"+cluster+": {servers: '127.0.0.1:1', sessionTimeout: 100ms}}\n")
		if c := inst.report(t, "").cluster(t, cluster); c.State != "suspended" || c.Problem != "" || len(c.Nodes) != 0 {
			t.Errorf("%+v", c)
		}
		if got := value(inst.series(t), "value_age_seconds", "cluster", cluster); got != 0 {
			t.Errorf("its values are %g s old", got)
		}
		inst.awaitReady(t, http.StatusOK, "ready")
	}},
	{"two gates of one flag, in the status", func(t *testing.T, s *suite) {
		s.admin.Put("/statuses/twice", []byte("on"))
		inst := s.start(t, statusLine+anyCluster+"gates: [{path: /statuses/twice}, {path: /statuses/twice, blockWhen: 'on', status: 503}]\n")
		inst.awaitStatus(t, 503)
		inst.series(t)
		if m := inst.report(t, "").middleware(t, t.Name()); len(m.Gates) != 2 || m.Gates[0].Decision != "pass" || m.Gates[1].Decision != "block" {
			t.Errorf("%+v", m)
		}
	}},
	{"the status without values, and never with secrets", hiding},
	{"values, paths and names that are markup", escaping},
	{"the status by method, format and path", negotiating},
	{"bad settings of the status", func(t *testing.T, s *suite) {
		for _, c := range [][]string{
			{"statusPath: zookeeper", "statusPath", `"zookeeper"`, "begins with a slash"}, {"statusPath: /", "statusPath", `"/"`, "as in /.zookeeper"},
			{"statusPath: /a/", "statusPath", `"/a/"`, "slash"}, {"statusPath: /a?b", "statusPath", `"/a?b"`, "slash"}, {"statusPath: /a/../b", "statusPath", `"/a/../b"`, "slash"},
			{"statusPath: /a%20b", "statusPath", `"/a%20b"`, "slash"}, {"statusPath: //a", "statusPath", `"//a"`, "slash"},
			{"statusValues: maybe", "statusValues", `"maybe"`, "true or false"},
		} {
			_, err := s.try(t, c[0])
			for _, word := range c[1:] {
				if err == nil || !strings.Contains(err.Error(), word) {
					t.Errorf("%s: %v", c[0], err)
				}
			}
		}
	}},
	{"more nodes than a report lists", func(t *testing.T, s *suite) {
		const many = 230
		config := "requestHeaders:\n"
		for i := range many {
			config += fmt.Sprintf("  - {name: X-H%d, path: /statuses/many/%03d}\n", i, i)
		}
		cluster := uniqueCluster()
		inst := s.start(t, statusLine+"clusters: {"+cluster+": {servers: '"+s.zk.Addr()+"'}}\n"+config)
		inst.get()
		c := inst.report(t, "").cluster(t, cluster)
		if len(c.Nodes) != 200 || c.NodeCount != many || c.node("/statuses/many/000").Path == "" {
			t.Errorf("%d of %d nodes", len(c.Nodes), c.NodeCount)
		}
		if c := inst.report(t, "&path=/statuses/many/22").cluster(t, cluster); len(c.Nodes) != 10 {
			t.Errorf("%d nodes begin so", len(c.Nodes))
		}
		if got := inst.statusAt(t, "").body; !strings.Contains(got, "30 more nodes") {
			t.Error("the page doesn't tell of 30 more nodes")
		}
	}},
	{"more middlewares than a report lists", func(t *testing.T, s *suite) {
		for i := range 210 {
			s.named(t, fmt.Sprintf("many%03d@file", i), "requestHeaders: [{name: X-Gone, mode: remove}]\n")
		}
		inst := s.named(t, "page@file", statusLine)
		if r := inst.report(t, ""); len(r.Middlewares) != 200 || r.MiddlewareCount != 211 {
			t.Errorf("%d of %d middlewares", len(r.Middlewares), r.MiddlewareCount)
		}
		if r := inst.report(t, "&middleware=many20"); len(r.Middlewares) != 10 || r.Middlewares[0].Name != "many200@file" || r.MiddlewareCount != 211 {
			t.Errorf("%d middlewares begin so", len(r.Middlewares))
		}
		if got := inst.statusAt(t, "").body; !strings.Contains(got, "11 more middlewares") {
			t.Error("the page doesn't tell of 11 more middlewares")
		}
	}},
}

func sum(counts []int) int {
	all := 0
	for _, count := range counts {
		all += count
	}
	return all
}

var statusFormats = []string{"?format=json", "?format=html", "?format=prometheus", "/ready"}

// hiding: what an administrator hides is in no format; secrets never are, in what
// is told of mistakes neither.
func hiding(t *testing.T, s *suite) {
	for path, text := range map[string]string{"value": "blue-value", "bad": "bad-value", "theme": variant(`"theme-value"`), "json": `{"a":"inner-value"}`, "broken": `{"broken-value`} {
		s.admin.Put("/hidden/"+path, []byte(text))
	}
	rules := "clusters: {$CLUSTER: {servers: $SERVERS, username: user-secret, password: pass-secret}}\n" +
		"requestHeaders: [{name: X-Value, path: /hidden/value}, {name: X-Theme, flag: /hidden/theme}, {name: X-Inner, path: /hidden/json, format: json, key: a}, {name: X-Broken, path: /hidden/broken, format: json, key: a}]\n" +
		"responseHeaders: [{name: X-Value, path: /hidden/value}]\n" +
		"gates: [{path: /hidden/bad, bypass: {header: {name: X-Pass, value: header-secret-0123456789}, cookie: {name: pass, value: cookie-secret-0123456789}}, default: 'on'}]\n"
	config := s.own(rules)
	s.must(t, config).awaitHeader(t, "X-Value", "blue-value")
	s.must(t, strings.Replace(config, "path: /hidden/bad", "path: bad", 1)).awaitStatus(t, 503)
	s.must(t, strings.Replace(config, "pass-secret", "other-secret", 1)).awaitStatus(t, 503)
	shown, hidden := s.must(t, statusLine), s.must(t, statusLine+"statusValues: false\n")
	s.must(t, strings.Replace(config, "path: /hidden/bad", "path: bad", 1)) // another router's
	for _, format := range statusFormats {
		for _, inst := range []*instance{shown, hidden} {
			body := inst.statusAt(t, format).body
			if strings.Contains(body, "-secret") {
				t.Errorf("%s has a secret:\n%s", format, body)
			}
			if inst == hidden && strings.Contains(body, "-value") {
				t.Errorf("%s has a value:\n%s", format, body)
			}
		}
	}
	body := shown.statusAt(t, "?format=html").body
	for _, text := range []string{"blue-value", "theme-value", "inner-value", "bad-value", t.Name()} {
		if !strings.Contains(body, text) {
			t.Errorf("the page lacks %s", text)
		}
	}
	if body := hidden.statusAt(t, "?format=html").body; !strings.Contains(body, "hidden") {
		t.Error("the page doesn't tell that it hides values")
	}
	if mistakes := shown.report(t, "").Mistakes; len(mistakes) != 2 {
		t.Errorf("mistakes %+v", mistakes)
	}
}

var (
	script = regexp.MustCompile(`(?s)<script nonce="[^"]+">.*?</script>`)
	void   = regexp.MustCompile(`<((?:meta|input) [^>]*)>`) // elements without an end
)

// escaping: nothing that comes from outside is ever markup.
func escaping(t *testing.T, s *suite) {
	const text = "<script>alert(\"1\")</script>'&\n\\end"
	path := `/markup/<b>"'&\x</b>`
	s.admin.Put(path, []byte(text))
	name := t.Name() + "\n\"<i>\\"
	cluster := uniqueCluster()
	quoted, err := json.Marshal(path)
	if err != nil {
		t.Fatal(err)
	}
	inst := s.named(t, name, statusLine+"clusters: {"+cluster+": {servers: '"+s.zk.Addr()+"'}}\n"+
		"requestHeaders: [{name: X-Value, path: "+string(quoted)+", format: exists}]\ngates: [{path: "+string(quoted)+", default: 'on'}]\n")
	inst.get()
	page := inst.statusAt(t, "?path=%22%3E%3Cu%3E").body + inst.statusAt(t, "").body
	for _, markup := range []string{"<script>", "<b>", "<i>", "<u>", `"'`} {
		if strings.Contains(script.ReplaceAllString(page, ""), markup) {
			t.Errorf("the page has %s", markup)
		}
	}
	nested(t, inst.statusAt(t, "").body)
	if n := inst.report(t, "").cluster(t, cluster).node(path); n.Value != `<script>alert("1")</script>'& \end` {
		t.Errorf("%+v", n)
	}
	if got := value(inst.series(t), "gate_decisions_total", "middleware", name, "gate", path); got < 1 {
		t.Errorf("the metric counts %g", got)
	}
}

// nested checks that every element of a page ends, and where it should.
func nested(t *testing.T, page string) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(void.ReplaceAllString(script.ReplaceAllString(page, ""), "<$1/>")))
	ids := map[string]bool{}
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, page)
		}
		if start, is := token.(xml.StartElement); is {
			for _, a := range start.Attr {
				if a.Name.Local == "id" && ids[a.Value] {
					t.Errorf("id %s is there twice", a.Value)
				}
				ids[a.Value] = ids[a.Value] || a.Name.Local == "id"
			}
		}
	}
}

func negotiating(t *testing.T, s *suite) {
	s.admin.Put("/statuses/shut", []byte("off"))
	inst := s.start(t, statusLine+anyCluster+"gates: [{path: /statuses/shut, status: 418}]\n")
	inst.awaitStatus(t, 418)
	const page, document, text = "text/html; charset=utf-8", "application/json", "text/plain; charset=utf-8"
	for _, c := range []struct {
		method, url, accept string
		status              int
		contentType         string
	}{
		{"GET", "", "", 200, page}, {"HEAD", "", "", 200, page}, {"GET", "", "*/*", 200, page},
		{"GET", "", "text/html,application/xhtml+xml,*/*;q=0.8", 200, page}, {"GET", "", "application/json", 200, document},
		{"GET", "", "application/json, text/html;q=0.5", 200, document}, {"GET", "", "application/json;q=0.5, text/html", 200, page},
		{"GET", "?format=json", "text/html", 200, document}, {"GET", "?format=html", "application/json", 200, page},
		{"GET", "?format=prometheus", "", 200, "text/plain; version=0.0.4; charset=utf-8"}, {"GET", "?format=xml", "", 400, text}, {"GET", "?format=<b>", "", 400, text},
		{"GET", "/ready", "", 200, text}, {"HEAD", "/ready", "", 200, text},
		{"POST", "", "", 405, text}, {"DELETE", "/ready", "", 405, text}, {"OPTIONS", "/metrics", "", 405, text}, {"PUT", "?format=json", "", 405, text},
		// not the status: the gate answers
		{"GET", "X", "", 418, text}, {"GET", "/other", "", 418, text}, {"GET", "/", "", 418, text}, {"GET", "/ready/", "", 418, text}, {"GET", "/metricsX", "", 418, text},
	} {
		a := inst.send(c.method, "", "/.zookeeper"+c.url, "Accept: "+c.accept)
		if a.status != c.status || a.answer.Get("Content-Type") != c.contentType {
			t.Errorf("%s %s for %q: %d, %s", c.method, c.url, c.accept, a.status, a.answer.Get("Content-Type"))
		}
		if a.answer.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be kept", c.url)
		}
		if a.status == http.StatusMethodNotAllowed && a.answer.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s allows %q", c.url, a.answer.Get("Allow"))
		}
	}
	if a := inst.statusAt(t, "?format=<b>"); !strings.Contains(a.body, "html, json or prometheus") || strings.Contains(a.body, "<b>") {
		t.Errorf("%q", a.body)
	}
	s.admin.Put("/statuses/shut", []byte("on"))
	inst.awaitStatus(t, 200)
	for _, url := range []string{"/.zookeeperX", "/.zookeeper/other", "/x/.zookeeper"} {
		if a := inst.send(http.MethodGet, "", url); a.service == nil {
			t.Errorf("%s doesn't reach the service", url)
		}
	}
}
