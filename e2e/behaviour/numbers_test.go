package behaviour

import (
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
)

// A number of headers has a handler of its own, and so has a number of aliases.
var numbered = []behaviour{
	{"headers and aliases in any number", testHeadersAndAliasesInAnyNumber},
}

func testHeadersAndAliasesInAnyNumber(t *testing.T, s *suite) {
	for i := range 8 {
		s.admin.Put(fmt.Sprint("/numbers/", i), []byte(fmt.Sprint("value ", i)))
	}
	cluster := uniqueCluster()
	for hyphens := range 4 {
		for set := range 8 {
			for _, unset := range []int{0, 1, 4} {
				for answers := range 3 {
					h := &headersInNumber{hyphens: hyphens, set: set, unset: unset, answers: answers}
					h.check(t, s.start(t, anyClusterNamed(cluster)+h.config()))
				}
			}
		}
	}
}

func anyClusterNamed(name string) string { return strings.ReplaceAll(anyCluster, "$CLUSTER", name) }

// headersInNumber are so many headers of the request with a value, so many whose
// node is missing, and so many of the answer.
type headersInNumber struct{ hyphens, set, unset, answers int }

func (h *headersInNumber) name(i int) string {
	return fmt.Sprint("A", strings.Repeat("-B", h.hyphens), i)
}

func (h *headersInNumber) config() string {
	config := "requestHeaders:\n"
	for i := range h.set {
		config += fmt.Sprintf("  - {name: %s, path: /numbers/%d}\n", h.name(i), i)
	}
	for i := range h.unset {
		config += fmt.Sprintf("  - {name: %s, path: /numbers/missing}\n", h.name(h.set+i))
	}
	config += "responseHeaders:\n"
	for i := range h.answers {
		config += fmt.Sprintf("  - {name: %s, path: /numbers/%d}\n", h.name(i), i)
	}
	return config
}

// check sends all names in all spellings, and expects the values and no more.
func (h *headersInNumber) check(t *testing.T, inst *instance) {
	t.Helper()
	service, answer := http.Header{"Other": {"stays"}}, http.Header{}
	for i := range h.set {
		service[h.name(i)] = []string{fmt.Sprint("value ", i)}
	}
	for i := range h.answers {
		answer[h.name(i)] = []string{fmt.Sprint("value ", i)}
	}
	for _, forged := range []string{"forged", ""} {
		lines := []string{"Other: stays"}
		for i := range h.set + h.unset {
			for spelling := range 1 << h.hyphens {
				lines = append(lines, spelled(h.name(i), spelling)+": "+forged)
			}
		}
		got := inst.get(lines...)
		if !reflect.DeepEqual(got.service, service) {
			t.Errorf("%+v, forged as %q: the service gets %v", *h, forged, got.service)
		}
		if !reflect.DeepEqual(got.answer, answer) {
			t.Errorf("%+v: the answer has %v", *h, got.answer)
		}
	}
}

// spelled has underscores for some of the hyphens, by the bits of a number.
func spelled(name string, bits int) string {
	parts := strings.Split(name, "-")
	text := parts[0]
	for i, part := range parts[1:] {
		text += string("-_"[bits>>i&1]) + part
	}
	return text
}
