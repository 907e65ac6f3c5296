package zookeeper

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestNetworks(t *testing.T) {
	for text, want := range map[string]string{
		"10.0.0.0/8": "10.0.0.0/8", "10.0.0.1": "10.0.0.1/32", "::ffff:10.0.0.1": "10.0.0.1/32", "2001:db8::1": "2001:db8::1/128",
	} {
		f := &problemList{}
		if got := checkNetwork("ips", text, f).String(); got != want || f.err() != nil {
			t.Errorf("%s gives %s, %v", text, got, f.err())
		}
	}
	for _, text := range []string{"", "10.0.0", "10.0.0.0/33", "host"} {
		f := &problemList{}
		if checkNetwork("ips", text, f); f.err() == nil {
			t.Errorf("%q passes", text)
		}
	}
}

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
func getsBy(t *testing.T, b *Bypass, r *http.Request) bool {
	t.Helper()
	f := &problemList{}
	compiled := checkBypass("bypass", b, f)
	if len(f.list) > 0 {
		t.Fatalf("%+v: %v", b, f.err())
	}
	return passes(compiled, r)
}

// A request gets by that has any of what the bypass names, and no other one.
func TestWhoGetsBy(t *testing.T) {
	secret := &Secret{Name: "Pass", Value: "s3cret"}
	for _, c := range []struct {
		what   string
		bypass *Bypass
		path   string
		header http.Header
		want   bool
	}{
		{"nothing", &Bypass{}, "/", nil, false},
		{"the method", &Bypass{Methods: []string{" GET "}}, "/", nil, true},
		{"another method", &Bypass{Methods: []string{"OPTIONS"}}, "/", nil, false},
		{"the address", &Bypass{IPs: []string{"10.0.0.0/8", " 192.0.2.1"}}, "/", nil, true},
		{"another address", &Bypass{IPs: []string{"192.0.2.2"}}, "/", nil, false},
		{"the address behind a proxy", &Bypass{IPs: []string{"192.0.2.1"}}, "/", http.Header{"X-Real-Ip": {"198.51.100.1"}}, false},
		{"the path", &Bypass{PathPrefixes: []string{"/health"}}, "/health", nil, true},
		{"a path below", &Bypass{PathPrefixes: []string{"/health/"}}, "/health/live", nil, true},
		{"a longer name", &Bypass{PathPrefixes: []string{"/health"}}, "/healthy", nil, false},
		{"a path that leads elsewhere", &Bypass{PathPrefixes: []string{"/health"}}, "/health/../admin", nil, false},
		{"the header", &Bypass{Header: secret}, "/", http.Header{"Pass": {"s3cret"}}, true},
		{"the header's second line", &Bypass{Header: secret}, "/", http.Header{"Pass": {"wrong", "s3cret"}}, true},
		{"another value", &Bypass{Header: secret}, "/", http.Header{"Pass": {"s3cret "}}, false},
		{"the value in another header", &Bypass{Header: secret}, "/", http.Header{"Other": {"s3cret"}}, false},
		{"the value as a cookie", &Bypass{Header: secret}, "/", http.Header{"Cookie": {"Pass=s3cret"}}, false},
		{"the cookie", &Bypass{Cookie: secret}, "/", http.Header{"Cookie": {"a=b; Pass=s3cret"}}, true},
		{"the cookie with another value", &Bypass{Cookie: secret}, "/", http.Header{"Cookie": {"Pass=s3cretly"}}, false},
		{"the cookie as a header", &Bypass{Cookie: secret}, "/", http.Header{"Pass": {"s3cret"}}, false},
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
	r := &http.Request{URL: &url.URL{Path: "/"}, Header: http.Header{"Pass": {"s3cret"}}}
	for _, secret := range []*Secret{{Name: "Pass", Value: "s3cret"}, {Name: "Pass", ValueFile: fileWith(t, "s3cret\r\n")}, {Name: "Pass", ValueEnv: "BYPASS_TEST_SECRET"}} {
		if !getsBy(t, &Bypass{Header: secret}, r) {
			t.Errorf("%+v: nobody gets by", secret)
		}
	}
}

// A mistake in a bypass has its key, and never a secret in it.
func TestMistakesInABypass(t *testing.T) {
	for _, c := range []struct {
		bypass Bypass
		want   string
	}{
		{Bypass{IPs: []string{"host"}}, `b.ips: "host": an address`},
		{Bypass{Methods: []string{"get"}}, `b.methods: "get": a method in capitals`},
		{Bypass{Methods: []string{""}}, "b.methods: "},
		{Bypass{PathPrefixes: []string{"health"}}, `b.pathPrefixes: "health": a path`},
		{Bypass{PathPrefixes: []string{"/a/../b"}}, "b.pathPrefixes: "},
		{Bypass{PathPrefixes: []string{"/a%2fb"}}, "b.pathPrefixes: "},
		{Bypass{Header: &Secret{Name: "X Y", Value: "s3cret"}}, `b.header.name: "X Y": a name is wanted`},
		{Bypass{Header: &Secret{Name: "Connection", Value: "s3cret"}}, "b.header.name: "},
		{Bypass{Header: &Secret{Name: "Pass"}}, "b.header.value: "},
		{Bypass{Cookie: &Secret{Name: "pass", Value: "s3cret", ValueEnv: "SET"}}, "b.cookie.value: "},
		{Bypass{Cookie: &Secret{Name: "pass", ValueFile: "/missing/file"}}, "b.cookie.valueFile: "},
		{Bypass{Cookie: &Secret{Name: "pass", ValueEnv: "BYPASS_TEST_NOT_SET"}}, "b.cookie.valueEnv: "},
		{Bypass{Cookie: &Secret{Name: "pass", Value: strings.Repeat("s3cret", 1000)}}, "6000 bytes"},
	} {
		f := &problemList{}
		checkBypass("b", &c.bypass, f)
		if got := strings.Join(f.list, "; "); !strings.Contains(got, c.want) || strings.Contains(got, "s3cret") {
			t.Errorf("%+v: %s; want %s", c.bypass, got, c.want)
		}
	}
}

// A secret gets by in each spelling in which Go finds it.
func TestSecretsAreFoundAsInGo(t *testing.T) {
	s := checkSecret("", &Secret{Name: "pass", Value: "secret"}, &problemList{})
	for _, lines := range [][]string{
		{"pass=secret"}, {"a=b; pass=secret"}, {"a=b;pass=secret;c=d"}, {"a=b;  pass=secret"}, {"a=b;\tpass=secret; c=d"}, {"a=b ; pass =secret"}, {`pass="secret"`}, {"pass=secret "}, {"pass=a; pass=secret"},
		{"a=b", "pass=secret"}, {"a=b c; pass=secret"}, {" pass=secret"}, {"pass=secret;"}, {"pass=wrong"}, {"xpass=secret"}, {"a=pass=secret"}, {"a=b pass=secret"}, {"p ass=secret"}, {"pass"}, {"pass=sec ret"},
	} {
		want := false
		for _, c := range (&http.Request{Header: http.Header{"Cookie": lines}}).Cookies() {
			want = want || c.Name == "pass" && c.Value == "secret"
		}
		if got := isCookie(s, lines); got != want {
			t.Errorf("%q: %v, Go says %v", lines, got, want)
		}
	}
}

func lookForCookie(text string) { isCookie(&hashedSecret{name: "a"}, []string{text}) }

func lookForHeader(text string) { isAmong(&hashedSecret{name: "a"}, strings.SplitAfter(text, ",")) }

func FuzzBypassCost(f *testing.F) { fuzzCost(f, lookForCookie, lookForHeader) }
