//go:build hooks

package leaks

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
)

// routers with a configuration each take no more memory than is promised. What else is
// let go meanwhile makes a difference to one of the batches.
func (s *suite) routers(t *testing.T) {
	const most = 16 << 10 // bytes
	batch := rounds(50, 300)
	idle := s.level(t)
	all := s.routersFrom(t, 0, 1)
	var each []int
	for range 4 {
		before := s.settle(t, idle.withCluster(2))
		all = append(all, s.routersFrom(t, len(all), batch)...)
		after := s.settle(t, idle.withCluster(2))
		each = append(each, (after.heap-before.heap)/batch)
	}
	slices.Sort(each)
	t.Logf("%d bytes each", each)
	if each[1] > most {
		t.Errorf("a router takes %d bytes; want %d at most", each[1], most)
	}
	for _, inst := range all {
		inst.cancel()
	}
	s.settleIdle(t, idle)
}

func (s *suite) routersFrom(t *testing.T, first, count int) []*instance {
	t.Helper()
	const text = `
clusters: {routers: {servers: '%s'}}
requestHeaders: [{name: X-Value%d, path: /value}]
gates: [{path: /flag, dryRun: true}]
logLevel: error
`
	var all []*instance
	for no := first; no < first+count; no++ {
		all = append(all, s.new(t, fmt.Sprint("router", no), fmt.Sprintf(text, s.zk.Addr(), no)))
	}
	return all
}

// rechecks set the next one each.
func (s *suite) rechecks(t *testing.T) {
	plugin.RecheckEvery(t, s.plugin, time.Millisecond)
	defer plugin.RecheckEvery(t, s.plugin, time.Hour)
	idle := s.level(t)
	inst := s.new(t, "rechecks", fmt.Sprintf(definer, "rechecks", s.zk.Addr(), 2000))
	inst.await(t, "one gold")
	s.repeatTo(t, idle.withCluster(2), rounds(3000, 30000), func(times int) {
		for done := s.received(t) + times; s.received(t) < done; time.Sleep(10 * time.Millisecond) {
		}
	})
	inst.cancel()
	s.settleIdle(t, idle)
}

// received is how many packets the server has got.
func (s *suite) received(t *testing.T) int {
	t.Helper()
	text, err := s.zk.FourLetter("mntr")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(text, "zk_packets_received\t")
	line, _, _ := strings.Cut(rest, "\n")
	count, err := strconv.Atoi(line)
	if err != nil {
		t.Fatal(err)
	}
	return count
}
