package request

import (
	"net/http"
	"strings"
)

// Cookies are searched in a text of all of them, with semicolons at its ends and between
// them, as in ";a=b;c=d;".

// cookieMark is what a cookie of that name begins with in such a text, as in ";a=".
func cookieMark(name string) string { return ";" + name + "=" }

// oddCookies are cookies that aren't written as browsers do it, with one line and one space
// behind each semicolon.
type oddCookies struct {
	text     string   // of all cookies
	squeezed string   // the text without spaces and tabs
	pairs    []string // the text between semicolons, once one is wanted
	tooLong  bool     // to be read; there is no text then
}

// misspells tells whether there are blanks around the name of the cookie with that mark.
// They are no part of its name.
func (c *oddCookies) misspells(mark string) bool {
	return strings.Count(c.squeezed, mark) != strings.Count(c.text, mark)
}

// cookieOf is the value of the first cookie of the term's name, without quotes around it.
func cookieOf(t *term, r *Reader) string {
	if r.cookies == "" {
		readCookies(r)
	}
	at := strings.Index(r.cookies, t.mark)
	if at < 0 {
		return oddCookieOf(t, r)
	}
	value := r.cookies[at+len(t.mark):]
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

// readCookies puts the cookies of a request into r.cookies; or odd ones into r.odd, and none
// into r.cookies.
//
// Yaegi: what is rare is in a function of its own, since a function costs by its length.
func readCookies(r *Reader) {
	lines := r.Request.Header["Cookie"]
	r.cookies = ";"
	if len(lines) == 1 && len(lines[0]) <= maxTextBytes {
		r.cookies = ";" + strings.ReplaceAll(lines[0], "; ", ";") + ";"
	}
	if len(lines) > 0 && (len(r.cookies) == 1 || strings.ContainsAny(r.cookies, " \t")) {
		readOddly(r, lines)
	}
}

// readOddly is readCookies for odd cookies.
func readOddly(r *Reader, lines []string) {
	if len(r.cookies) == 1 {
		r.odd = readOddCookies(lines)
	} else {
		r.odd = &oddCookies{text: r.cookies, squeezed: withoutBlanks(r.cookies)}
	}
	r.cookies = ";"
}

// readOddCookies reads the lines of the header Cookie, whichever way they are written.
func readOddCookies(lines []string) *oddCookies {
	line, whole := joined(lines, "; ", maxTextBytes)
	if !whole {
		return &oddCookies{tooLong: true}
	}
	text := ";" + strings.ReplaceAll(line, "; ", ";") + ";"
	return &oddCookies{text: text, squeezed: withoutBlanks(text)}
}

// oddCookieOf is cookieOf for odd cookies.
func oddCookieOf(t *term, r *Reader) string {
	odd := r.odd
	if odd == nil {
		return ""
	}
	if odd.tooLong {
		r.Unread = "there are more than 16 KB or 16 lines of cookies"
		return ""
	}
	at := strings.Index(odd.squeezed, t.mark)
	if at < 0 {
		return ""
	}
	// Blanks make no difference to the number of semicolons in front of the cookie.
	before := strings.Count(odd.squeezed[:at+1], ";")
	if odd.pairs == nil {
		odd.pairs = strings.Split(odd.text, ";")
	}
	name, value, _ := strings.Cut(odd.pairs[before], "=")
	if strings.Trim(name, " \t") != t.name {
		r.Unread = "there are spaces within the name of the cookie " + t.name
		return ""
	}
	return unquoted(strings.TrimRight(value, " \t"))
}

// mentions tells whether there may be a cookie of that name. A single line that lacks the
// name has none, which is found out soon.
func mentions(lines []string, name string) bool {
	return len(lines) > 1 || len(lines) == 1 && (len(lines[0]) > 4*maxTextBytes || strings.Contains(lines[0], name))
}

// RemoveCookie takes a cookie out of a request, and leaves the others as they are. It takes
// all of them where they can't be read, or too many have that name, since no service may
// get a secret. The gates behind know it all the same.
func RemoveCookie(r *http.Request, name string) {
	header := r.Header
	lines := header["Cookie"]
	if !mentions(lines, name) {
		return
	}
	mark, read := cookieMark(name), readOddCookies(lines)
	count := strings.Count(read.squeezed, mark)
	if count == 0 && !read.tooLong {
		return
	}
	keepLines(r, "Cookie")
	if read.tooLong || count > maxAttempts {
		delete(header, "Cookie")
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

// tidied is a line of cookies without blanks around their names, and with single spaces
// elsewhere.
func tidied(line string) string {
	line = strings.Join(strings.Fields(line), " ")
	return strings.ReplaceAll(strings.ReplaceAll(line, " =", "="), " ;", ";")
}

// lineWithout is a line without the cookies with a mark, of which there are few. It is empty
// where no other is left.
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

// withoutPair is a text without one cookie, given where the semicolon in front of it and its
// name begin. The semicolon behind it goes with it, or the one in front where it is the last
// cookie.
func withoutPair(text string, separator, name int) string {
	_, behind, _ := strings.Cut(text[name:], ";")
	behind = strings.TrimLeft(behind, " \t")
	if behind == "" {
		return text[:separator]
	}
	return text[:name] + behind
}
