package request

import (
	"net/http"
	"net/url"
	"testing"
)

// ordinaryCookies are lines as browsers, frameworks and analytics make them.
var ordinaryCookies = []string{
	"_ga=GA1.1.1234567890.1700000000; _ga_ABC123=GS1.1.1700000000.1.1.1700000010.0.0.0; _gid=GA1.2.99.1700; _fbp=fb.1.1700000000000.123456789",
	"OptanonConsent=isGpcEnabled=0&datestamp=Mon+Jan+01+2024+10%3A00%3A00+GMT%2B0100&version=6.18.0&groups=C0001%3A1%2CC0002%3A0; OptanonAlertBoxClosed=2024-01-01T09:00:00.000Z",
	"JSESSIONID=0000abcDEF:-1; XSRF-TOKEN=eyJpdiI6Ik==; laravel_session=eyJpdiI6IjEyMyIsInZhbHVlIjoiYWJjIn0%3D; remember_web_59ba36addc2b2f9401580f014c7f58ea4e30989d=1|a|b",
	`prefs="dark mode"; name="a b c"; q="a,b"; empty=""; one="x`, "session=s%3Aabc.def%2Fghi%3D; connect.sid=s%3A1; theme=dark", "a=b=c=d; =x; novalue; empty=; last=1",
	`json={"a":1,"b":"c d"}; after=1`, `cart=[{"id":1},{"id":2}]; after=1`, "wp-settings-1=libraryContent%3Dbrowse%26editor%3Dhtml; wordpress_test_cookie=WP+Cookie+check",
	"uid=first; uid=second; uid=third", "lang=de-CH; CookieConsent={stamp:'abc==',necessary:true,preferences:false,method:'explicit',ver:1,utc:1700000000000,region:'ch'}",
	"intercom-id-abc=1-2-3; intercom-session-abc=; __cf_bm=a.b-c_d+e/f=; _hjSessionUser_1=eyJ=", "a=b;c=d;e=f", "a=b;  c=d", "a=b ; c=d", " a=b", "a=b; ", "a=b;", ";a=b", "a=b;;c=d",
	"a = b; c=d", "user=jos\u00e9; city=Z\u00fcrich; after=1", "dollar=$1; $Version=1; a=b; $Path=/", "a=b\tc; d=e", `back=a\b; after=1`, "UID=upper; uid=lower", "__Host-a=1; __Secure-b=2",
}

func linesOf(lines ...string) http.Header { return http.Header{"Cookie": lines} }

// A cookie has the value that Go gives it, where it has one: in whatever Go leaves out, what
// stands there.
func TestCookiesAreThoseOfGo(t *testing.T) {
	headers := []http.Header{linesOf("a=b", "c=d; a=e"), linesOf("", "a=b"), linesOf("a=b; ", " c=d")}
	for _, line := range ordinaryCookies {
		headers = append(headers, linesOf(line))
	}
	for _, header := range headers {
		seen := map[string]bool{}
		r := &http.Request{Header: header}
		for _, c := range r.Cookies() {
			if seen[c.Name] {
				continue
			}
			seen[c.Name] = true
			reader := &Reader{Request: r}
			if got := cookieOf(parseNamed("cookie", c.Name), reader); got != c.Value || reader.Unread != "" {
				t.Errorf("%q: %s is %q %q, Go has %q", header["Cookie"], c.Name, got, reader.Unread, c.Value)
			}
			if got := cookiesOf(reader)[c.Name]; got != c.Value {
				t.Errorf("%q: %s is %q among all, Go has %q", header["Cookie"], c.Name, got, c.Value)
			}
		}
	}
}

// ordinaryQueries are queries as forms, links and trackers make them.
var ordinaryQueries = []string{
	"utm_source=news&utm_medium=e-mail&utm_campaign=spring%20sale&gclid=EAIaIQob-_x", "q=a+b+c&page=2", "q=%E2%82%AC&name=Z%C3%BCrich", "a=1&a=2&a=3", "a", "a&b", "a=&b=", "=x&a=1", "a==b", "a=b=c",
	"a[]=1&a[]=2&b[c]=d", "filter%5Bname%5D=x", "redirect=https%3A%2F%2Fexample.com%2F%3Fa%3Db%26c%3Dd", "redirect=https://example.com/?a=b", "q=%22quoted%22&r='single'", "&&a=1&&", "a=1&", "a=%2B&b=+",
	"q=a:b/c@d,e", "json={\"a\":1}", "a=1#frag", "A=1&a=2", "%61=1", "a=\u00e9", "t=1700000000&_=123",
}

func TestParametersAreThoseOfGo(t *testing.T) {
	for _, raw := range ordinaryQueries {
		r := &http.Request{URL: &url.URL{RawQuery: raw}}
		for name, values := range r.URL.Query() {
			reader := &Reader{Request: r}
			if got := queryOf(name, reader); got != values[0] || reader.Unread != "" {
				t.Errorf("%s: %s is %q %q, Go has %q", raw, name, got, reader.Unread, values[0])
			}
			if got := parametersOf(reader)[name]; got != values[0] {
				t.Errorf("%s: %s is %q among all, Go has %q", raw, name, got, values[0])
			}
		}
	}
}
