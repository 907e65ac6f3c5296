package ensemble

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

// A contradiction shows both definitions, and says so where they differ in what isn't
// shown.
func TestContradiction(t *testing.T) {
	inForce := &Settings{Servers: []string{"zk1:2181"}, SessionTimeout: 4 * time.Second}
	for _, c := range []struct {
		refused *Settings
		want    string
	}{
		{&Settings{Servers: []string{"zk2:2181"}, SessionTimeout: 4 * time.Second}, `clusters.main: "zk2:2181 4s": Register defines this cluster as "zk1:2181 4s"; use`},
		{&Settings{Servers: []string{"zk1:2181"}, SessionTimeout: 4 * time.Second, Credentials: &Credentials{Username: "user", password: "s3cret"}}, `as "zk1:2181 4s with other credentials or TLS"; use`},
	} {
		err := (&Contradiction{Cluster: "main", Refused: c.refused, InForce: inForce, Definer: "Register"}).Err()
		if !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%v; want %s", err, c.want)
		}
	}
}

// A cluster that is used has to be defined. Who names none means the only one.
func TestUsage(t *testing.T) {
	for _, c := range []struct {
		used, defined, undefined []string
		isAmbiguous              bool
	}{
		{nil, nil, nil, false},
		{[]string{"a"}, []string{"a", "b"}, nil, false},
		{[]string{"a", "c"}, []string{"a", "b"}, []string{"c"}, false},
		{[]string{OnlyCluster}, nil, []string{OnlyCluster}, false},
		{[]string{OnlyCluster}, []string{"a"}, nil, false},
		{[]string{OnlyCluster, "c"}, []string{"a", "b"}, []string{"c"}, true},
	} {
		u := &Usage{Used: c.used, Defined: c.defined}
		if got := u.Undefined(); !reflect.DeepEqual(got, c.undefined) {
			t.Errorf("%+v: undefined are %q", u, got)
		}
		if err := u.CheckOnly(); (err != nil) != c.isAmbiguous {
			t.Errorf("%+v: %v", u, err)
		}
	}
	for name, want := range map[string]string{"main": "define clusters.main.servers", OnlyCluster: "define clusters.<name>.servers"} {
		if got := UndefinedCluster(name, []string{"edge"}); !strings.Contains(got, want) {
			t.Errorf("%q: %s", name, got)
		}
	}
	if got := UndefinedCluster("mian", []string{"edge", "main"}); !strings.Contains(got, "did you mean main? Or define clusters.mian.servers") {
		t.Error(got)
	}
}
