package behaviour

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// salted are flags, the gate's lines for them, and which of 30 users are on. These were worked out
// beforehand and elsewhere: MurmurHash3 of the salt and the user, times 100, shifted by 32 bits, is below 25.
var salted = []struct{ name, chroot, node, text, path, lines, on string }{
	{"a share", "", "/flags/checkout", "25%", "/flags/checkout", "", "4 8 9 12 14 21 26 28 29"},
	{"a share below a chroot", "/staging", "/flags/checkout", "25%", "/flags/checkout", "", "4 8 9 12 14 21 26 28 29"},
	{"a definition", "", "/flags/checkout", targeted(`{"fractional":[["on",1],["off",3]]}`), "/flags/checkout", "", "4 8 9 12 14 21 26 28 29"},
	{"a percentage", "", "/flags/checkout", "25", "/flags/checkout", "format: decider", "4 8 9 12 14 21 26 28 29"},
	{"another node", "", "/flags/search", "25%", "/flags/search", "", "3 5 9 10 12 18 22 27"},
	{"the node that has a flag", "", "/flags/search", "25%", "/flags/nobody, /flags/search", "", "3 5 9 10 12 18 22 27"},
	{"a salt", "", "/flags/search", "25%", "/flags/search", "salt: checkout-2026", "5 11 17"},
	{"the salt of another node", "", "/flags/search", "25%", "/flags/search", "salt: /flags/checkout", "4 8 9 12 14 21 26 28 29"},
	{"a key", "", "/flags/all", `{"flags":{"new-cart":` + targeted(`{"fractional":[["on",25],["off",75]]}`) + `}}`, "/flags/all", "key: new-cart", "2 3 9 16 18 21 22 24"},
	{"a key and a salt", "", "/flags/all", `{"flags":{"new-cart":` + targeted(`{"fractional":[["on",25],["off",75]]}`) + `}}`, "/flags/all", "key: new-cart\n    salt: checkout-2026", "5 11 17"},
	{"a place in a document", "", "/flags/document", `{"deep":{"flag":"25%"}}`, "/flags/document", "format: json\n    key: deep.flag", "7 10 18 20 22 24 26 28"},
	{"a tenant's node", "", "/tenants/a.example/checkout", "25%", "/tenants/{host}/checkout", "", "2 3 5 6 15 20 21 22 29"},
	{"a bucketing value", "", "/flags/own", targeted(`{"fractional":[{"var":"headers.x-user"},["on",25],["off",75]]}`), "/flags/own", "salt: checkout-2026", "3 9 13 19 28"},
}

func testWhoIsInAShare(t *testing.T, s *suite) {
	for _, c := range salted {
		s.admin.Put(c.chroot+c.node, []byte(c.text))
		config := strings.Replace(gateAt(c.path, c.lines), "$SERVERS", "$SERVERS"+c.chroot, 1)
		inst := s.start(t, config+"targetingKey: '{header.X-User}'\n")
		var on []string
		for i := 1; i <= 30; i++ {
			user := as(fmt.Sprint("user-", i))
			user.host = "a.example"
			if inst.status(user) == http.StatusOK {
				on = append(on, fmt.Sprint(i))
			}
		}
		if got := strings.Join(on, " "); got != c.on {
			t.Errorf("%s: on are %s; want %s", c.name, got, c.on)
		}
	}
}

// A header of a flag has the same users as a gate.
func testSaltedHeader(t *testing.T, s *suite) {
	s.admin.Put("/flags/search", []byte("25%"))
	inst := s.start(t, `
clusters:
  $CLUSTER: {servers: $SERVERS}
targetingKey: '{header.X-User}'
requestHeaders:
  - {name: X-Search, flag: /flags/search}
  - {name: X-Salted, flag: /flags/search, salt: /flags/checkout}
`)
	for user, want := range map[string]string{"user-3": "true false", "user-4": "false true", "user-9": "true true", "user-1": "false false"} {
		a := inst.get("X-User: " + user)
		if got := a.service.Get("X-Search") + " " + a.service.Get("X-Salted"); got != want {
			t.Errorf("%s: %s; want %s", user, got, want)
		}
	}
}
