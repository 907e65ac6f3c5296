package behaviour

import (
	"fmt"
	"math/rand"
	"reflect"
	"strings"
	"testing"
)

// Interpreted, the lines of many headers stand where requests read them, and change there. What
// requests get is to be what they would get otherwise, whatever becomes of the nodes. The
// middlewares that it is compared with look at the query as well, so that nothing of theirs is
// read in place.
var inPlace = []behaviour{
	{"headers by placeholders are those of now", testHeadersByPlaceholdersAreThoseOfNow},
	{"a node that many headers show is shown by all as it is now", testNodeIsShownByAllAsItIsNow},
	{"whoever asks, so many lines are kept and no wrong ones", testManyAskForLines},
}

var inPlaceConfigs = []string{
	"requestHeaders: [{name: X-Value, path: '/now/{header.X-User}/plan', default: nothing}]\n",
	"requestHeaders: [{name: X-Value, path: '/now/{header.X-User}/plan'}]\n",
	"requestHeaders: [{name: X-Value, path: '/now/{header.X-User}/plan', value: 'is {value}', map: {gold: best}}, {name: X-Two-Hyphens, path: '/now/{header.X-User}/plan'}, {name: X-Same, path: /now-same}]\n",
	"requestHeaders: [{name: X-Value, path: '/now/{header.X-User}/plan', format: json, key: plan, default: none}]\n",
	"gates: [{path: /now-share, dryRun: true}]\ndecisionHeader: X-Decision\nrequestHeaders: [{name: X-Value, path: '/now/{header.X-User}/plan'}, {name: X-Same, path: /now-same}, {name: X-Flag, flag: /now-share}]\n",
	"requestHeaders: [{name: X-Value, path: '/now/{header.X-User}/plan'}, {name: X-Beside, path: '/now/{header.X-User}/plan', mode: append}]\nresponseHeaders: [{name: X-Value, path: '/now/{header.X-User}/plan'}]\n",
}

// someText is what a node may have, useful or not. It is never refused: which version was the last
// good one depends on which of them were seen.
func someText(random *rand.Rand) []byte {
	return []byte([]string{"gold", "free", "", "  silver ", `{"plan":"json"}`, `{"plan":""}`, "null", "another", strings.Repeat("long", 100)}[random.Intn(9)])
}

func testHeadersByPlaceholdersAreThoseOfNow(t *testing.T, s *suite) {
	random := rand.New(rand.NewSource(2))
	s.admin.Put("/now-share", []byte("40%"))
	s.admin.Put("/now-same", []byte("same"))
	users := []string{"ann", "bob", "cid", "dan", " ann", ""}
	const context = "targetingKey: '{header.X-User}'\n"
	for _, rules := range inPlaceConfigs {
		kept := s.start(t, anyCluster+context+rules)
		gone := s.start(t, anyCluster+context+rules)
		control := s.start(t, anyCluster+context+strings.ReplaceAll(rules, "{header.X-User}", "{header.X-User|query.none}"))
		same := func(user string) string {
			q := with("X-User: "+user, "X-Value: forged", "X_Value: forged", "X-Two_hyphens: forged", "X-Decision: forged")
			got, _ := kept.ask(q)
			want, _ := control.ask(q)
			if reflect.DeepEqual(got, want) {
				return ""
			}
			return fmt.Sprintf("%s%q gets %+v\nin the place of %+v", rules, user, got, want)
		}
		for step := range 40 {
			node := "/now/" + users[random.Intn(4)] + "/plan"
			if random.Intn(4) == 0 {
				s.admin.Delete(node)
			} else {
				s.admin.Put(node, someText(random))
			}
			if step == 20 {
				gone.cancel()
			}
			gone.get("X-User: ann")
			for range 3 { // so that lines are kept
				for _, user := range users {
					eventually(t, func() bool { return same(user) == "" }, func() string { return same(user) })
				}
			}
		}
	}
}

func testNodeIsShownByAllAsItIsNow(t *testing.T, s *suite) {
	const plain = "requestHeaders: [{name: X-Value, path: /shown}]\n"
	inPlace := []string{
		plain, plain, plain + "statusPath: /.status\n", "requestHeaders: [{name: X-Value, path: /shown}, {name: X-Gone, mode: remove}, {name: X-a-b-c, mode: remove}]\n",
		plain + "responseHeaders: [{name: X-Other, path: /other}]\n",
	}
	otherwise := []string{
		"maxStale: 1h\n" + plain, "requestHeaders: [{name: X-Value, path: /shown}, {name: X-Other, path: /shown}]\n", plain + "responseHeaders: [{name: X-Other, path: /shown}]\n",
		"gates: [{path: /shown, format: exists, default: 'on', dryRun: true}]\n" + plain,
	}
	shared := strings.ReplaceAll(anyCluster, "$CLUSTER", uniqueCluster())
	mixed := strings.ReplaceAll(anyCluster, "$CLUSTER", uniqueCluster())
	s.showAlike(t, plain, anyCluster, append(inPlace, otherwise...))
	s.showAlike(t, plain, shared, inPlace)
	s.showAlike(t, plain, mixed, append(otherwise, inPlace...))
}

// showAlike has middlewares show a node that changes. One of them comes and goes.
func (s *suite) showAlike(t *testing.T, plain, cluster string, rules []string) {
	random := rand.New(rand.NewSource(3))
	s.admin.Put("/shown", []byte("first"))
	control := s.start(t, anyCluster+"requestHeaders: [{name: X-Value, path: '/none, /shown'}]\n")
	comes := s.start(t, cluster+plain)
	var all []*instance
	for _, more := range rules {
		all = append(all, s.start(t, cluster+more))
	}
	for step := range 50 {
		text := someText(random)
		if random.Intn(5) > 0 {
			s.admin.Put("/shown", text)
		} else {
			s.admin.Delete("/shown")
		}
		if step%10 == 9 {
			comes.cancel()
			comes = s.start(t, cluster+plain)
		}
		for i, inst := range append(all, comes) {
			shows := func() bool { return inst.peek("X-Value") == control.peek("X-Value") }
			eventually(t, shows, func() string {
				return fmt.Sprintf("after %q, middleware %d of %s shows %q, and not %q", text, i, cluster, inst.peek("X-Value"), control.peek("X-Value"))
			})
		}
	}
}

func testManyAskForLines(t *testing.T, s *suite) {
	const users = 300
	for i := range users {
		s.admin.Put(fmt.Sprintf("/lines/user%d", i), []byte(fmt.Sprint("plan ", i)))
	}
	inst := s.start(t, personal("/lines/{header.X-User}", ""))
	inst.awaitBy(t, "user299", "plan 299")
	random := rand.New(rand.NewSource(4))
	for range 20000 {
		i := random.Intn(4 * users)
		want := "nothing"
		if i < users {
			want = fmt.Sprint("plan ", i)
		}
		if got := inst.by(fmt.Sprint("user", i)); got != want {
			t.Fatalf("user %d gets %q", i, got)
		}
	}
	s.admin.Put("/lines/user7", []byte("other"))
	s.admin.Put("/lines/user400", []byte("new"))
	s.admin.Delete("/lines/user8")
	for user, want := range map[string]string{"user7": "other", "user400": "new", "user8": "nothing", "user9": "plan 9"} {
		inst.awaitBy(t, user, want)
	}
}
