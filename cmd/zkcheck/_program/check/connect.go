package check

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
)

// connected is the middlewares at work.
type connected struct {
	o          *options
	out        io.Writer
	complaints *complaints
	configs    map[string]*zookeeper.Config // typed, by the middlewares' names
	instances  map[string]*instance
	handles    map[string]*zookeeper.Handle
	unmet      map[string]error // clusters without a session
}

// An instance is a middleware twice: as it is, and as one that never blocks, so
// that each of its gates decides.
type instance struct {
	real, dry http.Handler
}

// decisionHeader is what the plugin is told to put its decisions into, where the
// configuration has no header for that.
const decisionHeader = "X-Zkcheck-Decision"

// connect starts the middlewares, shows what they read and what they do with the
// request, and returns the exit code.
func connect(ctx context.Context, found map[string]*zookeeper.Config, o *options, out, progress io.Writer) int {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c := &connected{o: o, out: out, complaints: &complaints{copy: progress},
		configs: map[string]*zookeeper.Config{}, instances: map[string]*instance{},
		handles: map[string]*zookeeper.Handle{}, unmet: map[string]error{}}
	log.SetFlags(0)
	log.SetOutput(c.complaints)
	defer c.complaints.mute(true) // what comes from now on is about connections that nobody needs
	if err := c.start(ctx, found); err != nil {
		fmt.Fprintln(progress, "zkcheck:", err)
		return faulty
	}
	c.acquire(ctx, progress)
	defer c.release()
	for _, name := range lists.SortedKeys(c.configs) {
		c.show(ctx, name)
	}
	switch {
	case len(c.unmet) > 0:
		return unreachable
	case c.complaints.count() > 0:
		fmt.Fprintf(out, "\n%s in nodes, which the error output tells\n", count(c.complaints.count(), "fault"))
		return faulty
	case c.complaints.suspicions > 0:
		fmt.Fprintf(out, "\n%s of flags in nodes, which the error output tells\n", count(c.complaints.suspicions, "suspicion"))
		if o.strict {
			return suspicious
		}
	}
	return sound
}

// start makes the instances; those that define a cluster come first.
func (c *connected) start(ctx context.Context, found map[string]*zookeeper.Config) error {
	names := lists.SortedKeys(found)
	for _, name := range names {
		config, err := zookeeper.Read(found[name])
		if err != nil {
			return err
		}
		config.StartupTimeout = c.o.timeout.String()
		if config.DecisionHeader == "" {
			config.DecisionHeader = decisionHeader
		}
		c.configs[name] = config
	}
	slices.SortStableFunc(names, func(a, b string) int { return len(c.configs[b].Clusters) - len(c.configs[a].Clusters) })
	for _, name := range names {
		dry := *c.configs[name]
		dry.DryRun = true
		i := &instance{}
		var err error
		if i.real, err = zookeeper.New(ctx, service(), c.configs[name], name); err == nil {
			i.dry, err = zookeeper.New(ctx, service(), &dry, name)
		}
		if err != nil {
			return err
		}
		c.instances[name] = i
	}
	return nil
}

// acquire waits for a session with each cluster that is used.
func (c *connected) acquire(ctx context.Context, progress io.Writer) {
	ctx, cancel := context.WithTimeout(ctx, c.o.timeout)
	defer cancel()
	for _, cluster := range c.clusters() {
		stop := tell(progress, "waiting for a session with cluster "+cluster)
		h, err := zookeeper.Acquire(ctx, cluster)
		stop()
		if err != nil {
			c.unmet[cluster] = err
			fmt.Fprintf(c.out, "\ncluster %s: no session: %v\n", cluster, err)
			continue
		}
		c.handles[cluster] = h
		fmt.Fprintf(c.out, "\ncluster %s: %s: %s%s, session timeout %s\n", cluster, h.State(), strings.Join(h.Servers(), ","), h.Chroot(), h.SessionTimeout())
	}
}

func (c *connected) release() {
	for _, h := range c.handles {
		h.Release()
	}
}

// clusters are those that rules read from.
func (c *connected) clusters() []string {
	used := map[string]bool{}
	for _, config := range c.configs {
		for _, r := range rulesOf(config) {
			used[c.clusterOf(r)] = true
		}
	}
	return lists.SortedKeys(used)
}

// clusterOf is the cluster of a rule, which is the only one there is where the rule
// names none.
func (c *connected) clusterOf(r rule) string {
	if r.cluster != "" {
		return r.cluster
	}
	for _, config := range c.configs {
		for name := range config.Clusters {
			return name
		}
	}
	return ""
}

// tell says every two seconds what is being waited for.
func tell(progress io.Writer, what string) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		begin := time.Now()
		ticks := time.NewTicker(2 * time.Second)
		defer ticks.Stop()
		for {
			select {
			case <-done:
				return
			case <-ticks.C:
				fmt.Fprintf(progress, "%s, %s so far\n", what, time.Since(begin).Round(time.Second))
			}
		}
	}()
	return func() { close(done); <-ended }
}

// complaints passes on what the plugin logs as an error or a warning, and counts it. What is
// only suspicious about flags is counted by itself, and what a flag says to this one request
// isn't counted.
type complaints struct {
	mu         sync.Mutex
	n          int
	suspicions int
	muted      bool
	copy       io.Writer
}

func (c *complaints) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.muted {
		return len(p), nil
	}
	switch text := string(p); {
	case strings.Contains(text, " is suspicious as "), strings.Contains(text, " is suspicious for the "):
		c.suspicions++
	case strings.Contains(text, " ends with "):
	default:
		c.n++
	}
	return c.copy.Write(p)
}

func (c *complaints) mute(muted bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.muted = muted
}

func (c *complaints) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}
