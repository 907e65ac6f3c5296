package zookeeper_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-zookeeper/zk"
	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
)

// servers is the connection string of the examples. Those that print something with a
// server there say it under Prints: e2e/api gives them a server, and checks it.
var servers = "zk1.example.com:2181,zk2.example.com:2181,zk3.example.com:2181"

// set creates a node, or sets it.
func set(h *zookeeper.Handle, path, value string) {
	_, err := h.Create(path, []byte(value), 0)
	if err == zk.ErrNodeExists {
		_, err = h.Set(path, []byte(value), -1)
	}
	if err != nil {
		fmt.Println(err)
	}
}

func acquired(name string) *zookeeper.Handle {
	if err := zookeeper.Register(name, zookeeper.Cluster{Servers: []string{servers}}); err != nil {
		fmt.Println(err)
	}
	h, err := zookeeper.Acquire(context.Background(), name)
	if err != nil {
		fmt.Println(err)
	}
	return h
}

// Acquire, use, release: a hold on the connection lasts as long as its use.
func Example_acquireUseRelease() {
	err := zookeeper.Register("main_cluster", zookeeper.Cluster{Servers: []string{servers}})
	if err != nil {
		fmt.Println(err)
		return
	}

	if !zookeeper.Lookup("main_cluster") {
		fmt.Println("no cluster main")
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	h, err := zookeeper.Acquire(ctx, "main_cluster")
	if err != nil {
		fmt.Println("no connection:", err)
		return
	}
	defer h.Release()

	exists, _, err := h.Exists("/", nil)
	if errors.Is(h.Check(err, "looking for /"), zookeeper.ErrConnectionAborted) {
		return // acquire again, for a connection that works
	}
	fmt.Println("exists:", exists)
	// Prints: exists: true
}

// Wait for an event on /watch/1.
func Example_watchMonitor() {
	h := acquired("main_cluster")
	defer h.Release()
	set(h, "/watch", "")
	set(h, "/watch/1", "before")

	w, err := h.NewWatch(nil, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer w.Destroy()
	_, _, err = h.Get("/watch/1", w)
	if err != nil {
		fmt.Println(h.Check(err, "reading /watch/1"))
		return
	}

	go set(h, "/watch/1", "after")
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	event, err := w.Wait(ctx)
	if err != nil {
		fmt.Println("no event:", err)
		return
	}
	fmt.Println(event.Type, event.Path)
	// Prints: EventNodeDataChanged /watch/1
}

func ExampleRegister() {
	fmt.Println(zookeeper.Register("app", zookeeper.Cluster{Servers: []string{"zk1.example.com", "zk2.example.com:2182/app"}}))
	fmt.Println(zookeeper.Register("app", zookeeper.Cluster{Servers: []string{"zk3.example.com"}}))
	// Output:
	// <nil>
	// zookeeper: invalid argument: clusters.app: "zk3.example.com:2181 4s": Register defines this cluster as "zk1.example.com:2181,zk2.example.com:2182/app 4s"; use the same settings, or another name
}

func ExampleLookup() {
	fmt.Println(zookeeper.Lookup("unheard-of"))
	// Output: false
}

func ExampleAcquire() {
	_, err := zookeeper.Acquire(context.Background(), "unheard-of")
	fmt.Println(errors.Is(err, zookeeper.ErrNotFound))
	// Output: true
}

// Many can hold a connection at once, and share its session.
func ExampleTryAcquire() {
	h := acquired("main_cluster")
	defer h.Release()
	again, err := zookeeper.TryAcquire("main_cluster")
	if err != nil {
		fmt.Println(err) // ErrBusy while a session is being made
		return
	}
	defer again.Release()
	fmt.Println(again.Conn().SessionID() == h.Conn().SessionID())
	// Prints: true
}

func ExampleHandle() {
	h := acquired("main_cluster")
	defer h.Release()
	fmt.Println(h.Name(), len(h.Servers()), h.SessionTimeout(), h.State(), time.Since(h.Since()) < time.Hour)
	// Prints: main_cluster 1 4s connected true
}

func ExampleHandle_Release() {
	h := acquired("main_cluster")
	fmt.Println(h.Release())
	fmt.Println(h.Release())
	// Prints:
	// <nil>
	// zookeeper: the handle is released
}

func ExampleHandle_Check() {
	h := acquired("main_cluster")
	defer h.Release()
	_, _, err := h.Get("/not/there", nil)
	fmt.Println(h.Check(err, "reading"))
	err = h.Check(zk.ErrSessionExpired, "reading")
	fmt.Println(err)
	fmt.Println(errors.Is(err, zookeeper.ErrConnectionAborted))
	// Prints:
	// zk: node does not exist
	// zookeeper: connection aborted: cluster main_cluster: reading: zk: session has been expired by the server
	// true
}

// The client itself does whatever the handle doesn't.
func ExampleHandle_Conn() {
	h := acquired("main_cluster")
	defer h.Release()
	path, err := h.Conn().Create("/ephemeral", nil, zk.FlagEphemeral, zk.WorldACL(zk.PermAll))
	fmt.Println(path, err)
	// Prints: /ephemeral <nil>
}

func ExampleHandle_Get() {
	h := acquired("main_cluster")
	defer h.Release()
	set(h, "/greeting", "hello")
	value, stat, err := h.Get("/greeting", nil)
	fmt.Println(string(value), stat.DataLength, err)
	// Prints: hello 5 <nil>
}

func ExampleHandle_Children() {
	h := acquired("main_cluster")
	defer h.Release()
	set(h, "/parent", "")
	set(h, "/parent/child", "")
	names, _, err := h.Children("/parent", nil)
	fmt.Println(names, err)
	// Prints: [child] <nil>
}

// A callback runs in a goroutine of its own, with the value that was given for it.
func ExampleHandle_NewWatch() {
	h := acquired("main_cluster")
	defer h.Release()
	set(h, "/called", "before")
	called := make(chan string, 8)
	w, err := h.NewWatch(func(e zk.Event, context any) {
		if e.Type != zk.EventSession {
			called <- fmt.Sprint(context, " ", e.Type)
		}
	}, "the context")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer w.Destroy()
	h.Get("/called", w)
	set(h, "/called", "after")
	fmt.Println(<-called)
	// Prints: the context EventNodeDataChanged
}

func ExampleWatch_Destroy() {
	h := acquired("main_cluster")
	defer h.Release()
	w, err := h.NewWatch(nil, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(w.Destroy())
	fmt.Println(w.Destroy())
	// Prints:
	// <nil>
	// zookeeper: invalid argument: the watch is destroyed
}

func ExampleHandle_Listen() {
	h := acquired("main_cluster")
	defer h.Release()
	stop := h.Listen(func(state zookeeper.State) { fmt.Println("now", state) })
	defer stop()
	fmt.Println(h.State())
	// Prints: connected
}

// A value at hand for each request, and a way to wait for the next one.
func ExampleFollow() {
	h := acquired("main_cluster")
	defer h.Release()
	set(h, "/followed", "before")

	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	followed, err := zookeeper.Follow(ctx, "main_cluster", zookeeper.Source{Path: "/followed"})
	if err != nil {
		fmt.Println(err)
		return
	}
	first, err := followed.Next(ctx, nil)
	fmt.Println(first.Text, err)
	set(h, "/followed", "after")
	second, err := followed.Next(ctx, first)
	fmt.Println(second.Text, err)
	// Prints:
	// before <nil>
	// after <nil>
}

// All nodes below a path, at any depth.
func ExampleFollowTree() {
	h := acquired("main_cluster")
	defer h.Release()
	set(h, "/limits", "")
	set(h, "/limits/shop", "100")
	set(h, "/limits/shop/checkout", "20")

	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	limits, err := zookeeper.FollowTree(ctx, "main_cluster", zookeeper.TreeSource{Path: "/limits"})
	if err != nil {
		fmt.Println(err)
		return
	}
	err = limits.Ready(ctx)
	checkout := limits.Value("/limits/shop/checkout")
	fmt.Println(checkout.Int(50), len(limits.All()), err)
	// Prints: 20 2 <nil>
}

// Flags, each in a node of its own, evaluated by their keys.
func ExampleFollowFlags() {
	h := acquired("main_cluster")
	defer h.Release()
	set(h, "/features", "")
	set(h, "/features/checkout", "on")

	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	flags, err := zookeeper.FollowFlags(ctx, "main_cluster", zookeeper.FlagSource{Below: "/features"})
	if err != nil {
		fmt.Println(err)
		return
	}
	err = flags.Ready(ctx)
	checkout := flags.Evaluate("checkout", false, nil)
	fmt.Println(checkout.Value, checkout.Reason, err)
	// Prints: true STATIC <nil>
}

func ExampleUnregister() {
	err := zookeeper.Register("short-lived", zookeeper.Cluster{Servers: []string{"zk1.example.com"}})
	fmt.Println(err, zookeeper.Lookup("short-lived"))
	fmt.Println(zookeeper.Unregister("short-lived"), zookeeper.Lookup("short-lived"))
	// Output:
	// <nil> true
	// <nil> false
}

// Below the chroot. The client has the chroot in its paths.
func ExampleHandle_Create() {
	h := acquired("main_cluster")
	defer h.Release()
	path, err := h.Create("/queue-", nil, zk.FlagSequence|zk.FlagEphemeral)
	fmt.Println(path[:7], err)
	stat, err := h.Set(path, []byte("job"), 0)
	fmt.Println(stat.Version, err)
	acl, _, err := h.Conn().GetACL(h.Path(path))
	fmt.Println(len(acl), err, h.Delete(path, 1))
	// Prints:
	// /queue- <nil>
	// 1 <nil>
	// 1 <nil> <nil>
}
