// Yaegi: panic
package bad_named

type parts []*part // want typering

type part struct {
	whole *whole
	next  *part
}

type whole struct{ parts parts }

func Run() string {
	w := &whole{}
	p := &part{}
	p.whole = w
	p.next = p
	w.parts = parts{p}
	return "assigned"
}
