package zookeeper

import (
	"net/http"
	"strings"
)

// cookieLine is all cookies of a request, each with a semicolon in front of it: ";a=b;c=d".
// So a cookie is found by one search for its mark, which is ";a=" for the cookie a.
type cookieLine struct {
	text     string
	squeezed string // the text without its blanks; empty where it has none
	tooLong  bool
}

var (
	noCookies      = &cookieLine{}
	tooManyCookies = &cookieLine{tooLong: true}
)

func cookieMark(name string) string { return ";" + name + "=" }

func readCookies(header http.Header) *cookieLine {
	lines := header["Cookie"]
	if len(lines) == 0 {
		return noCookies
	}
	line := lines[0]
	if len(lines) > 1 {
		text, whole := joined(lines, "; ", maxTextBytes)
		if !whole {
			return tooManyCookies
		}
		line = text
	}
	if len(line) > maxTextBytes || strings.Count(line, ";") > maxCookies {
		return tooManyCookies
	}
	read := &cookieLine{text: ";" + strings.ReplaceAll(line, "; ", ";")}
	if strings.ContainsAny(read.text, " \t") {
		read.squeezed = withoutBlanks(read.text)
	}
	return read
}

// count is how many cookies have that mark, however they are spelled.
func (c *cookieLine) count(mark string) int {
	if c.squeezed != "" {
		return strings.Count(c.squeezed, mark)
	}
	return strings.Count(c.text, mark)
}

// misspells tells whether there are blanks around a cookie's name, which some services
// take for a part of it.
func (c *cookieLine) misspells(mark string) bool { return c.count(mark) != strings.Count(c.text, mark) }

// cookieOf is the first cookie of a name, as it stands in the request.
func cookieOf(t *term, v *visitor) string {
	if v.cookies == nil {
		v.cookies = readCookies(v.request.Header)
	}
	if v.cookies.squeezed != "" && v.cookies.misspells(t.mark) {
		v.unread = "there are spaces around the name of the cookie " + t.name
		return ""
	}
	_, rest, found := strings.Cut(v.cookies.text, t.mark)
	if found {
		return cookieValue(rest)
	}
	if v.cookies.tooLong {
		v.unread = unreadCookies
	}
	return ""
}

const unreadCookies = "there are more than 16 KB, 3000 cookies or 16 lines of cookies"

// cookieValue is the value that a text begins with, without the quotes around it.
func cookieValue(text string) string {
	value, _, _ := strings.Cut(text, ";")
	value = strings.TrimRight(value, " \t")
	if len(value) > 1 && strings.HasPrefix(value, `"`) && strings.HasSuffix(value, `"`) {
		return value[1 : len(value)-1]
	}
	return value
}

// withoutCookie takes a cookie out of a request, and leaves the others as they are. Where
// they can't be read, or have too many of that name, it takes all of them: a secret
// is nothing for a service.
func withoutCookie(header http.Header, name string) {
	mark := cookieMark(name)
	read := readCookies(header)
	if read.tooLong {
		text, whole := joined(header["Cookie"], ";", 4*maxTextBytes)
		if !whole || strings.Contains(text, name) {
			delete(header, "Cookie")
		}
		return
	}
	count := read.count(mark)
	if count == 0 {
		return
	}
	if count > maxAttempts {
		delete(header, "Cookie")
		return
	}
	line := strings.Join(header["Cookie"], "; ")
	if read.misspells(mark) {
		line = tidied(line)
	}
	line = lineWithout(line, mark)
	if line == "" {
		delete(header, "Cookie")
		return
	}
	header["Cookie"] = []string{line}
}

// tidied is a line of cookies without blanks around their names.
func tidied(line string) string {
	line = strings.Join(strings.Fields(line), " ")
	return strings.ReplaceAll(strings.ReplaceAll(line, " =", "="), " ;", ";")
}

// lineWithout takes out the few cookies with a mark. It is empty where no others are left.
func lineWithout(line, mark string) string {
	text := ";" + line
	spaced := "; " + mark[1:]
	for i := 0; i <= maxAttempts; i++ {
		separator := strings.Index(text, mark)
		name := separator + 1
		if separator < 0 {
			separator = strings.Index(text, spaced)
			name = separator + 2
		}
		if separator < 0 {
			return strings.TrimPrefix(text, ";")
		}
		text = withoutPair(text, separator, name)
	}
	return ""
}

// withoutPair takes out the cookie whose name begins somewhere, with the separator
// behind it; or, where nothing is behind it, with the one in front of it.
func withoutPair(text string, separator, name int) string {
	_, behind, _ := strings.Cut(text[name:], ";")
	behind = strings.TrimLeft(behind, " \t")
	if behind == "" {
		return text[:separator]
	}
	return text[:name] + behind
}
