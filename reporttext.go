package zookeeper

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// How the status writes what the reports have.

func timestamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func sessionText(s *sessionReport) string {
	if !s.Up {
		return ""
	}
	return fmt.Sprintf("0x%x", s.SessionID)
}

// sourceText is a source as the configuration has it.
func sourceText(s *sourceReport) string {
	text := strings.Join(s.Paths, ", ") + " as " + s.Format
	if s.Key != "" {
		text += " " + s.Key
	}
	return text
}

func valueText(n *nodeReport, wanted *selection) string {
	switch {
	case !n.Exists:
		return ""
	case n.Children:
		return strconv.Itoa(n.ChildCount) + " below"
	case wanted.hideValues:
		return ""
	}
	return excerpt(n.Data)
}

// longestExcerpt is how many bytes of a value are in a report.
const longestExcerpt = 120

// excerpt is the beginning of a value, as people can read it.
func excerpt(data []byte) string {
	if !utf8.Valid(data) {
		return fmt.Sprintf("%d bytes that are no text", len(data))
	}
	whole := len(data)
	if whole <= longestExcerpt {
		return strings.Map(printable, string(data))
	}
	text := strings.ToValidUTF8(string(data[:longestExcerpt]), "")
	return strings.Map(printable, text) + fmt.Sprintf("… (%d bytes)", whole)
}

func printable(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return ' '
}

// mostMissing reasons not to be ready are told.
const mostMissing = 20

// missingLines tell of missing values, of each once.
func missingLines(missing []*missingValue) []string {
	lines := map[string]bool{}
	for _, m := range missing {
		lines[missingText(m)] = true
	}
	all := sortedKeys(lines)
	if len(all) > mostMissing {
		rest := len(all) - mostMissing
		all = append(all[:mostMissing], fmt.Sprintf("and %d more", rest))
	}
	return all
}

func missingText(m *missingValue) string {
	switch m.Reason {
	case missingCluster:
		if m.Cluster == "" {
			return "middleware " + m.Middleware + ": nobody defines the one cluster that it reads from"
		}
		return "middleware " + m.Middleware + ": nobody defines cluster " + m.Cluster
	case notLoaded:
		return "cluster " + m.Cluster + ": " + m.Path + " is not loaded"
	}
	return "cluster " + m.Cluster + ": " + m.Path + " is older than maxStale allows middleware " + m.Middleware
}
