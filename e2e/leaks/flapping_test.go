//go:build hooks

package leaks

import (
	"fmt"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/relay"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// cuts break the connections of some clusters at once. A change tells that each of
// them is back, with its watches.
func (s *suite) cuts(t *testing.T) {
	const clusters = 10
	way := relay.NewWay(t, s.zk.Addr())
	s.repeat(t, rounds(9, 150), func(times int) {
		var instances []*instance
		for i := range clusters {
			instances = append(instances, s.start(t, fmt.Sprint("cuts", i), way.Addr()))
		}
		change := func(value string) {
			s.admin.Put("/value", []byte(value))
			for _, inst := range instances {
				inst.await(t, value+" gold")
			}
		}
		change("before")
		for round := range times {
			way.Refuse()
			way.Restore()
			change(fmt.Sprint("after ", round))
		}
		change("one")
		for _, inst := range instances {
			inst.cancel()
		}
	})
}

// flapping is a disturbance each minute, without the minutes. After each one the
// service gets what is in the nodes then.
func (s *suite) flapping(t *testing.T) {
	way := relay.NewWay(t, s.zk.Addr())
	var inst *instance
	value, plan := "one", "gold"
	disturbances := []func(round int){
		func(round int) { // a change
			value = fmt.Sprint("value ", round)
			s.admin.Put("/value", []byte(value))
		},
		func(round int) { // a tenant's change, and one who comes and goes
			plan = fmt.Sprint("plan ", round)
			s.admin.Put("/tenants/a", []byte(plan))
			s.admin.Put("/tenants/b", nil)
			s.admin.Delete("/tenants/b")
		},
		func(int) { // a connection that breaks
			way.Refuse()
			way.Restore()
		},
		func(round int) { // a node that is gone for a while
			s.admin.Delete("/value")
			inst.await(t, "none "+plan)
			value = fmt.Sprint("again ", round)
			s.admin.Put("/value", []byte(value))
		},
		func(round int) { // a change during an outage
			way.Refuse()
			value = fmt.Sprint("unseen ", round)
			s.admin.Put("/value", []byte(value))
			way.Restore()
		},
		func(int) { // a session that ends
			if err := zkserver.EndSession(s.zk.Addr(), way.Greeting()); err != nil {
				t.Fatal(err)
			}
		},
		func(int) { // a reload
			inst.cancel()
			inst = s.start(t, "flapping", way.Addr())
		},
	}
	s.repeat(t, rounds(42, 24*60), func(times int) {
		inst = s.start(t, "flapping", way.Addr())
		inst.await(t, value+" "+plan)
		for round := range times {
			disturbances[round%len(disturbances)](round)
			inst.await(t, value+" "+plan)
		}
		inst.cancel()
		inst = nil // it would be in use
	})
}
