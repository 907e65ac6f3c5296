package request

import (
	"net/http"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
)

// pairsOf are the cookies of a line with their names, as a loop reads them: what the
// searches are held against.
func pairsOf(line string) []string {
	var pairs []string
	for _, pair := range strings.Split(line, ";") {
		pair = strings.Trim(pair, " \t")
		if pair != "" {
			pairs = append(pairs, pair)
		}
	}
	return pairs
}

func isNamed(pair, name string) bool {
	before, _, isPair := strings.Cut(pair, "=")
	return isPair && strings.Trim(before, " \t") == name
}

// FuzzCookies: the value of a cookie is that of the first one of its name; and
// without it, all others are there.
func FuzzCookies(f *testing.F) {
	for _, line := range []string{"", "a=b", "c=d; a=b", "c=d;a=b;a=c", "a=", "a", "a = b", "c=d;  a=b", "\ta=b ;c", `a="b; c"`, `a="b"`, `a="`, "a=b=a=c", ";;a=b;;", "c=a=b; aa=b; a=x", "a=1; a=1; a=1"} {
		f.Add(line, "")
		f.Add(line, line)
	}
	f.Fuzz(func(t *testing.T, line, another string) {
		if strings.ContainsAny(line+another, "\x00\r\n\v\f\u0085\u00a0") || len(line+another) > 1000 {
			return // which no header has, or which doesn't end a word everywhere
		}
		lines := []string{line}
		if another != "" {
			lines = append(lines, another)
		}
		pairs := pairsOf(strings.Join(lines, "; "))
		checkCookie(t, lines, pairs)
		checkWithout(t, lines, pairs)
	})
}

func checkCookie(t *testing.T, lines, pairs []string) {
	want := ""
	for _, pair := range pairs {
		if isNamed(pair, "a") {
			_, want, _ = strings.Cut(pair, "=")
			break
		}
	}
	if len(want) > 1 && strings.HasPrefix(want, `"`) && strings.HasSuffix(want, `"`) {
		want = want[1 : len(want)-1]
	}
	reader := &Reader{Request: &http.Request{Header: http.Header{"Cookie": lines}}}
	got := cookieOf(&term{kind: termCookie, name: "a", mark: cookieMark("a")}, reader)
	if got != want || reader.Unread != "" {
		t.Errorf("of %q, a is %q, want %q; unread: %s", lines, got, want, reader.Unread)
	}
}

func checkWithout(t *testing.T, lines, pairs []string) {
	header := http.Header{"Cookie": slices.Clone(lines)}
	RemoveCookie(&http.Request{Header: header}, "a")
	var want []string
	count := 0
	for _, pair := range pairs {
		if isNamed(pair, "a") {
			count++
		} else {
			want = append(want, strings.Join(strings.Fields(pair), ""))
		}
	}
	if count > maxAttempts {
		want = nil
	}
	var got []string
	for _, pair := range pairsOf(strings.Join(header["Cookie"], "; ")) {
		got = append(got, strings.Join(strings.Fields(pair), ""))
	}
	if !slices.Equal(got, want) {
		t.Errorf("of %q stays %q, want %q", lines, header["Cookie"], want)
	}
	if count == 0 && !slices.Equal(header["Cookie"], lines) {
		t.Errorf("%q becomes %q", lines, header["Cookie"])
	}
}

// allocated is how many bytes a function allocates. Other goroutines may add to that,
// so the least of some times counts.
func allocated(times int, do func()) uint64 {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // a collection would empty pools, which then are filled again
	least := ^uint64(0)
	for range times {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		do()
		runtime.ReadMemStats(&after)
		least = min(least, after.TotalAlloc-before.TotalAlloc)
	}
	return least
}

// However many cookies a flag looks at, an odd line is taken apart once.
func TestOddCookiesAreSplitOnce(t *testing.T) {
	header := http.Header{"Cookie": {strings.Repeat(" ;", 8000) + "a=1; b=2; c=3; d=4"}}
	lookingUp := func(names ...string) uint64 {
		return allocated(3, func() {
			reader := &Reader{Request: &http.Request{Header: header}}
			for _, name := range names {
				if cookieOf(parseNamed("cookie", name), reader) == "" || reader.Unread != "" {
					t.Errorf("%s is missing: %s", name, reader.Unread)
				}
			}
		})
	}
	if one, four := lookingUp("a"), lookingUp("a", "b", "c", "d"); four > one+16<<10 {
		t.Errorf("a cookie takes %d bytes, four take %d", one, four)
	}
}
