package good

type header struct{ n int }

type request struct {
	n    int
	done func(*header, error) int
	self func(*request) int
}

func sum(h *header, err error) int { return 65 + h.n }

func own(r *request) int { return r.n }

func Run() string {
	r := &request{n: 65}
	r.done = sum
	r.self = own
	return string(rune(r.done(&header{1}, nil))) + string(rune(r.self(r)))
}
