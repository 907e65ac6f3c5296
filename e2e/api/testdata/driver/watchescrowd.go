package driver

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/go-zookeeper/zk"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
)

// Crowd has many goroutines wait, each for events of its own node, and destroy
// watches at any time. No event may go astray.
func Crowd(servers string, goroutines, rounds int) string {
	h, err := registered("crowd", servers)
	if err != nil {
		return err.Error()
	}
	defer func() { h.Release() }()
	problems := make(chan string, goroutines)
	var all sync.WaitGroup
	for i := 0; i < goroutines; i++ {
		all.Add(1)
		go crowded(&all, h, fmt.Sprint("/crowd-", i), rounds, problems)
	}
	all.Wait()
	close(problems)
	for text := range problems {
		return text
	}
	return ""
}

func crowded(all *sync.WaitGroup, h *zookeeper.Handle, path string, rounds int, problems chan string) {
	defer func() { recover() }()
	defer all.Done()
	err := put(h, path, "")
	if err != nil {
		problems <- err.Error()
		return
	}
	for i := 0; i < rounds; i++ {
		text := crowdRound(h, path, i)
		if text != "" {
			problems <- text
			return
		}
	}
}

func crowdRound(h *zookeeper.Handle, path string, round int) string {
	w, err := h.NewWatch(nil, nil)
	if err != nil {
		return err.Error()
	}
	doomed, err := h.NewWatch(func(zk.Event, any) {}, nil)
	if err != nil {
		return err.Error()
	}
	_, _, err = h.Get(path, w)
	if err != nil {
		return problem("%s: %v", path, err)
	}
	h.Get(path, doomed)
	go func() {
		defer func() { recover() }()
		doomed.Destroy()
	}()
	_, err = h.Conn().Set(path, []byte(fmt.Sprint(round)), -1)
	if err != nil {
		return problem("%s: %v", path, err)
	}
	e, err := wait(w)
	if err != nil || e.Path != path || e.Type != zk.EventNodeDataChanged {
		return problem("%s got %v of %s, %v", path, e.Type, e.Path, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = w.Wait(ctx)
	if !errors.Is(err, context.Canceled) {
		return problem("%s: a cancelled Wait gives %v", path, err)
	}
	if w.Destroy() != nil {
		return problem("%s: Destroy", path)
	}
	return ""
}
