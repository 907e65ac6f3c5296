package rules

import (
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
)

// What becomes of requests without a cluster is said of each gate that reads from it, and
// of headers once.
func TestConsequencesOfAMissingCluster(t *testing.T) {
	gate := func(path, blockWhen, fallback, dryRun string) config.Gate {
		return config.Gate{Path: []string{path}, BlockWhen: blockWhen, Default: fallback, DryRun: dryRun == "true"}
	}
	elsewhere := gate("/elsewhere", "", "", "")
	elsewhere.Cluster = "other"
	c := &config.Config{
		Cluster:        "main",
		RequestHeaders: []config.HeaderRule{{Name: "X-A", Path: []string{"/a"}}, {Name: "X-B", Path: []string{"/b"}}},
		Gates: []config.Gate{
			gate("/kill", "on", "", ""), gate("/beta", "off", "", ""), gate("/spare", "on", "off", ""), gate("/safe", "on", "on", ""), gate("/dry", "on", "", "true"), elsewhere,
		},
	}
	_, r, err := Compile(c)
	if err != nil {
		t.Fatal(err)
	}
	want := `the gate "/kill" is closed, the gate "/beta" is closed, the gate "/spare" is closed, the gate "/safe" is closed, the gate "/dry" lets requests pass, as a dry run, headers have their defaults`
	if got := WithoutCluster(r, "main"); got != want {
		t.Errorf("%s", got)
	}
	if got := WithoutCluster(r, "other"); got != `the gate "/elsewhere" is closed` {
		t.Errorf("%s", got)
	}
	err = CheckAll(map[string]*config.Config{"shop": c})["shop"]
	if err == nil || !strings.Contains(err.Error(), `cluster: "main": no middleware defines this cluster`) || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), `cluster: "other"`) {
		t.Errorf("%v", err)
	}
}
