package driver

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/go-zookeeper/zk"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
)

// What a user does with the client by himself, beside all that the package does with it.

// ownWatches are watches of all kinds that a user has set through the client.
type ownWatches struct {
	data, exists, children <-chan zk.Event
	node, missing          string
}

// setOwn makes a node, and watches it, its children and one that is missing.
func setOwn(h *zookeeper.Handle, node string) (*ownWatches, error) {
	err := put(h, node, "0")
	if err != nil {
		return nil, err
	}
	own := &ownWatches{node: node, missing: node + "-missing"}
	_, _, data, err := h.Conn().GetW(own.node)
	if err != nil {
		return nil, err
	}
	own.data = data
	_, _, exists, err := h.Conn().ExistsW(own.missing)
	if err != nil {
		return nil, err
	}
	own.exists = exists
	_, _, children, err := h.Conn().ChildrenW(own.node)
	own.children = children
	return own, err
}

// fires changes all that is watched, and wants each watch to tell of it.
func (own *ownWatches) fires(h *zookeeper.Handle) string {
	err := put(h, own.node+"/child", "")
	if err != nil {
		return err.Error()
	}
	text := wants(own.children, zk.EventNodeChildrenChanged)
	if text != "" {
		return "children: " + text
	}
	err = put(h, own.node, "1")
	if err != nil {
		return err.Error()
	}
	text = wants(own.data, zk.EventNodeDataChanged)
	if text != "" {
		return "data: " + text
	}
	err = put(h, own.missing, "")
	if err != nil {
		return err.Error()
	}
	text = wants(own.exists, zk.EventNodeCreated)
	if text != "" {
		return "existence: " + text
	}
	return ""
}

func wants(watch <-chan zk.Event, kind zk.EventType) string {
	got := make([]zk.Event, 1)
	arrived := make(chan bool, 1)
	go receiveInto(watch, got, arrived)
	if !eventually(func() bool { return len(arrived) > 0 }) {
		return "no event"
	}
	<-arrived
	if got[0].Type != kind || got[0].Err != nil {
		return problem("%v, %v", got[0].Type, got[0].Err)
	}
	return ""
}

func receiveInto(watch <-chan zk.Event, got []zk.Event, arrived chan bool) {
	defer func() { recover() }()
	e := <-watch
	got[0] = e
	arrived <- true
}

// OwnWatches stay when watch monitors of the same nodes are destroyed. The function tells how
// many watches the server has.
func OwnWatches(servers string, watches func() int) string {
	h, err := registeredFor(30*time.Second, "own-watches", servers)
	if err != nil {
		return err.Error()
	}
	defer func() { h.Release() }()
	own, err := setOwn(h, "/own")
	if err != nil {
		return err.Error()
	}
	err = put(h, "/own-other", "")
	if err != nil {
		return err.Error()
	}
	before := watches()
	w, err := h.NewWatch(nil, nil)
	if err != nil {
		return err.Error()
	}
	h.Get("/own", w)
	h.Exists("/own-missing", w)
	h.Children("/own", w)
	h.Get("/own-other", w)
	if watches() != before+1 {
		return problem("%d watches, and %d with those of the monitor", before, watches())
	}
	w.Destroy()
	if !eventually(func() bool { return watches() == before }) {
		return problem("%d watches when the monitor is destroyed", watches())
	}
	text := own.fires(h)
	if text != "" {
		return text
	}
	text = racingWatches(h)
	if text != "" {
		return text
	}
	return racingMonitors(h)
}

// racingMonitors: one is armed at the time when another one of the same node is destroyed. It
// gets its event, and no other.
func racingMonitors(h *zookeeper.Handle) string {
	for i := 0; i < 100; i++ {
		w, err := h.NewWatch(nil, nil)
		if err != nil {
			return err.Error()
		}
		fresh, err := h.NewWatch(nil, nil)
		if err != nil {
			return err.Error()
		}
		h.Get("/own", w)
		var both sync.WaitGroup
		both.Add(1)
		go destroyBeside(w, &both)
		_, _, err = h.Get("/own", fresh)
		both.Wait()
		if err != nil {
			return err.Error()
		}
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
		e, early := fresh.Wait(ctx)
		cancel()
		if early == nil {
			return problem("armed while another monitor is destroyed, %d: %v before there is a change", i, e.Type)
		}
		err = put(h, "/own", fmt.Sprint("monitors ", i))
		if err != nil {
			return err.Error()
		}
		e, err = wait(fresh)
		if err != nil || e.Type != zk.EventNodeDataChanged {
			return problem("armed while another monitor is destroyed, %d: %v, %v", i, e.Type, err)
		}
		fresh.Destroy()
	}
	return ""
}

// racingWatches: one is set at the time when a monitor of the same node is destroyed.
func racingWatches(h *zookeeper.Handle) string {
	for i := 0; i < 200; i++ {
		w, err := h.NewWatch(nil, nil)
		if err != nil {
			return err.Error()
		}
		h.Get("/own", w)
		var both sync.WaitGroup
		both.Add(1)
		go destroyBeside(w, &both)
		_, _, mine, err := h.Conn().GetW("/own")
		both.Wait()
		if err != nil {
			return err.Error()
		}
		err = put(h, "/own", fmt.Sprint("racing ", i))
		if err != nil {
			return err.Error()
		}
		text := wants(mine, zk.EventNodeDataChanged)
		if text != "" {
			return problem("set while a monitor is destroyed, %d: %s", i, text)
		}
	}
	return ""
}

func destroyBeside(w *zookeeper.Watch, both *sync.WaitGroup) {
	defer func() { recover() }()
	defer both.Done()
	w.Destroy()
}

// BesideMiddlewares: watches of one's own stay when middlewares come and go that read the same
// nodes, by their paths and by a template.
func BesideMiddlewares(servers string) string {
	h, err := registered("beside", servers)
	if err != nil {
		return err.Error()
	}
	defer func() { h.Release() }()
	own, err := setOwn(h, "/beside")
	if err != nil {
		return err.Error()
	}
	for _, path := range []string{"/beside", "/beside/{header.X-User}", "/{header.X-User}"} {
		text := comesAndGoes(path)
		if text != "" {
			return text
		}
	}
	text := own.fires(h)
	if text != "" {
		return "when middlewares have left: " + text
	}
	return ""
}

// comesAndGoes makes a middleware that reads a path, and waits until it has left.
func comesAndGoes(path string) string {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	clusters := map[string]zookeeper.Cluster{"beside-marker": {Servers: []string{nowhere}}}
	gates := []zookeeper.Gate{{Path: []string{path}, Cluster: "beside", BlockWhen: "on", Default: "off"}}
	handler, err := zookeeper.New(ctx, http.NotFoundHandler(), &zookeeper.Config{Clusters: clusters, Gates: gates, StartupTimeout: "30s"}, "beside")
	if err != nil {
		return err.Error()
	}
	statusFor(handler, "beside") // the values are loaded when it returns
	cancel()
	if !eventually(func() bool { return !zookeeper.Lookup("beside-marker") }) {
		return "the middleware doesn't leave"
	}
	return ""
}
