package rules

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/ipset"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
)

// fileWith is a file that has a text in it.
func fileWith(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// getsBy tells whether a request gets by a closed gate with that bypass.
func getsBy(t *testing.T, b *config.Bypass, r *http.Request) bool {
	t.Helper()
	list := &problems.List{}
	compiled := checkBypass("bypass", b, list)
	if len(list.Texts()) > 0 {
		t.Fatalf("%+v: %v", b, list.Err())
	}
	return Passes(compiled, r)
}

// A request gets by that has any of what the bypass names, and no other one.
func TestWhoGetsBy(t *testing.T) {
	secret := &config.Secret{Name: "Pass", Value: "s3cret"}
	for _, c := range []struct {
		what   string
		bypass *config.Bypass
		path   string
		header http.Header
		want   bool
	}{
		{"nothing", &config.Bypass{}, "/", nil, false},
		{"the method", &config.Bypass{Methods: []string{" GET "}}, "/", nil, true},
		{"another method", &config.Bypass{Methods: []string{"OPTIONS"}}, "/", nil, false},
		{"the address", &config.Bypass{IPs: []string{"10.0.0.0/8", " 192.0.2.1"}}, "/", nil, true},
		{"another address", &config.Bypass{IPs: []string{"192.0.2.2"}}, "/", nil, false},
		{"the address behind a proxy", &config.Bypass{IPs: []string{"192.0.2.1"}}, "/", http.Header{"X-Real-Ip": {"198.51.100.1"}}, false},
		{"the path", &config.Bypass{PathPrefixes: []string{"/health"}}, "/health", nil, true},
		{"a path below", &config.Bypass{PathPrefixes: []string{"/health/"}}, "/health/live", nil, true},
		{"a longer name", &config.Bypass{PathPrefixes: []string{"/health"}}, "/healthy", nil, false},
		{"a path that leads elsewhere", &config.Bypass{PathPrefixes: []string{"/health"}}, "/health/../admin", nil, false},
		{"the header", &config.Bypass{Header: secret}, "/", http.Header{"Pass": {"s3cret"}}, true},
		{"the header's second line", &config.Bypass{Header: secret}, "/", http.Header{"Pass": {"wrong", "s3cret"}}, true},
		{"another value", &config.Bypass{Header: secret}, "/", http.Header{"Pass": {"s3cret "}}, false},
		{"the value in another header", &config.Bypass{Header: secret}, "/", http.Header{"Other": {"s3cret"}}, false},
		{"the value as a cookie", &config.Bypass{Header: secret}, "/", http.Header{"Cookie": {"Pass=s3cret"}}, false},
		{"the cookie", &config.Bypass{Cookie: secret}, "/", http.Header{"Cookie": {"a=b; Pass=s3cret"}}, true},
		{"the cookie with another value", &config.Bypass{Cookie: secret}, "/", http.Header{"Cookie": {"Pass=s3cretly"}}, false},
		{"the cookie as a header", &config.Bypass{Cookie: secret}, "/", http.Header{"Pass": {"s3cret"}}, false},
	} {
		r := &http.Request{Method: http.MethodGet, RemoteAddr: "192.0.2.1:1234", URL: &url.URL{Path: c.path}, Header: c.header}
		if got := getsBy(t, c.bypass, r); got != c.want {
			t.Errorf("%s: %t", c.what, got)
		}
	}
}

// A secret comes from the configuration, a file or the environment.
func TestSourcesOfASecret(t *testing.T) {
	t.Setenv("BYPASS_TEST_SECRET", "s3cret")
	t.Setenv("BYPASS_TEST_LINE", "s3cret\n")
	r := &http.Request{URL: &url.URL{Path: "/"}, Header: http.Header{"Pass": {"s3cret"}}}
	for _, secret := range []*config.Secret{{Name: "Pass", Value: "s3cret"}, {Name: "Pass", ValueFile: fileWith(t, "s3cret\r\n")}, {Name: "Pass", ValueEnv: "BYPASS_TEST_SECRET"},
		{Name: "Pass", Value: "s3cret\n"}, {Name: "Pass", ValueFile: fileWith(t, " s3cret \t\n")}, {Name: "Pass", ValueEnv: "BYPASS_TEST_LINE"}} {
		if !getsBy(t, &config.Bypass{Header: secret}, r) {
			t.Errorf("%+v: nobody gets by", secret)
		}
	}
}

// A mistake in a bypass has its key, and never a secret in it.
func TestMistakesInABypass(t *testing.T) {
	for _, c := range []struct {
		bypass config.Bypass
		want   string
	}{
		{config.Bypass{IPs: []string{"host"}}, `b.ips: "host": an address`},
		{config.Bypass{Methods: []string{"get"}}, `b.methods: "get": a method in capitals`},
		{config.Bypass{Methods: []string{""}}, "b.methods: "},
		{config.Bypass{PathPrefixes: []string{"health"}}, `b.pathPrefixes: "health": a path`},
		{config.Bypass{PathPrefixes: []string{"/a/../b"}}, "b.pathPrefixes: "},
		{config.Bypass{PathPrefixes: []string{"/a%2fb"}}, "b.pathPrefixes: "},
		{config.Bypass{Header: &config.Secret{Name: "X Y", Value: "s3cret"}}, `b.header.name: "X Y": a name is expected`},
		{config.Bypass{Header: &config.Secret{Name: "X-Pass: s3cret"}}, `b.header.name: "X-Pass...": a name is expected`},
		{config.Bypass{Cookie: &config.Secret{Name: "pass=s3cret"}}, `b.cookie.name: "pass...": a name is expected`},
		{config.Bypass{Header: &config.Secret{Value: "s3cret"}}, `b.header.name: "": a name is expected`},
		{config.Bypass{Header: &config.Secret{Name: "Pass", Value: "s3cret\ns3cret"}}, `b.header.value: "...": it has a line break`},
		{config.Bypass{Header: &config.Secret{Name: "Pass", Value: " \n"}}, "b.header.value: "},
		{config.Bypass{Header: &config.Secret{Name: "Connection", Value: "s3cret"}}, "b.header.name: "},
		{config.Bypass{Header: &config.Secret{Name: "Pass"}}, "b.header.value: "},
		{config.Bypass{Cookie: &config.Secret{Name: "pass", Value: "s3cret", ValueEnv: "SET"}}, "b.cookie.value: "},
		{config.Bypass{Cookie: &config.Secret{Name: "pass", ValueFile: "/missing/file"}}, "b.cookie.valueFile: "},
		{config.Bypass{Cookie: &config.Secret{Name: "pass", ValueEnv: "BYPASS_TEST_NOT_SET"}}, "b.cookie.valueEnv: "},
		{config.Bypass{Cookie: &config.Secret{Name: "pass", Value: strings.Repeat("s3cret", 1000)}}, "6000 bytes"},
	} {
		list := &problems.List{}
		checkBypass("b", &c.bypass, list)
		if got := strings.Join(list.Texts(), "; "); !strings.Contains(got, c.want) || strings.Contains(got, "s3cret") {
			t.Errorf("%+v: %s; want %s", c.bypass, got, c.want)
		}
	}
}

// The networks of a list count beside those of the configuration, for as long as the list
// has them.
func TestListedNetworks(t *testing.T) {
	listed := ipset.New()
	network, _ := ipset.ParseNetwork("192.0.2.0/24")
	ipset.Add(listed, network)
	from := func(address string) *http.Request {
		return &http.Request{RemoteAddr: address + ":1", URL: &url.URL{Path: "/"}}
	}
	b := checkBypass("b", &config.Bypass{IPs: []string{"10.0.0.1"}, IPsPath: []string{"/allowed"}}, &problems.List{})
	for _, c := range []struct {
		bypass  *Bypass
		address string
		want    bool
	}{
		{b, "10.0.0.1", true}, {b, "192.0.2.1", false}, {b.WithListed(listed), "10.0.0.1", true}, {b.WithListed(listed), "192.0.2.1", true}, {b.WithListed(listed), "192.0.3.1", false},
		{b.WithListed(ipset.New()), "192.0.2.1", false}, {b, "192.0.2.1", false},
	} {
		if got := Passes(c.bypass, from(c.address)); got != c.want {
			t.Errorf("%s: %t", c.address, got)
		}
	}
}
