package driver

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/go-zookeeper/zk"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
)

// Keeping: what is registered keeps its session, with ephemeral nodes and listeners, whether
// somebody holds a handle or not, until it is unregistered. The linger is short.
func Keeping(servers string, sessions func() int) string {
	h, err := registeredFor(30*time.Second, "keeping", servers)
	if err != nil {
		return err.Error()
	}
	seen := &states{}
	stop := h.Listen(seen.note)
	_, err = h.Create("/keeping", nil, zk.FlagEphemeral)
	if err != nil {
		return err.Error()
	}
	session := h.Conn().SessionID()
	err = h.Release()
	if err != nil {
		return err.Error()
	}
	time.Sleep(2 * time.Second) // the linger is a tenth of that
	h, err = acquire("keeping")
	if err != nil {
		return err.Error()
	}
	exists, _, err := h.Exists("/keeping", nil)
	if h.Conn().SessionID() != session || !exists || err != nil || sessions() != 1 {
		return problem("another session, 0x%x after 0x%x, node there: %t, %v", h.Conn().SessionID(), session, exists, err)
	}
	h.Conn().Close()
	if !eventually(func() bool { return seen.text() == "[suspended reconnected]" }) {
		return "a listener from before has seen " + seen.text()
	}
	stop()
	h.Release()
	return unregistering(servers, sessions)
}

// unregistering: a handle keeps the session, and nothing else does.
func unregistering(servers string, sessions func() int) string {
	h, err := acquire("keeping")
	if err != nil {
		return err.Error()
	}
	err = zookeeper.Unregister("keeping")
	if err != nil || !errors.Is(zookeeper.Unregister("keeping"), zookeeper.ErrNotFound) {
		return problem("Unregister: %v", err)
	}
	_, _, err = h.Get("/", nil)
	if err != nil {
		return problem("a handle of a cluster that is unregistered: %v", err)
	}
	h.Release()
	if !eventually(func() bool { return sessions() == 0 && !zookeeper.Lookup("keeping") }) {
		return "the session stays when the cluster is unregistered and released"
	}
	err = zookeeper.Register("keeping", zookeeper.Cluster{Servers: []string{servers}, SessionTimeout: "3s"})
	if err != nil {
		return problem("Register with other settings: %v", err)
	}
	_, err = acquire("keeping")
	if err != nil {
		return err.Error()
	}
	_, err = registered("keeping-too", servers)
	if err != nil {
		return err.Error()
	}
	waiters, err := waitingFollowers("keeping-too")
	if err != nil {
		return err.Error()
	}
	zookeeper.Close()
	for i := 0; i < 2; i++ {
		err = <-waiters
		if !errors.Is(err, zookeeper.ErrConnectionAborted) {
			return problem("who waits for a following when it is closed gets %v", err)
		}
	}
	if n := sessions(); n != 0 || zookeeper.Lookup("keeping") || zookeeper.Lookup("keeping-too") {
		return problem("%d sessions after Close", n)
	}
	return ""
}

// waitingFollowers follow a node and a tree, without a context that ends, and wait for what doesn't
// come. What ends their waiting is sent.
func waitingFollowers(cluster string) (chan error, error) {
	ended := make(chan error, 2)
	f, err := zookeeper.Follow(context.Background(), cluster, zookeeper.Source{Path: "/waiting"})
	if err != nil {
		return nil, err
	}
	within, stop := patient()
	defer stop()
	first, err := f.Next(within, nil)
	if err != nil {
		return nil, err
	}
	err = zookeeper.Register("keeping-away", zookeeper.Cluster{Servers: []string{nowhere}})
	if err != nil {
		return nil, err
	}
	tree, err := zookeeper.FollowTree(context.Background(), "keeping-away", zookeeper.TreeSource{Path: "/waiting"})
	if err != nil {
		return nil, err
	}
	go awaitNext(f, first, ended)
	go awaitReady(tree, ended)
	return ended, nil
}

func awaitNext(f *zookeeper.Following, last *zookeeper.Value, ended chan error) {
	within, stop := patient()
	defer stop()
	_, err := f.Next(within, last)
	ended <- err
}

func awaitReady(tree *zookeeper.Tree, ended chan error) {
	within, stop := patient()
	defer stop()
	ended <- tree.Ready(within)
}

// OldWatch: a watch of a session that was closed is refused as what it is.
func OldWatch(servers string) string {
	h, err := registered("old-watch", servers)
	if err != nil {
		return err.Error()
	}
	other, err := registered("old-watch-other", servers)
	if err != nil {
		return err.Error()
	}
	defer func() { other.Release() }()
	w, err := h.NewWatch(nil, nil)
	if err != nil {
		return err.Error()
	}
	_, _, err = other.Get("/", w)
	if !errors.Is(err, zookeeper.ErrInvalid) || !contains(err, "another cluster's") {
		return problem("another cluster's watch: %v", err)
	}
	h.Release()
	zookeeper.Unregister("old-watch")
	h, err = registeredAgain("old-watch", servers)
	if err != nil {
		return err.Error()
	}
	defer func() { h.Release() }()
	_, _, err = h.Get("/", w)
	if !errors.Is(err, zookeeper.ErrInvalid) || !contains(err, "was closed; make another one by NewWatch") {
		return problem("a watch of a session that was closed: %v", err)
	}
	return ""
}

