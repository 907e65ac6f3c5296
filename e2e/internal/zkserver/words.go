package zkserver

import (
	"fmt"
	"io"
	"net"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// FourLetter asks one of ZooKeeper's four-letter words.
func (s *Server) FourLetter(word string) (string, error) { return s.ask(word, 5*time.Second) }

func (s *Server) ask(word string, patience time.Duration) (string, error) {
	conn, err := net.DialTimeout("tcp", s.Addr(), time.Second)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(patience))
	if _, err := io.WriteString(conn, word); err != nil {
		return "", err
	}
	answer, err := io.ReadAll(conn)
	return string(answer), err
}

// Sessions counts the sessions of connected clients. The connection that asks
// has none.
func (s *Server) Sessions() (int, error) {
	answer, err := s.FourLetter("cons")
	sessions := strings.Count(answer, "sid=")
	if err != nil || s.secure == nil {
		return sessions, err
	}
	// cons passes over the connections of the other port, mntr doesn't.
	all, err := s.connections()
	return sessions + all - strings.Count(answer, "(queued="), err
}

// OpenSessions counts the sessions that aren't closed, whether their clients are connected or not.
// The server closes a session before it says so to the client, and that one's connection a moment
// later.
func (s *Server) OpenSessions() (int, error) {
	answer, err := s.FourLetter("dump")
	sets, _, _ := strings.Cut(answer, "ephemeral nodes dump:")
	return strings.Count(sets, "\t0x"), err
}

// Session is one of a client that is connected.
type Session struct {
	ID      string
	Timeout time.Duration // as negotiated
}

var sessionFields = regexp.MustCompile(`sid=(0x[0-9a-f]+),.*?to=(\d+),`)

// ConnectedSessions are those that Sessions counts, without those of the secure
// port.
func (s *Server) ConnectedSessions() ([]Session, error) {
	answer, err := s.ask("cons", time.Second)
	if err != nil {
		return nil, err
	}
	var sessions []Session
	for _, fields := range sessionFields.FindAllStringSubmatch(answer, -1) {
		milliseconds, err := strconv.Atoi(fields[2])
		if err != nil {
			return nil, err
		}
		sessions = append(sessions, Session{ID: fields[1], Timeout: time.Duration(milliseconds) * time.Millisecond})
	}
	return sessions, nil
}

func (s *Server) connections() (int, error) {
	answer, err := s.FourLetter("mntr")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(answer) {
		if number, found := strings.CutPrefix(line, "zk_num_alive_connections\t"); found {
			return strconv.Atoi(strings.TrimSpace(number))
		}
	}
	return 0, fmt.Errorf("mntr: %q: no connections", answer)
}

// Watches counts the watches that sessions hold on paths.
func (s *Server) Watches() (int, error) {
	answer, err := s.FourLetter("wchs")
	if err != nil {
		return 0, err
	}
	var connections, paths, total int
	_, err = fmt.Sscanf(answer, "%d connections watching %d paths\nTotal watches:%d", &connections, &paths, &total)
	return total, err
}

// Mode is standalone, leader, follower, or read-only.
func (s *Server) Mode() (string, error) { return s.mode(5 * time.Second) }

func (s *Server) mode(patience time.Duration) (string, error) {
	answer, err := s.ask("srvr", patience)
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(answer) {
		if mode, found := strings.CutPrefix(line, "Mode: "); found {
			return strings.TrimSpace(mode), nil
		}
	}
	return "", fmt.Errorf("srvr: %q: no mode", answer)
}

// Count asks a server for a number, its Sessions or Watches, say.
func Count(t testing.TB, what func() (int, error)) int {
	t.Helper()
	n, err := what()
	if err != nil {
		t.Fatal(err)
	}
	return n
}
