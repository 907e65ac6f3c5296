package config

import (
	"reflect"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
)

// Each field of the configuration has its key, and each key its field, at each level.
func TestKeysOfFields(t *testing.T) {
	for _, at := range []struct {
		keys *level
		of   any
	}{
		{topLevel, Config{}}, {clusterLevel, Cluster{}}, {tlsLevel, TLS{}}, {headerLevel, HeaderRule{}},
		{gateLevel, Gate{}}, {bypassLevel, Bypass{}}, {secretLevel, Secret{}}, {ipStrategyLevel, IPStrategy{}},
	} {
		fields := map[string]bool{}
		for _, field := range reflect.VisibleFields(reflect.TypeOf(at.of)) {
			fields[strings.ToLower(field.Name)] = field.Name != "Decoded"
		}
		for _, name := range at.keys.names {
			if !fields[strings.ToLower(name)] {
				t.Errorf("%T has no field for the key %s", at.of, name)
			}
			delete(fields, strings.ToLower(name))
		}
		for name, hasKey := range fields {
			if hasKey {
				t.Errorf("%T has a field without a key: %s", at.of, name)
			}
		}
	}
}

// Each key is taken, wherever it may stand: none is left over, and none is unknown.
func TestAllKeysAreTaken(t *testing.T) {
	read := map[*level]func(o *object){
		clusterLevel: func(o *object) { decodeCluster(o) }, tlsLevel: func(o *object) { decodeTLS(o) }, headerLevel: func(o *object) { decodeHeader(o) },
		gateLevel: func(o *object) { decodeGate(o) }, bypassLevel: func(o *object) { decodeBypass(o) }, secretLevel: func(o *object) { decodeSecret(o) },
		ipStrategyLevel: func(o *object) { decodeIPStrategy(o) },
	}
	for keys, decode := range read {
		for _, name := range keys.names {
			o := newObject("", map[string]any{strings.ToUpper(name): ""}, keys, &problems.List{})
			decode(o)
			if o.left != 0 || len(o.unknown) > 0 || len(o.problems.Texts()) > 0 {
				t.Errorf("%s of %v isn't read: %v", name, keys.names, o.problems.Texts())
			}
		}
	}
	for _, name := range topLevel.names {
		if _, mistakes := Decode(map[string]any{strings.ToUpper(name): ""}); len(mistakes) > 0 {
			t.Errorf("%s isn't read: %v", name, mistakes)
		}
	}
}
