package recipes

import (
	"bufio"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// An exchange is a request as curl would send it, and the lines of the answer that
// the page shows.
type exchange struct {
	command string
	url     string
	header  http.Header
	host    string // in the place of the URL's, where it isn't empty
	lines   []string
}

// exchanges are those of a block: commands behind a dollar sign, answers below them.
func exchanges(t *testing.T, text string) []exchange {
	t.Helper()
	var found []exchange
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		command, isCommand := strings.CutPrefix(line, "$ ")
		switch {
		case isCommand:
			e, err := curl(command)
			if err != nil {
				t.Fatal(err)
			}
			found = append(found, e)
		case line != "":
			last := &found[len(found)-1]
			last.lines = append(last.lines, line)
		}
	}
	return found
}

var word = regexp.MustCompile(`'[^']*'|\S+`)

// curl reads a command of curl's.
func curl(command string) (exchange, error) {
	e := exchange{command: command, header: http.Header{}}
	words := word.FindAllString(command, -1)
	if len(words) == 0 || words[0] != "curl" {
		return e, fmt.Errorf("%q is no request", command)
	}
	for i := 1; i < len(words); i++ {
		value := strings.Trim(words[min(i+1, len(words)-1)], "'")
		switch {
		case words[i] == "--include":
		case words[i] == "--header":
			name, text, _ := strings.Cut(value, ": ")
			e.header.Add(name, text)
			i++
		case words[i] == "--cookie":
			e.header.Add("Cookie", value)
			i++
		case strings.HasPrefix(words[i], "http://") && e.url == "":
			e.url = words[i]
		default:
			return e, fmt.Errorf("%q: no test knows %s", command, words[i])
		}
	}
	if e.url == "" {
		return e, fmt.Errorf("%q has no URL", command)
	}
	return e, nil
}

// answerLines is an answer as curl --include shows it.
func answerLines(response *http.Response) ([]string, error) {
	lines := []string{response.Proto + " " + response.Status}
	for name, values := range response.Header {
		for _, value := range values {
			lines = append(lines, name+": "+value)
		}
	}
	body := bufio.NewScanner(response.Body)
	for body.Scan() {
		lines = append(lines, body.Text())
	}
	return lines, body.Err()
}

var headerLine = regexp.MustCompile(`^[A-Za-z-]+: `)

// keeps says where an answer isn't what the page shows of it: each line has to be
// there, and of a header no other value.
func keeps(shown, got []string) error {
	for _, line := range shown {
		begin, isBegin := strings.CutSuffix(line, "...")
		found := slices.ContainsFunc(got, func(have string) bool { return have == line || isBegin && strings.HasPrefix(have, begin) })
		if !found {
			return fmt.Errorf("no line %q in the answer\n%s", line, strings.Join(got, "\n"))
		}
		name := headerLine.FindString(line)
		if name != "" && slices.ContainsFunc(got, func(have string) bool { return strings.HasPrefix(have, name) && have != line }) {
			return fmt.Errorf("more than the line %q in the answer\n%s", line, strings.Join(got, "\n"))
		}
	}
	return nil
}

// An answer that isn't as the page shows it is told.
func TestBrokenPromises(t *testing.T) {
	got := []string{"HTTP/1.1 200 OK", "Content-Length: 3", "X-Canary: true", `count{a="b"} 7`}
	for shown, kept := range map[string]bool{
		"HTTP/1.1 200 OK":                        true,
		"HTTP/1.1 200 OK|X-Canary: true":         true,
		`count{a="b"} ...`:                       true,
		"HTTP/1.1 403 Forbidden":                 false,
		"HTTP/1.1 200":                           false,
		"HTTP/1.1 200 OK|X-Canary: false":        false,
		"X-Other: true":                          false,
		`count{a="c"} ...`:                       false,
		"HTTP/1.1 200 OK|You are not invited...": false,
	} {
		if err := keeps(strings.Split(shown, "|"), got); (err == nil) != kept {
			t.Errorf("%s: %v", shown, err)
		}
	}
	if err := keeps([]string{"X-Canary: true"}, append(got, "X-Canary: false")); err == nil {
		t.Error("two values are none too many")
	}
	for _, command := range []string{"wget http://a/", "curl", "curl --data a http://a/"} {
		if e, err := curl(command); err == nil {
			t.Errorf("%s is taken for %+v", command, e)
		}
	}
}

// do sends a request with the headers that are shown, and says what the answer has otherwise than
// shown.
func (e exchange) do(request *http.Request) error {
	maps.Copy(request.Header, e.header)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	got, err := answerLines(response)
	if err == nil {
		err = keeps(e.lines, got)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", e.command, err)
	}
	return nil
}
