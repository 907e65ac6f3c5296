package behaviour

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// thousands is a document of 5,000 flags, 900 KB. All of them are as the value says.
func thousands(value string) []byte {
	flags := make([]string, 0, 5000)
	for i := range cap(flags) {
		flags = append(flags, fmt.Sprintf(`"flag%d":{"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"%s","targeting":{"if":[{"in":["@example.com",{"var":"headers.x-mail"}]},"on",{"==":[{"var":"query.q"},"1"]},"on"]}}`, i, value))
	}
	return []byte(`{"flags":{` + strings.Join(flags, ",") + `}}`)
}

var manyFlags = []behaviour{
	{"twenty gates by a large document cost little more than one", testTwentyGatesByALargeDocumentCostLittleMoreThanOne},
}

func testTwentyGatesByALargeDocumentCostLittleMoreThanOne(t *testing.T, s *suite) {
	cost := func(gates int) (uint64, time.Duration) {
		path := fmt.Sprint("/manyflags/", gates)
		config := "clusters: {$CLUSTER: {servers: $SERVERS}}\ngates:\n"
		for i := range gates {
			config += fmt.Sprintf("  - {path: %s, key: flag%d}\n", path, i*200)
		}
		s.admin.Put(path, thousands("on"))
		inst := s.start(t, config)
		inst.awaitStatus(t, 200)
		least, soonest := ^uint64(0), time.Hour
		for _, value := range []string{"off", "on", "off", "on"} {
			document := thousands(value)
			runtime.GC()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			began := time.Now()
			s.admin.Put(path, document)
			for want := map[string]int{"on": 200, "off": 403}[value]; inst.get().status != want; {
				time.Sleep(10 * time.Millisecond)
			}
			soonest = min(soonest, time.Since(began))
			runtime.ReadMemStats(&after)
			least = min(least, after.TotalAlloc-before.TotalAlloc)
		}
		return least, soonest
	}
	one, first := cost(1)
	twenty, all := cost(20)
	t.Logf("a change is served after %s with one gate, %s with twenty", first, all)
	if twenty > 3*one { // the interpreter allocates for what each flag compiles to
		t.Errorf("a change allocates %d bytes for one gate, %d for twenty", one, twenty)
	}
}
