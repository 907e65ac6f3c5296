package faults

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

func TestCrowdCompiled(t *testing.T) { testCrowd(t, plugin.Compiled()) }

func TestCrowdInterpreted(t *testing.T) { testCrowd(t, plugin.Interpreted(t)) }

func testCrowd(t *testing.T, p plugin.Plugin) {
	t.Parallel()
	t.Run("AtOnce", func(t *testing.T) { atOnce(t, p) })
	t.Run("WhilePoolsClose", func(t *testing.T) { whilePoolsClose(t, p) })
	noPanics(t, p.Output())
}

// atOnce makes a thousand instances at the same time, and some that contradict
// them: these are refused, the others share one session.
func atOnce(t *testing.T, p plugin.Plugin) {
	const instances, contradictions = 1000, 100
	server := zkserver.Start(t)
	admin := server.Client(t)
	admin.Put("/crowd", []byte("1"))
	cluster := newCluster()
	config := showing(cluster, server.Addr(), "/crowd")
	first := mustConstruct(t, p, config)
	awaitShown(t, p, first, "1")
	tally := &tally{}
	for i := range instances + contradictions {
		tally.Go(func() error {
			if i%(1+instances/contradictions) == 0 {
				_, _, err := construct(p, showing(cluster, "127.0.0.1:1", "/crowd"))
				if err == nil || !strings.Contains(err.Error(), "clusters."+cluster) {
					return fmt.Errorf("a contradiction: error %v", err)
				}
				return nil
			}
			handler, cancel, err := construct(p, config)
			if err != nil {
				return err
			}
			defer cancel()
			if got := shown(handler); got != "1" {
				return fmt.Errorf("an instance shows %q", got)
			}
			return nil
		})
	}
	tally.finish(t)
	awaitSessions(t, server, 1)
	admin.Put("/crowd", []byte("2"))
	awaitShown(t, p, first, "2")
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		watches := zkserver.Count(t, server.Watches)
		if watches == 1 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d watches of one node", watches)
		}
	}
	results.add(row{fault: "New, 1,000 times at once (" + p.Mode() + ")", times: instances, served: tally.good, wrong: len(tally.problems), lost: "nothing", left: "-"})
}

// linger is how long the plugin keeps what nobody uses.
const linger = 30 * time.Second

// whilePoolsClose makes instances in the moments in which the pools of their
// clusters close, since the ones before have gone.
func whilePoolsClose(t *testing.T, p plugin.Plugin) {
	const pools, step = 60, time.Millisecond
	server := zkserver.Start(t)
	server.Client(t).Put("/closing", []byte("value"))
	var configs []string
	for range pools {
		configs = append(configs, showing(newCluster(), server.Addr(), "/closing"))
	}
	var leave []func()
	for _, config := range configs {
		handler, cancel, err := construct(p, config)
		check(t, err)
		awaitShown(t, p, handler, "value")
		leave = append(leave, cancel)
	}
	awaitSessions(t, server, pools)
	closing := time.Now().Add(linger)
	for _, cancel := range leave {
		cancel()
	}
	tally := &tally{}
	for i, config := range configs {
		tally.Go(func() error {
			time.Sleep(time.Until(closing.Add(time.Duration(i-pools/3) * step)))
			handler, cancel, err := construct(p, config)
			if err != nil {
				return err
			}
			t.Cleanup(cancel)
			if got := shown(handler); got != "value" {
				return fmt.Errorf("instance %d shows %q", i, got)
			}
			return nil
		})
	}
	tally.finish(t)
	awaitSessions(t, server, pools)
	results.add(row{fault: "New while pools close (" + p.Mode() + ")", times: pools, served: tally.good, wrong: len(tally.problems), lost: "nothing", left: "-"})
}

// tally runs functions at once, and counts what comes of them.
type tally struct {
	all sync.WaitGroup

	mu       sync.Mutex
	good     int
	problems []error
}

func (c *tally) Go(do func() error) {
	c.all.Go(func() {
		err := do()
		c.mu.Lock()
		defer c.mu.Unlock()
		if err != nil {
			c.problems = append(c.problems, err)
			return
		}
		c.good++
	})
}

func (c *tally) finish(t *testing.T) {
	t.Helper()
	c.all.Wait()
	for _, problem := range c.problems[:min(len(c.problems), 10)] {
		t.Error(problem)
	}
}
