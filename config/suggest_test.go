package config

import (
	"strings"
	"testing"
	"time"
)

// An unknown key names the one that was meant, by its letters, by another word for it,
// and where it stands.
func TestSuggestions(t *testing.T) {
	cluster := func(key string) map[string]any {
		return map[string]any{"clusters": map[string]any{"main": map[string]any{"servers": "zk1", key: "x"}}}
	}
	list := func(of, key string) map[string]any {
		return map[string]any{of: []any{map[string]any{"path": "/a", key: "x"}}}
	}
	for _, c := range []struct {
		tree map[string]any
		want string
	}{
		{map[string]any{"requestHeader": "x"}, "requestHeader: \"requestHeader\": unknown key; did you mean requestHeaders? The keys here are clusters,"},
		{map[string]any{"gate": "x"}, "did you mean gates?"},
		{map[string]any{"killSwitch": "x"}, "did you mean gates?"},
		{map[string]any{"headers": "x"}, "did you mean requestHeaders?"},
		{map[string]any{"servers": "x"}, "did you mean clusters.<name>.servers?"},
		{map[string]any{"server": "x"}, "did you mean clusters.<name>.servers?"},
		{map[string]any{"hosts": "x"}, "did you mean clusters.<name>.servers?"},
		{map[string]any{"path": "x"}, "did you mean gates[].path or requestHeaders[].path?"},
		{map[string]any{"paht": "x"}, "the keys here are"},
		{map[string]any{"timeout": "x"}, "did you mean startupTimeout?"},
		{map[string]any{"status": "x"}, "did you mean gates[].status?"},
		{map[string]any{"statuspth": "x"}, "did you mean statusPath?"},
		{map[string]any{"password": "x"}, "did you mean clusters.<name>.password?"},
		{map[string]any{"caFile": "x"}, "did you mean clusters.<name>.tls.ca?"},
		{cluster("sesionTimeout"), "clusters.main.sesionTimeout: \"sesionTimeout\": unknown key; did you mean sessionTimeout?"},
		{cluster("timeout"), "did you mean sessionTimeout?"},
		{cluster("user"), "did you mean username?"},
		{cluster("ssl"), "did you mean tls?"},
		{cluster("chroot"), "did you mean servers?"},
		{cluster("hosts"), "did you mean servers?"},
		{cluster("gates"), "did you mean gates at the middleware's top?"},
		{cluster("serverName"), "did you mean clusters.<name>.tls.serverName?"},
		{list("requestHeaders", "pth"), "did you mean path?"},
		{list("requestHeaders", "node"), "did you mean path?"},
		{list("requestHeaders", "defualt"), "did you mean default?"},
		{list("responseHeaders", "blockWhen"), "did you mean gates[].blockWhen?"},
		{list("gates", "blockwen"), "did you mean blockWhen?"},
		{list("gates", "statusCode"), "did you mean status?"},
		{list("gates", "ips"), "did you mean gates[].bypass.ips?"},
		{list("gates", "message"), "did you mean body?"},
		{list("gates", "flag"), "gates[0].flag: \"flag\": unknown key; did you mean path?"},
		{list("requestHeaders", "flags"), "did you mean flag?"},
		{list("gates", "zzz"), "unknown key; the keys here are path,"},
		{list("gates", "ipsPath"), "did you mean gates[].bypass.ipsPath?"},
		{map[string]any{"ipStrategie": "x"}, "did you mean ipStrategy?"},
		{map[string]any{"trustedIPs": "x"}, "did you mean ipStrategy?"},
		{map[string]any{"depth": "1"}, "did you mean ipStrategy.depth?"},
		{map[string]any{"ipStrategy": map[string]any{"excludeIPs": "x"}}, "ipStrategy.excludeIPs: \"excludeIPs\": unknown key; did you mean excludedIPs?"},
		{map[string]any{"xyzzy": "x"}, "unknown key; the keys here are clusters,"},
	} {
		_, mistakes := Decode(c.tree)
		if got := strings.Join(mistakes, "; "); !strings.Contains(got, c.want) || len(mistakes) != 1 {
			t.Errorf("%v: %s; want %s", c.tree, got, c.want)
		}
	}
}

// Other words are words for keys that there are.
func TestOtherWords(t *testing.T) {
	known := map[string]bool{}
	for level, keys := range keysByLevel() {
		if len(keys) < 3 {
			t.Errorf("%s has only %v", level, keys)
		}
		for _, key := range keys {
			known[key] = true
		}
	}
	for key, words := range otherWords {
		if !known[key] || words != strings.ToLower(words) {
			t.Errorf("%s: %s", key, words)
		}
	}
}

// A key that is longer than any can be is compared with none.
func TestLongKeysAreLikeNone(t *testing.T) {
	took := func(length int) time.Duration {
		best := time.Hour
		for range 40 {
			started := time.Now()
			Decode(map[string]any{strings.Repeat("gates", length/5): "x"})
			best = min(best, time.Since(started))
		}
		return best
	}
	if short, long := took(1000), took(200000); long > 20*short+40*time.Millisecond {
		t.Errorf("a key of 1,000 letters takes %v, one of 200,000 %v", short, long)
	}
}

// modelDistance is the distance as it is defined.
func modelDistance(from, to string) int {
	if from == "" || to == "" {
		return len(from) + len(to)
	}
	if from[0] == to[0] {
		return modelDistance(from[1:], to[1:])
	}
	return 1 + min(modelDistance(from[1:], to), modelDistance(from, to[1:]), modelDistance(from[1:], to[1:]))
}

func TestDistance(t *testing.T) {
	words := strings.Fields("a b ab ba abc path paht pth paths gates gaets gate status tls ttl key keys kye")
	for _, from := range append(words, "") {
		for _, to := range append(words, "") {
			if got, want := distance(from, to), modelDistance(from, to); got != want {
				t.Errorf("from %q to %q: %d, want %d", from, to, got, want)
			}
		}
	}
}
