package faults

import (
	"go/ast"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/traefik/yaegi/interp"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// jumping is time.Now on a machine whose clock is set, by years and in both
// directions, each time somebody looks at it. What is measured by the monotonic
// reading of the same time doesn't notice.
func jumping() time.Time {
	now := time.Now()
	const nanosecondBits = 30 // below them are those, above them the seconds
	seconds := rand.Int64N(20*365*24*3600) - 10*365*24*3600
	*(*uint64)(unsafe.Pointer(&now)) += uint64(seconds << nanosecondBits)
	return now
}

func TestJumping(t *testing.T) {
	first, second := jumping(), jumping()
	if took := second.Sub(first); took < 0 || took > time.Minute {
		t.Errorf("the monotonic clock has jumped by %s", took)
	}
	if jumped := second.Round(0).Sub(first.Round(0)).Abs(); jumped < time.Hour {
		t.Errorf("the wall clock has jumped by %s only", jumped)
	}
}

// The clock jumps all the time. Values follow their nodes, outlast an outage that
// is shorter than maxStale, and the session stays the same.
func TestClockInterpreted(t *testing.T) {
	t.Parallel()
	p := plugin.Interpreted(t, interp.Exports{"time/time": {"Now": reflect.ValueOf(jumping)}})
	server := zkserver.Start(t)
	admin := server.Client(t)
	admin.Put("/clock", []byte("0"))
	config := strings.Replace(showing(newCluster(), server.Addr(), "/clock"), "sessionTimeout: 2s", "sessionTimeout: 30s", 1)
	handler := mustConstruct(t, p, config+"maxStale: 1h\n")
	if got := shown(handler); got != "0" {
		t.Fatalf("the first request wasn't held: X-Value is %q", got)
	}
	session, err := server.ConnectedSessions()
	if err != nil || len(session) != 2 { // the test's, too
		t.Fatalf("%v, %v", session, err)
	}
	served, wrong := 0, 0
	for i, end := 1, time.Now().Add(longerThanSession); time.Now().Before(end); i++ {
		value := string(rune('a' + i%26))
		admin.Put("/clock", []byte(value))
		awaitShown(t, p, handler, value)
		served++
	}
	if now, err := server.ConnectedSessions(); err != nil || !slices.Equal(now, session) {
		t.Errorf("sessions %v, before %v, %v", now, session, err)
	}
	known := shown(handler)
	server.Kill()
	for end := time.Now().Add(longerThanSession); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		served++
		if got := shown(handler); got != known {
			wrong++
		}
	}
	if wrong > 0 {
		t.Errorf("%d requests of %d had another value than %q", wrong, served, known)
	}
	check(t, server.Start())
	admin.Put("/clock", []byte("back"))
	awaitShown(t, p, handler, "back")
	noPanics(t, p.Output())
	results.add(row{fault: "the clock jumps by years (interpreted)", times: 1, served: served, wrong: wrong, lost: "nothing", left: "-"})
}

// wall are the methods of a time that make something of the wall clock, or lose
// the monotonic one.
var wall = []string{"Unix", "UnixMilli", "UnixMicro", "UnixNano", "UTC", "Local", "In", "Truncate", "AddDate", "Date", "Clock", "Hour", "Format", "MarshalText", "GobEncode"}

// mayReadWall are the files that may: the timestamp of flags is meant to be the
// clock's, so are those that people read, in the log and the status; and the client's
// questions to administrators aren't asked here.
var mayReadWall = []string{
	"flag/attribute.go", "internal/log/log.go", "internal/history/history.go", "internal/store/report.go",
	"internal/status/reporttext.go", "internal/status/page.go", "vendor/github.com/go-zookeeper/zk/flw.go",
}

// Nothing in the plugin and its client goes by the wall clock, so that compiled
// and in Traefik it can't matter either.
func TestNothingReadsTheWallClock(t *testing.T) {
	files, err := plugin.Files()
	check(t, err)
	looked := 0
	for name, text := range files {
		if !strings.HasSuffix(name, ".go") || slices.Contains(mayReadWall, name) {
			continue
		}
		looked++
		for _, place := range readsOfWall(t, name, text) {
			t.Errorf("%s goes by the wall clock", place)
		}
	}
	if looked < 100 {
		t.Errorf("%d files only were looked at", looked)
	}
	for _, name := range mayReadWall {
		if len(readsOfWall(t, name, files[name])) == 0 {
			t.Errorf("%s isn't seen to read the clock", name)
		}
	}
}

func readsOfWall(t *testing.T, name string, text []byte) []string {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, text, 0)
	check(t, err)
	var places []string
	ast.Inspect(file, func(n ast.Node) bool {
		if call, isCall := n.(*ast.CallExpr); isCall {
			if method, isMethod := call.Fun.(*ast.SelectorExpr); isMethod && slices.Contains(wall, method.Sel.Name) {
				places = append(places, set.Position(call.Pos()).String())
			}
		}
		return true
	})
	return places
}
