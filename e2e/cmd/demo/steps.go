package main

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// steps are shown in their order; each begins with what the one before has left.
var steps = []func(*stage) error{
	followNode, openAndClose, fallBack, forge, outage,
}

const closed = `403 "The new checkout opens soon."`

func followNode(s *stage) error {
	s.title("A header follows a node")
	return s.first(
		s.see(header("X-Release", "none")),
		s.set("/release/current", "2026.1", header("X-Release", "2026.1")),
		s.set("/release/current", "2026.2", header("X-Release", "2026.2")),
	)
}

func openAndClose(s *stage) error {
	s.title("A gate opens and closes")
	return s.first(
		s.see(checkout(closed)),
		s.set("/flags/checkout", "on", checkout("200")),
		s.set("/flags/checkout", "off", checkout(closed)),
		s.set("/flags/checkout", "on", checkout("200")),
	)
}

func fallBack(s *stage) error {
	s.title("The first path that has a value gives it")
	return s.first(
		s.set("/motd/usual", "Welcome", header("X-Motd", "Welcome")),
		s.set("/motd/today", "Sale ends tonight", header("X-Motd", "Sale ends tonight")),
		s.remove("/motd/today", header("X-Motd", "Welcome")),
	)
}

func forge(s *stage) error {
	s.title("A client can't forge the header")
	e := header("X-Release", "2026.2")
	e.forged = "X-Release: mine"
	return s.first(s.see(e))
}

// outageLength is longer than the session's timeout: the session is lost, too.
const outageLength = 5 * time.Second

func outage(s *stage) error {
	s.title("ZooKeeper is killed, and started again")
	ended := s.watch(header("X-Release", "2026.2"), checkout("200"))
	s.zk.Kill()
	killed := time.Now()
	s.line("kill -9 ZooKeeper", "")
	s.sleep(outageLength)
	err := s.ctx.Err()
	if err == nil {
		err = s.zk.Start()
	}
	away := time.Since(killed)
	requests, wrong := ended()
	if err != nil {
		return err
	}
	if wrong != nil {
		return fmt.Errorf("while ZooKeeper was away: %w", wrong)
	}
	s.line("start ZooKeeper", fmt.Sprintf("%d requests in the %.1f s between, all of them served as before", requests, away.Seconds()))
	if err := s.reconnect(); err != nil {
		return err
	}
	return s.first(
		s.set("/release/current", "2026.3", header("X-Release", "2026.3")),
		s.set("/release/current", "2026.4", header("X-Release", "2026.4")),
	)
}

// reconnect waits for the client that makes the changes: its own way back is no
// part of how long a change takes to be served.
func (s *stage) reconnect() error {
	for deadline := time.Now().Add(patience); ; s.sleep(5 * time.Millisecond) {
		_, _, err := s.admin.Conn.Exists("/")
		if err == nil || s.ctx.Err() != nil || time.Now().After(deadline) {
			return err
		}
	}
}

// action is a part of a step.
type action func() error

// first does actions up to the first that fails.
func (s *stage) first(actions ...action) error {
	for _, do := range actions {
		if err := do(); err != nil {
			return err
		}
	}
	return nil
}

// see shows what is served without any change.
func (s *stage) see(e expectation) action {
	return func() error {
		err := s.await(e)
		if err == nil {
			s.line("", e.String())
		}
		return err
	}
}

func (s *stage) set(node, value string, e expectation) action {
	return s.change(fmt.Sprintf("set %s %s", node, quoted(value)), func() { s.admin.Put(node, []byte(value)) }, e)
}

func (s *stage) remove(node string, e expectation) action {
	return s.change("delete "+node, func() { s.admin.Delete(node) }, e)
}

// change shows how long a change takes: from just before it to the end of the
// first answer that has it.
func (s *stage) change(what string, do func(), e expectation) action {
	return func() error {
		if s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		started := time.Now()
		do()
		if s.fault != nil {
			return s.fault
		}
		if err := s.await(e); err != nil {
			return err
		}
		s.line(what, fmt.Sprintf("%s, %d ms later", e, time.Since(started).Milliseconds()))
		s.sleep(300 * time.Millisecond) // for people to follow
		return nil
	}
}

func (s *stage) title(text string) { fmt.Fprintf(s.out, "\n%s\n", text) }

func (s *stage) line(cause, effect string) {
	fmt.Fprintln(s.out, strings.TrimRight(fmt.Sprintf("  %-36s %s", cause, effect), " "))
}

// quoted is a value as a shell wants it.
func quoted(value string) string {
	if strings.Contains(value, " ") {
		return "'" + value + "'"
	}
	return value
}

const debianClient = "/usr/share/zookeeper/bin/zkCli.sh"

// invite says what to try by hand.
func (s *stage) invite() {
	url := s.traefik.URL()
	zk := "go -C e2e run ./cmd/zk"
	if s.zk.Addr() != fmt.Sprintf("127.0.0.1:%d", zookeeperPort) {
		zk += " -server " + s.zk.Addr()
	}
	fmt.Fprintf(s.out, `
Everything stays up. In another terminal, in this folder:

  %[1]s/.zookeeper   in a browser: what the plugin knows and does
  curl %[1]s/
  curl -i %[1]s/checkout
  %[2]s set /release/current 2026.5
  %[2]s set /flags/checkout off
  %[2]s delete /motd
`, url, zk)
	if _, err := os.Stat(debianClient); err == nil {
		fmt.Fprintf(s.out, "  %s -server %s set /release/current 2026.6\n", debianClient, s.zk.Addr())
	}
	fmt.Fprintln(s.out, "\nCtrl-C ends it.")
}
