// Command program is what somebody builds who has the module by go get: it uses the Go API
// with the server that its first argument names. It prints each operation with what came of
// it, until the server has answered all with what a real one has, and then how much memory it
// has taken. The second argument is "calm", or "panics" for what the package calls back, or
// "middleware", with which it does something else: it serves requests.
package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/go-zookeeper/zk"
	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
)

const cluster = "main"

// What can be done with a node. One goroutine begins with each.
var operations = []string{"get", "watch", "exists", "children", "acl"}

func main() {
	zookeeper.SetLogger(func(level, message string) { fmt.Fprintln(os.Stderr, level, message) })
	if os.Args[2] == "middleware" {
		if err := serve(os.Args[1], 30); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	err := zookeeper.Register(cluster, zookeeper.Cluster{Servers: []string{os.Args[1]}})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	var working sync.WaitGroup
	for i := range operations {
		working.Add(1)
		go func() {
			defer working.Done()
			probe(i, os.Args[2] == "panics")
		}()
	}
	working.Wait()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	fmt.Printf("memory\t%d\n", memory.Sys>>20)
}

// probe does all operations with a node, until each has the answer of a real server.
func probe(first int, panics bool) {
	path := fmt.Sprint("/probe/", first)
	for real := false; !real; time.Sleep(10 * time.Millisecond) {
		real = true
		for i := range operations {
			operation := operations[(first+i)%len(operations)]
			value, err := operate(operation, path, panics)
			fmt.Printf("%s\t%s\t%s\t%v\n", path, operation, value, err)
			real = real && err == nil && value == answer(operation, path)
		}
	}
}

// answer is what a real server has.
func answer(operation, path string) string {
	switch operation {
	case "get", "watch":
		return "real" + path
	case "children":
		return "[child]"
	}
	return "there"
}

func operate(operation, path string, panics bool) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	h, err := zookeeper.Acquire(ctx, cluster)
	if err != nil {
		return "", err
	}
	defer h.Release()
	if panics {
		defer h.Listen(func(zookeeper.State) { panic("listener") })()
	}
	value, err := read(h, operation, path, panics)
	return value, h.Check(err, operation)
}

func read(h *zookeeper.Handle, operation, path string, panics bool) (string, error) {
	switch operation {
	case "get":
		data, _, err := h.Get(path, nil)
		return string(data), err
	case "watch":
		w, err := h.NewWatch(func(zk.Event, any) {
			if panics {
				panic("watch")
			}
		}, nil)
		if err != nil {
			return "", err
		}
		defer w.Destroy()
		data, _, err := h.Get(path, w)
		return string(data), err
	case "exists":
		there, _, err := h.Exists(path, nil)
		return word(there), err
	case "children":
		names, _, err := h.Children(path, nil)
		return fmt.Sprint(names), err
	}
	acl, _, err := h.Conn().GetACL(path)
	return word(len(acl) == 1 && acl[0].Scheme == "world"), err
}

func word(there bool) string {
	if there {
		return "there"
	}
	return "no"
}
