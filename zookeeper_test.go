package zookeeper

import (
	"net/http"
	"net/http/httptest"
	"reflect"
	"sort"
	"strings"
	"testing"
)

func TestHeaderText(t *testing.T) {
	for text, want := range map[string]string{
		"":                        "",
		"plain":                   "plain",
		" \ttrimmed\t ":           "trimmed",
		"tab\tinside":             "tab\tinside",
		"Zürich":                  "Zürich",
		strings.Repeat("x", 8192): strings.Repeat("x", 8192),
	} {
		got, err := headerText(text)
		if err != nil || got != want {
			t.Errorf("%.20q gives %.20q, %v", text, got, err)
		}
	}
	for _, text := range []string{"a\nb", "a\rb", "a\n", "\x00", "\x1f", "\x7f", "\xff", strings.Repeat("x", 8193)} {
		if got, err := headerText(text); err == nil {
			t.Errorf("%.20q gives %.20q", text, got)
		}
	}
}

func TestTwins(t *testing.T) {
	for name, want := range map[string][]string{
		"Release":   nil,
		"X-Release": {"X_release"},
		"X_release": {"X-Release"},
		"X-Db-Host": {"X-Db_host", "X_db-Host", "X_db_host"},
	} {
		got := twins(name)
		sort.Strings(got)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s has the twins %q, want %q", name, got, want)
		}
		for _, twin := range got {
			if twin != http.CanonicalHeaderKey(twin) {
				t.Errorf("the server never delivers %s", twin)
			}
		}
	}
}

func TestClusterSettings(t *testing.T) {
	same := [][]string{
		{"zk1:2181,zk2:2182/edge"},
		{"zk1", "zk2:2182/edge"},
		{" zk2:2182, zk1:2181/edge"},
		{"ZK1", "zk2:2182", "zk1:2181/edge"},
	}
	want := "zk1:2181,zk2:2182/edge 4s"
	for _, servers := range same {
		f := &faults{}
		s := checkCluster("c", Cluster{Servers: servers}, f)
		if s.describe() != want || f.err() != nil {
			t.Errorf("%q gives %q, %v", servers, s.describe(), f.err())
		}
	}
	f := &faults{}
	s := checkCluster("c", Cluster{Servers: []string{"[2001:db8::1]", "[fe80::1%eth0]:2182/"}, SessionTimeout: "1m"}, f)
	if want := "[2001:db8::1]:2181,[fe80::1%eth0]:2182 1m0s"; s.describe() != want || f.err() != nil {
		t.Errorf("IPv6 gives %q, %v", s.describe(), f.err())
	}
}

func TestNetworks(t *testing.T) {
	for text, want := range map[string]string{
		"10.0.0.0/8": "10.0.0.0/8", "10.0.0.1": "10.0.0.1/32", "::ffff:10.0.0.1": "10.0.0.1/32", "2001:db8::1": "2001:db8::1/128",
	} {
		f := &faults{}
		if got := checkNetwork("ips", text, f).String(); got != want || f.err() != nil {
			t.Errorf("%s gives %s, %v", text, got, f.err())
		}
	}
	for _, text := range []string{"", "10.0.0", "10.0.0.0/33", "host"} {
		f := &faults{}
		if checkNetwork("ips", text, f); f.err() == nil {
			t.Errorf("%q passes", text)
		}
	}
}

func TestPathFault(t *testing.T) {
	for _, path := range []string{"/", "/a", "/a/b.c", "/a/...", "/a b/ü", "/a/.b"} {
		if fault := pathFault(path); fault != "" {
			t.Errorf("%q %s", path, fault)
		}
	}
	for _, path := range []string{"", "a", "/a/", "//", "/a//b", "/.", "/a/..", "/a/./b", "/a\x00", "/a\x7f", "/\ufff0", "/{host}", "/\xff"} {
		if pathFault(path) == "" {
			t.Errorf("%q passes", path)
		}
	}
}

func TestGuardsRoute(t *testing.T) {
	list := []any{map[string]any{"path": "/a"}}
	for name, want := range map[string]bool{"gates": true, "GATES": true, "gate": true, "gaets": true, "gtaes": true, "requestHeaders": false, "cluster": false, "maxStale": false, "tags": false} {
		if got := guardsRoute(&Config{Decoded: map[string]any{name: list}}); got != want {
			t.Errorf("%s: %t", name, got)
		}
	}
	if guardsRoute(&Config{Decoded: map[string]any{"gates": []any{}}}) {
		t.Error("an empty list of gates guards nothing")
	}
	if !guardsRoute(&Config{Gates: []Gate{{}}}) {
		t.Error("typed gates don't count")
	}
}

// The request path of headers and boolean gates works on what was prepared.
func TestRequestAllocatesNothing(t *testing.T) {
	s := &snapshot{names: []string{"X-A"}, values: [][]string{{"a"}}, removed: []string{"X_a", "X-B"}}
	handler := newFront(handlerFor(servingOf(s, &rules{}), http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))).handler
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header["X-A"] = nil
	if n := testing.AllocsPerRun(100, func() { handler.ServeHTTP(nil, r) }); n != 0 {
		t.Errorf("%v allocations a request", n)
	}
	if r.Header.Get("X-A") != "a" {
		t.Errorf("X-A is %q", r.Header.Get("X-A"))
	}
}
