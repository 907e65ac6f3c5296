// Yaegi: panic
package bad_field

type holder struct {
	p *int
	m map[string]int
}

// Run empties two fields at once.
func Run() string {
	n := 1
	h := &holder{p: &n}
	h.p, h.m = nil, nil // want nilassign
	if h.p == nil && h.m == nil {
		return "empty"
	}
	return "full"
}
