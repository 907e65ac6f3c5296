package behaviour

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

const oneHeader = `
clusters:
  $CLUSTER:
    servers: $SERVERS
requestHeaders:
  - name: X-Value
    path: PATH
    default: nothing
`

func header(path string) string { return strings.ReplaceAll(oneHeader, "PATH", path) }

var values = []behaviour{
	{"a header follows its node", testHeaderFollowsItsNode},
	{"a node that comes, goes and comes back", testNodeThatComesGoesAndComesBack},
	{"no value and no default", testNoValueAndNoDefault},
	{"the first path with a value", testFirstPathWithAValue},
	{"ten thousand changes in a row", testTenThousandChangesInARow},
	{"a chroot", testChroot},
	{"what a client sends never gets through", forgery},
	{"a request goes on with its other headers", testRequestGoesOnWithItsOtherHeaders},
}

func testHeaderFollowsItsNode(t *testing.T, s *suite) {
	s.admin.Put("/follow", []byte("one"))
	inst := s.start(t, header("/follow"))
	if got := inst.header("X-Value"); got != "one" {
		t.Fatalf("the first request sees %q: it is held until the values are there", got)
	}
	for i := range 20 {
		want := fmt.Sprint("value ", i)
		s.admin.Put("/follow", []byte(want))
		inst.awaitHeader(t, "X-Value", want)
	}
}

func testNodeThatComesGoesAndComesBack(t *testing.T, s *suite) {
	inst := s.start(t, header("/far/below/nothing"))
	inst.awaitHeader(t, "X-Value", "nothing")
	for i := range 3 {
		s.admin.Put("/far/below/nothing", []byte(fmt.Sprint(i)))
		inst.awaitHeader(t, "X-Value", fmt.Sprint(i))
		s.admin.Delete("/far")
		inst.awaitHeader(t, "X-Value", "nothing")
	}
}

func testNoValueAndNoDefault(t *testing.T, s *suite) {
	inst := s.start(t, strings.ReplaceAll(header("/absent"), "default: nothing", ""))
	if got := inst.header("X-Value"); got != "(none)" {
		t.Fatalf("the service sees %q", got)
	}
}

func testFirstPathWithAValue(t *testing.T, s *suite) {
	s.admin.Put("/third", []byte("3"))
	inst := s.start(t, header("/first, /second,/third"))
	inst.awaitHeader(t, "X-Value", "3")
	s.admin.Put("/second", []byte("2"))
	inst.awaitHeader(t, "X-Value", "2")
	s.admin.Put("/first", []byte("1"))
	inst.awaitHeader(t, "X-Value", "1")
	s.admin.Put("/first", []byte(""))
	inst.awaitHeader(t, "X-Value", "2")
	s.admin.Delete("/second")
	inst.awaitHeader(t, "X-Value", "3")
}

func testTenThousandChangesInARow(t *testing.T, s *suite) {
	inst := s.start(t, header("/busy"))
	for i := 1; i <= 10000; i++ {
		s.admin.Put("/busy", []byte(fmt.Sprint(i)))
	}
	inst.awaitHeader(t, "X-Value", "10000")
}

func testChroot(t *testing.T, s *suite) {
	s.admin.Put("/edge/inner", []byte("inside"))
	s.admin.Put("/edge", []byte("root"))
	inst := s.start(t, strings.Replace(header("/inner"), "$SERVERS", "$SERVERS/edge", 1))
	inst.awaitHeader(t, "X-Value", "inside")
	root := s.start(t, strings.Replace(header("/"), "$SERVERS", "$SERVERS/edge", 1))
	root.awaitHeader(t, "X-Value", "root")
}

func testRequestGoesOnWithItsOtherHeaders(t *testing.T, s *suite) {
	s.admin.Put("/others", []byte("ours"))
	inst := s.start(t, header("/others"))
	a := inst.get("X-Other: theirs", "X_other_too: theirs", "Cookie: a=b")
	if a.service.Get("X-Other") != "theirs" || a.service.Get("Cookie") != "a=b" || a.service["X_other_too"] == nil {
		t.Fatalf("the service sees %v", a.service)
	}
}

func forgery(t *testing.T, s *suite) {
	s.admin.Put("/forged/set", []byte("ours"))
	inst := s.start(t, `
clusters:
  $CLUSTER: {servers: $SERVERS}
requestHeaders:
  - {name: X-Set-Header, path: /forged/set}
  - {name: X-Unset-Header, path: /forged/unset}
`)
	spellings := []string{
		"X-Set-Header", "x-set-header", "X_Set_Header", "x_set_header", "X-Set_Header", "X_Set-Header", "X_SET-header",
		"X-Unset-Header", "X_Unset_Header", "x-unset_header", "X_UNSET-HEADER",
	}
	for _, spelling := range spellings {
		a := inst.get(spelling+": forged", spelling+": twice")
		for name, seen := range a.service {
			switch {
			case name == "X-Set-Header" && len(seen) == 1 && seen[0] == "ours":
			case strings.EqualFold(strings.ReplaceAll(name, "_", "-"), "X-Set-Header"), strings.EqualFold(strings.ReplaceAll(name, "_", "-"), "X-Unset-Header"):
				t.Errorf("sent as %s, the service sees %s: %v", spelling, name, seen)
			}
		}
		if a.status != http.StatusOK || a.service.Get("X-Set-Header") != "ours" {
			t.Errorf("sent as %s: status %d, X-Set-Header %q", spelling, a.status, a.service.Get("X-Set-Header"))
		}
	}
}
