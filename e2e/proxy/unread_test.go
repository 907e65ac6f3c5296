package proxy

import (
	"strings"
	"testing"
)

// What the plugin can't read as a whole opens no gate, and comes through as it was sent where
// no gate looks at it.
func TestWhatIsntReadOpensNoGate(t *testing.T) {
	s, w := newStage(t, nil), startWitness(t)
	for name, condition := range map[string]string{"query": `{"!!":{"var":"query.debug"}}`, "cookie": `{"!!":{"var":"cookies.banned"}}`} {
		s.admin.Put("/unread/"+name, []byte(closedWhen(condition)))
	}
	s.launch(t, s.before(w, cluster+"gates:\n  - {path: /unread/query, blockWhen: 'on'}\n  - {path: /unread/cookie, blockWhen: 'on', bypass: {cookie: {name: bypass, value: open-sesame}}}\n"), nil)
	s.awaitArrival(t, w, get("/"), func(arrival) bool { return true })
	w.take()
	many := strings.Repeat("a&", 12000)
	for _, sent := range []string{
		get("/?debug=1&" + many), get("/?" + many + "debug=1"), get("/?debug=1%"), get("/?debug=1;a"), get("/?a;debug=1"), request2("GET", "http", "www.example", "/?debug=1&"+many),
		get("/", "Cookie: banned=1; "+strings.Repeat("a=b; ", 4000)+"c=d"), get("/", "Cookie: banned=1; "+strings.Repeat("a;", 450<<10)), get("/", "Cookie: banned=\"1"), get("/", "Cookie: banned =1"), get2("cookie: " + strings.Repeat("a=b; ", 3900) + "banned=1"),
	} {
		s.send(t, sent)
		if arrivals := w.take(); len(arrivals) > 0 {
			t.Errorf("%.100q arrives as %.200q", sent, arrivals[0].raw)
		}
	}
	for _, line := range []string{"Cookie: a;b;  c=d", "Cookie: " + strings.Repeat("a;", 8000), "Accept: " + strings.Repeat("a,", 300<<10), "X-Any: " + strings.Repeat("a", 600<<10)} {
		s.send(t, get("/?a=50%", line))
		if arrivals := w.take(); len(arrivals) != 1 || !strings.Contains(arrivals[0].raw, line+"\r\n") {
			t.Errorf("%.100q arrives as %.300v", line, arrivals)
		}
	}
}