// registeredAgain registers a cluster once its session from before has ended.
func registeredAgain(name, servers string) (*zookeeper.Handle, error) {
	if !eventually(func() bool { return !zookeeper.Lookup(name) }) {
		return nil, errors.New("the cluster stays")
	}
	return registered(name, servers)
}

// Below the chroot: what the handle makes, reads, sets and deletes is below it, and what the
// client does with the paths that Path gives.
func Below(servers string) string {
	h, err := registered("below", servers+"/chroot")
	if err != nil {
		return err.Error()
	}
	defer func() { h.Release() }()
	made, err := h.Create("/below-", []byte("0"), zk.FlagSequence)
	if err != nil || made != "/below-0000000000" && len(made) != len("/below-0000000000") {
		return problem("%s is made, %v", made, err)
	}
	exists, _, err := h.Conn().Exists("/chroot" + made)
	if !exists || err != nil || h.Path(made) != "/chroot"+made || h.Path("/") != "/chroot" {
		return problem("%s isn't below the chroot, %v", made, err)
	}
	_, err = h.Conn().Multi(&zk.SetDataRequest{Path: h.Path(made), Data: []byte("1"), Version: -1})
	if err != nil {
		return err.Error()
	}
	_, err = h.Set(made, []byte("2"), 0)
	if err != zk.ErrBadVersion {
		return problem("another version: %v", err)
	}
	stat, err := h.Set(made, []byte("2"), 1)
	if err != nil || stat.Version != 2 {
		return problem("Set: %v", err)
	}
	err = h.Delete(made, -1)
	if err != nil {
		return err.Error()
	}
	return cancelled(h)
}

// cancelled: what is done with a context that is over fails with its error.
func cancelled(h *zookeeper.Handle) string {
	ctx, cancel := context.WithCancel(context.Background())
	_, _, err := h.GetContext(ctx, "/", nil)
	exists, _, err2 := h.ExistsContext(ctx, "/", nil)
	_, _, err3 := h.ChildrenContext(ctx, "/", nil)
	if err != nil || err2 != nil || !exists || err3 != nil {
		return problem("with a context: %v, %v, %v", err, err2, err3)
	}
	cancel()
	_, _, err = h.GetContext(ctx, "/", nil)
	_, _, err2 = h.ExistsContext(ctx, "/", nil)
	_, _, err3 = h.ChildrenContext(ctx, "/", nil)
	if !errors.Is(err, context.Canceled) || !errors.Is(err2, context.Canceled) || !errors.Is(err3, context.Canceled) {
		return problem("with a context that is over: %v, %v, %v", err, err2, err3)
	}
	_, err = zookeeper.Acquire(ctx, h.Name())
	if !errors.Is(err, context.Canceled) || endsEmpty(err) {
		return problem("Acquire with a context that is over: %v", err)
	}
	h.Release()
	h.Listen(nil)()
	h.Listen(func(zookeeper.State) {})()
	_, err = h.Create("/x", nil, 0)
	if !errors.Is(err, zookeeper.ErrReleased) || !errors.Is(err, zookeeper.ErrNoLock) {
		return problem("Create with a handle that is released: %v", err)
	}
	return ""
}

// Hanging: an operation at a server that doesn't answer ends with its context.
func Hanging(servers string, hang func()) string {
	h, err := registered("hanging", servers)
	if err != nil {
		return err.Error()
	}
	defer func() { h.Release() }()
	hang()
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	_, _, err = h.GetContext(ctx, "/", nil)
	if !errors.Is(err, context.DeadlineExceeded) {
		return problem("%v", err)
	}
	return ""
}

// Checked: errors are logged, with what was done.
func Checked(servers string) string {
	h, err := registered("checked", servers)
	if err != nil {
		return err.Error()
	}
	defer func() { h.Release() }()
	lines := &logged{}
	zookeeper.SetLogger(lines.note)
	defer func() { zookeeper.SetLogger(nil) }()
	h.Check(nil, "nothing")
	h.Check(zk.ErrNoNode, "reading a node")
	h.Check(zk.ErrSessionExpired, "")
	for _, want := range []string{"warn: cluster checked: reading a node: zk: node does not exist", "error: cluster checked: zk: session has been expired by the server"} {
		if !lines.have(want) {
			return problem("%q isn't logged, but %q", want, lines.all)
		}
	}
	if lines.have("nothing") {
		return "no error is logged"
	}
	return ""
}

// logged has the lines of the log.
type logged struct {
	mu  sync.Mutex
	all string
}

func (l *logged) note(level, message string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all += level + ": " + message + "\n"
}

func (l *logged) have(text string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.all, text)
}
