package flag_test

import (
	"path/filepath"
	"runtime"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/flag/shapes"
)

type repeated = func(attributes map[string]any, times int) int

func interpretedShapes(t testing.TB) (repeated, repeated) {
	t.Helper()
	src := t.TempDir() + "/src"
	copySources(t, "shapes", filepath.Join(src, module, "e2e/flag/shapes"))
	i := load(t, src, module+"/e2e/flag/shapes")
	closures, tree := shapes.RepeatClosures, shapes.RepeatTree
	symbol(t, i, "shapes.RepeatClosures", &closures)
	symbol(t, i, "shapes.RepeatTree", &tree)
	return closures, tree
}

func TestInterpretedShapesChooseTheSame(t *testing.T) {
	closures, tree := interpretedShapes(t)
	for want, attributes := range []map[string]any{
		{"country": "de"}, {"plan": "gold"}, {"age": 70.0}, {"email": "a@example.org", "path": "/admin"}, visitor,
	} {
		if a, b := closures(attributes, 1), tree(attributes, 1); a != want || b != want {
			t.Errorf("%v: closures %d, tree %d, want %d", attributes, a, b, want)
		}
	}
}

func BenchmarkShapeClosuresInterpreted(b *testing.B) {
	defer runtime.KeepAlive(ballast)
	closures, _ := interpretedShapes(b)
	b.ResetTimer()
	closures(visitor, b.N)
}

func BenchmarkShapeTreeInterpreted(b *testing.B) {
	defer runtime.KeepAlive(ballast)
	_, tree := interpretedShapes(b)
	b.ResetTimer()
	tree(visitor, b.N)
}
