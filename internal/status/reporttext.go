package status

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/cache"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/serve"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/session"
)

// timestamp is a time in UTC, to the millisecond; empty for the zero time.
func timestamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// sessionText is a session's number as ZooKeeper writes it; empty where there is none.
func sessionText(s *session.Report) string {
	if !s.Up {
		return ""
	}
	return fmt.Sprintf("0x%x", s.SessionID)
}

// sourceText is a source as the configuration has it.
func sourceText(s *serve.SourceReport) string {
	text := strings.Join(s.Paths, ", ") + " as " + s.Format
	if s.Key != "" {
		text += " " + s.Key
	}
	return text
}

// valueText is what is shown of a node's value.
func valueText(n *cache.NodeReport) string {
	switch {
	case !n.Exists:
		return ""
	case n.Children:
		return strconv.Itoa(n.ChildCount) + " below"
	}
	return excerpt(n.Data)
}

// maxExcerpt is how many bytes of a value are in a report at most.
const maxExcerpt = 120

// excerpt is the beginning of a value, as people can read it.
func excerpt(data []byte) string {
	if !utf8.Valid(data) {
		return fmt.Sprintf("%d bytes that are no text", len(data))
	}
	whole := len(data)
	if whole <= maxExcerpt {
		return strings.Map(printable, string(data))
	}
	text := strings.ToValidUTF8(string(data[:maxExcerpt]), "")
	return strings.Map(printable, text) + fmt.Sprintf("… (%d bytes)", whole)
}

func printable(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return ' '
}

// maxMissing is how many missing values are told one by one.
const maxMissing = 20

// missingLines tell of missing values in order, of each once.
func missingLines(missing []*serve.MissingValue) []string {
	lines := map[string]bool{}
	for _, m := range missing {
		lines[missingText(m)] = true
	}
	all := lists.SortedKeys(lines)
	if len(all) > maxMissing {
		rest := len(all) - maxMissing
		all = append(all[:maxMissing], fmt.Sprintf("and %d more", rest))
	}
	return all
}

// missingText tells of a missing value. One that is too old is so for a middleware, and one
// that isn't loaded for all.
func missingText(m *serve.MissingValue) string {
	switch m.Reason {
	case serve.MissingCluster:
		if m.Cluster == "" {
			return "middleware " + m.Middleware + ": nobody defines the one cluster that it reads from"
		}
		return "middleware " + m.Middleware + ": nobody defines cluster " + m.Cluster
	case serve.LostCluster:
		if m.Cluster == "" {
			return "middleware " + m.Middleware + ": nobody defines the one cluster that it reads from any more; its values are served until Traefik restarts"
		}
		return "middleware " + m.Middleware + ": nobody defines cluster " + m.Cluster + " any more; its values are served until Traefik restarts"
	case serve.Unusable:
		return "middleware " + m.Middleware + ": its configuration can't be used; the log says why"
	case serve.TooOld:
		return "cluster " + m.Cluster + ": " + m.Path + " is older than maxStale allows middleware " + m.Middleware
	}
	return "cluster " + m.Cluster + ": " + m.Path + " is not loaded"
}
