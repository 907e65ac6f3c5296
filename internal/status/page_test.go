package status

import (
	"slices"
	"testing"
	"time"
)

func TestAgesInWords(t *testing.T) {
	now := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	for passed, want := range map[time.Duration]string{
		0: "0 s", 999 * time.Millisecond: "0 s", 59 * time.Second: "59 s", time.Minute: "1 min", time.Hour - time.Millisecond: "59 min", time.Hour: "1 h",
		48*time.Hour - time.Millisecond: "47 h", 48 * time.Hour: "2 d", 100 * 24 * time.Hour: "100 d", -time.Second: "0 s",
	} {
		if got := age(timestamp(now.Add(-passed)), timestamp(now)); got != want {
			t.Errorf("%s: %s, want %s", passed, got, want)
		}
	}
	if got := age("", timestamp(now)); got != "0 s" {
		t.Errorf("no time: %s", got)
	}
}

func TestWhatIsNotAgoIsNow(t *testing.T) {
	now := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	if got := ago(timestamp(now), timestamp(now)); got != "now" {
		t.Errorf("at once: %s", got)
	}
	if got := ago(timestamp(now.Add(-time.Minute)), timestamp(now)); got != "1 min ago" {
		t.Errorf("a minute later: %s", got)
	}
}

func TestTimeOfDay(t *testing.T) {
	if got := timeOfDay("2026-01-31T12:34:56.789Z"); got != "12:34:56" {
		t.Errorf("%s", got)
	}
	if got := timeOfDay(""); got != "" {
		t.Errorf("no time: %s", got)
	}
}

func bucketsOf(counts ...int64) []*bucketJSON {
	bounds := []float64{0.5, 1, 2, 0}
	var buckets []*bucketJSON
	for i, count := range counts {
		buckets = append(buckets, &bucketJSON{Milliseconds: bounds[i], Changes: count})
	}
	return buckets
}

func TestSummaryOfPropagation(t *testing.T) {
	for want, buckets := range map[string][]*bucketJSON{
		"No change yet.": bucketsOf(0, 0, 0, 0),
		"1 changes; half took up to 0.5 ms, 99 of 100 up to 0.5 ms.": bucketsOf(1, 0, 0, 0),
		"2 changes; half took up to 0.5 ms, 99 of 100 up to 1 ms.":   bucketsOf(1, 1, 0, 0),
		"3 changes; half took up to 1 ms, 99 of 100 up to 1 ms.":     bucketsOf(1, 2, 0, 0),
		"100 changes; half took up to 1 ms, 99 of 100 up to 1 ms.":   bucketsOf(0, 99, 1, 0),
		"99 changes; half took up to 1 ms, 99 of 100 up to 2 ms.":    bucketsOf(0, 98, 1, 0),
		"5 changes; half took longer, 99 of 100 longer.":             bucketsOf(2, 0, 0, 3),
	} {
		if got := propagationSummary(buckets); got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
}

func TestThePageHasTheLatestChanges(t *testing.T) {
	if got := latest(make([]*changeJSON, maxOnPage)); len(got) != maxOnPage {
		t.Errorf("%d changes", len(got))
	}
	changes := make([]*changeJSON, maxOnPage+1)
	changes[0] = &changeJSON{}
	if got := latest(changes); len(got) != maxOnPage || got[0] != changes[0] {
		t.Errorf("%d changes", len(got))
	}
}

func TestWhatThePageDoesNotList(t *testing.T) {
	if got := unlistedNodes(&clusterJSON{NodeCount: 210, Nodes: make([]*nodeJSON, 200)}); got != 10 {
		t.Errorf("%d nodes", got)
	}
	if got := unlistedMiddlewares(&statusJSON{MiddlewareCount: 3, Middlewares: make([]*middlewareJSON, 1)}); got != 2 {
		t.Errorf("%d middlewares", got)
	}
}

func TestNodesAreFoldedByTemplate(t *testing.T) {
	groups := nodeGroups(&clusterJSON{
		Templates: []*templateJSON{{Path: "/tenants/{header.X-Tenant}"}, {Path: "/users/{cookie.user}"}},
		Nodes:     []*nodeJSON{{Path: "/a"}, {Path: "/tenants/acme", Template: "/tenants/{header.X-Tenant}"}, {Path: "/z"}, {Path: "/left", Template: "/gone/{path.1}"}},
	})
	var got []string
	for _, g := range groups {
		name := "own"
		if g.Template != nil {
			name = g.Template.Path
		}
		for _, n := range g.Nodes {
			name += " " + n.Path
		}
		got = append(got, name)
	}
	if want := []string{"own /a /z /left", "/tenants/{header.X-Tenant} /tenants/acme", "/users/{cookie.user}"}; !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
}
