package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// The ports that people expect; others where these are taken.
const (
	zookeeperPort = 2181
	webPort       = 8000
)

// stage is what the demo runs on: ZooKeeper, Traefik with the plugin, and a
// service that answers with the request that reached it.
type stage struct {
	ctx     context.Context
	out     io.Writer
	zk      *zkserver.Server
	admin   *zkserver.Admin
	fault   error // of the admin client
	traefik *traefik.Traefik
	client  *http.Client
	closers []func()
}

func open(ctx context.Context, out io.Writer) (*stage, error) {
	s := &stage{ctx: ctx, out: out, client: &http.Client{Timeout: 5 * time.Second}}
	dir, err := os.MkdirTemp("", "traefik-zookeeper-demo-")
	if err != nil {
		return nil, err
	}
	s.closers = append(s.closers, func() { os.RemoveAll(dir) })
	for _, part := range []func(dir string) error{s.openZooKeeper, s.openTraefik, s.openRoutes} {
		if err = ctx.Err(); err == nil {
			err = part(dir)
		}
		if err != nil {
			s.close()
			return nil, err
		}
	}
	return s, nil
}

func (s *stage) close() {
	for i := len(s.closers) - 1; i >= 0; i-- {
		s.closers[i]()
	}
}

func (s *stage) openZooKeeper(dir string) error {
	dir = filepath.Join(dir, "zookeeper")
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	zk, err := zkserver.New(dir, zookeeperPort)
	if err != nil {
		if zk, err = zkserver.New(dir, 0); err != nil {
			return err
		}
	}
	s.zk = zk
	s.closers = append(s.closers, zk.Close)
	started := time.Now()
	if err := zk.Start(); err != nil {
		return err
	}
	s.part("ZooKeeper", zk.Addr(), started)
	s.admin, err = zkserver.Connect(zk.Addr(), func(err error) { s.fault = err })
	if err == nil {
		s.closers = append(s.closers, s.admin.Close)
	}
	return err
}

func (s *stage) openTraefik(dir string) error {
	dir = filepath.Join(dir, "traefik")
	tr, err := traefik.New(dir, traefik.Options{Port: webPort})
	if err != nil {
		if tr, err = traefik.New(dir, traefik.Options{}); err != nil {
			return err
		}
	}
	s.traefik = tr
	s.closers = append(s.closers, tr.Close)
	started := time.Now()
	if err := tr.Start(); err != nil {
		return err
	}
	s.part("Traefik", tr.URL(), started)
	return nil
}

func (s *stage) part(name, where string, started time.Time) {
	fmt.Fprintf(s.out, "%-10s %-24s up after %.1f s\n", name, where, time.Since(started).Seconds())
}

// routes send everything through the first middleware, one path through both, and
// have a status page.
const routes = `http:
  routers:
    shop:
      rule: PathPrefix("/")
      entryPoints: [web]
      middlewares: [release]
      service: echo
    checkout:
      rule: PathPrefix("/checkout")
      entryPoints: [web]
      middlewares: [checkout, release]
      service: echo
    status:
      rule: PathPrefix("/.zookeeper")
      entryPoints: [web]
      middlewares: [status]
      service: noop@internal
  middlewares:
    status:
      plugin:
        zookeeper:
          statusPath: /.zookeeper
  services:
    echo:
      loadBalancer:
        servers:
          - url: http://%s
`

const middlewareFile = "examples/demo/middleware.yml"

func (s *stage) openRoutes(string) error {
	service, err := s.openEcho()
	if err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(parts.Root(), middlewareFile))
	if err != nil {
		return err
	}
	middlewares := strings.ReplaceAll(string(text), fmt.Sprintf("127.0.0.1:%d", zookeeperPort), s.zk.Addr())
	fmt.Fprintf(s.out, "\nThe plugin's configuration, %s:\n\n", middlewareFile)
	for line := range strings.Lines(middlewares) {
		fmt.Fprint(s.out, strings.TrimRight("    "+line, " \n"), "\n")
	}
	if err := s.traefik.WriteFile("middleware.yml", middlewares); err != nil {
		return err
	}
	return s.traefik.WriteFile("routes.yml", fmt.Sprintf(routes, service))
}

func (s *stage) openEcho() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: traefik.Echo()}
	go server.Serve(listener)
	s.closers = append(s.closers, func() { server.Close() })
	return listener.Addr().String(), nil
}
