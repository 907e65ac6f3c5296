package zookeeper

import (
	"net/http"
	"strings"
)

// Cookies are searched in a text that has all of them, each between semicolons, as in
// ";a=b;c=d;". The cookie a is found by its mark, which is ";a=".

func cookieMark(name string) string { return ";" + name + "=" }

// oddCookies are cookies that aren't spelled as browsers do it, or are too many.
type oddCookies struct {
	text     string
	squeezed string   // the text without spaces and tabs
	pairs    []string // the text between semicolons, once one is wanted
	tooLong  bool
}

// misspells tells whether there are blanks around the name of such a cookie, which
// are no part of it.
func (c *oddCookies) misspells(mark string) bool {
	return strings.Count(c.squeezed, mark) != strings.Count(c.text, mark)
}

// cookieOf is the first cookie of a name, as it stands in the request.
func cookieOf(t *term, v *visitor) string {
	if v.cookies == "" {
		readCookies(v)
	}
	at := strings.Index(v.cookies, t.mark)
	if at < 0 {
		return oddCookieOf(t, v)
	}
	value := v.cookies[at+len(t.mark):]
	value = value[:strings.IndexByte(value, ';')]
	if strings.HasSuffix(value, `"`) {
		return unquoted(value)
	}
	return value
}

// unquoted is a cookie's value without the quotes around it.
func unquoted(value string) string {
	if len(value) > 1 && strings.HasPrefix(value, `"`) && strings.HasSuffix(value, `"`) {
		return value[1 : len(value)-1]
	}
	return value
}

// readCookies notes the cookies of a visitor: in v.cookies, or in v.odd.
//
// Yaegi: what is rare is in a function of its own, since a function costs by its length.
func readCookies(v *visitor) {
	lines := v.request.Header["Cookie"]
	v.cookies = ";"
	if len(lines) == 1 && len(lines[0]) <= maxTextBytes {
		v.cookies = ";" + strings.ReplaceAll(lines[0], "; ", ";") + ";"
	}
	if len(lines) > 0 && (len(v.cookies) == 1 || strings.ContainsAny(v.cookies, " \t")) {
		readOddly(v, lines)
	}
}

func readOddly(v *visitor, lines []string) {
	if len(v.cookies) == 1 {
		v.odd = readOddCookies(lines)
	} else {
		v.odd = &oddCookies{text: v.cookies, squeezed: withoutBlanks(v.cookies)}
	}
	v.cookies = ";"
}

func readOddCookies(lines []string) *oddCookies {
	line, whole := joined(lines, "; ", maxTextBytes)
	if !whole {
		return &oddCookies{tooLong: true}
	}
	text := ";" + strings.ReplaceAll(line, "; ", ";") + ";"
	return &oddCookies{text: text, squeezed: withoutBlanks(text)}
}

func oddCookieOf(t *term, v *visitor) string {
	odd := v.odd
	if odd == nil {
		return ""
	}
	if odd.tooLong {
		v.unread = "there are more than 16 KB or 16 lines of cookies"
		return ""
	}
	at := strings.Index(odd.squeezed, t.mark)
	if at < 0 {
		return ""
	}
	// The cookie stands behind as many semicolons with blanks as without them.
	before := strings.Count(odd.squeezed[:at+1], ";")
	if odd.pairs == nil {
		odd.pairs = strings.Split(odd.text, ";")
	}
	name, value, _ := strings.Cut(odd.pairs[before], "=")
	if strings.Trim(name, " \t") != t.name {
		v.unread = "there are spaces within the name of the cookie " + t.name
		return ""
	}
	return unquoted(strings.TrimRight(value, " \t"))
}

// mentions tells whether there may be a cookie of that name.
func mentions(lines []string, name string) bool {
	return len(lines) > 1 || len(lines) == 1 && (len(lines[0]) > 4*maxTextBytes || strings.Contains(lines[0], name))
}

// withoutCookie takes a cookie out of a request, and leaves the others as they are. Where
// they can't be read, or have too many of that name, it takes all of them: a secret
// is nothing for a service.
func withoutCookie(header http.Header, name string) {
	lines := header["Cookie"]
	if !mentions(lines, name) {
		return
	}
	mark, read := cookieMark(name), readOddCookies(lines)
	count := strings.Count(read.squeezed, mark)
	if read.tooLong || count > maxAttempts {
		delete(header, "Cookie")
		return
	}
	if count == 0 {
		return
	}
	line := strings.Join(lines, "; ")
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
