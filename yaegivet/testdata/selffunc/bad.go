// Yaegi: panic
package bad

type header struct{ n int }

type request struct {
	n    int
	done func(*request, *header) int // want selffunc
}

func sum(r *request, h *header) int { return r.n + h.n }

func Run() string {
	r := &request{n: 65}
	r.done = sum
	return string(rune(r.done(r, &header{1})))
}
