package patches

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// A diff is what a patch does to one file.
type diff struct {
	file  string
	hunks []hunk
}

// A hunk is a change at one place. Lines have their line breaks.
type hunk struct {
	at                 int // the line of the patch with the numbers
	oldStart, oldCount int
	newStart, newCount int
	lines              []string
}

// patch applies a patch to files, which are replaced in the map. Errors begin with the name
// of the patch and a line of it.
func patch(files map[string]string, name, text string) error {
	found, err := parse(name, text)
	if err != nil {
		return err
	}
	for _, d := range found {
		old, exists := files[d.file]
		if creates := d.hunks[0].oldCount == 0; creates == exists {
			return fmt.Errorf("%s, line %d: %s exists: %t", name, d.hunks[0].at, d.file, exists)
		}
		changed, err := d.apply(name, old)
		if err != nil {
			return err
		}
		files[d.file] = changed
	}
	return nil
}

// apply makes the new text of a file. Each hunk has to fit at its own place.
func (d *diff) apply(name, text string) (string, error) {
	old := linesOf(text)
	var changed []string
	done := 0 // lines of the old text
	for _, h := range d.hunks {
		start := h.oldStart - 1
		if h.oldCount == 0 {
			start = h.oldStart // what is only added follows this line
		}
		if start < done || start > len(old) {
			return "", fmt.Errorf("%s, line %d: %s has %d lines, of which %d are done: there is no line %d", name, h.at, d.file, len(old), done, h.oldStart)
		}
		changed = append(changed, old[done:start]...)
		if want := h.newStart - 1; h.newCount > 0 && len(changed) != want {
			return "", fmt.Errorf("%s, line %d: %s has %d lines in front of it, and not %d", name, h.at, d.file, len(changed), want)
		}
		done = start
		for i, line := range h.lines {
			kind, content := line[0], line[1:]
			if kind != '+' {
				if done == len(old) || old[done] != content {
					return "", fmt.Errorf("%s, line %d: line %d of %s is %q, and not %q", name, h.at+i+1, done+1, d.file, lineAt(old, done), content)
				}
				done++
			}
			if kind != '-' {
				changed = append(changed, content)
			}
		}
	}
	return strings.Join(append(changed, old[done:]...), ""), nil
}

func lineAt(lines []string, i int) string {
	if i >= len(lines) {
		return ""
	}
	return lines[i]
}

// linesOf are the lines of a text with their line breaks.
func linesOf(text string) []string {
	lines := strings.SplitAfter(text, "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

var (
	fileHeader = regexp.MustCompile(`^diff --git a/([\w.]+) b/([\w.]+)\n$`)
	hunkHeader = regexp.MustCompile(`^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@`)
)

// parse reads a patch: a description, and for each file the lines diff, --- and +++, and
// hunks. It knows the form that the patches here have, and no other.
func parse(name, text string) ([]diff, error) {
	var found []diff
	lines := linesOf(text)
	for i := 0; i < len(lines); {
		header := fileHeader.FindStringSubmatch(lines[i])
		switch {
		case header != nil && header[1] == header[2]:
			if i+3 >= len(lines) || !isPairOf(header[1], lines[i+1], lines[i+2]) || !hunkHeader.MatchString(lines[i+3]) {
				return nil, fmt.Errorf("%s, line %d: no --- and +++ of %s and a hunk follow", name, i+1, header[1])
			}
			found = append(found, diff{file: header[1]})
			i += 3
		case len(found) == 0 && !strings.HasPrefix(lines[i], "diff ") && !strings.HasPrefix(lines[i], "@@ "):
			i++ // of the description
		case len(found) > 0 && hunkHeader.MatchString(lines[i]):
			h, err := parseHunk(name, lines, i)
			if err != nil {
				return nil, err
			}
			d := &found[len(found)-1]
			d.hunks = append(d.hunks, h)
			i += 1 + len(h.lines)
		default:
			return nil, fmt.Errorf("%s, line %d: %q is neither the beginning of a file nor of a hunk", name, i+1, lines[i])
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%s, line %d: the patch changes nothing", name, len(lines))
	}
	return found, nil
}

func isPairOf(file, before, after string) bool {
	return (before == "--- a/"+file+"\n" || before == "--- /dev/null\n") && after == "+++ b/"+file+"\n"
}

// parseHunk reads the hunk whose header is lines[at]. It ends where it has as many lines as
// the header says.
func parseHunk(name string, lines []string, at int) (hunk, error) {
	numbers := hunkHeader.FindStringSubmatch(lines[at])
	h := hunk{
		at:       at + 1,
		oldStart: number(numbers[1]), oldCount: number(numbers[2]),
		newStart: number(numbers[3]), newCount: number(numbers[4]),
	}
	olds, news := 0, 0
	for _, line := range lines[at+1:] {
		if olds == h.oldCount && news == h.newCount {
			return h, nil
		}
		switch line[0] {
		case ' ':
			olds++
			news++
		case '-':
			olds++
		case '+':
			news++
		default:
			return h, fmt.Errorf("%s, line %d: %q is no line of a hunk", name, at+2+len(h.lines), line)
		}
		h.lines = append(h.lines, line)
	}
	if olds != h.oldCount || news != h.newCount {
		return h, fmt.Errorf("%s, line %d: the hunk has %d old and %d new lines, and not %d and %d", name, at+1, olds, news, h.oldCount, h.newCount)
	}
	return h, nil
}

// number is a number of a hunk's header. A count that is left out is 1.
func number(digits string) int {
	if digits == "" {
		return 1
	}
	n, err := strconv.Atoi(digits)
	if err != nil {
		return -1 // too large for any file: nothing fits
	}
	return n
}
