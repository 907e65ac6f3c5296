package good

import (
	"fmt"
	"io"
	"net/http"
)

type transport struct{}

func (*transport) RoundTrip(_ *http.Request) (*http.Response, error) { return nil, nil }

type sink struct{ n int }

func (s *sink) Write(b []byte) (int, error) {
	s.n += len(b)
	return len(b), nil
}

func Run() string {
	var t http.RoundTripper = &transport{}
	c := &http.Client{Transport: t}
	d := &http.Client{}
	d.Transport = &transport{}
	s := &sink{}
	var w io.Writer = s
	io.WriteString(io.MultiWriter(w, w), "text")
	io.Copy(io.Discard, io.TeeReader(empty{}, s))
	t2 := newTransport()
	use(t2)
	use(&transport{})
	return fmt.Sprint(c.Transport != nil, d.Transport != nil, s.n)
}

func newTransport() *transport { return &transport{} }

func use(t http.RoundTripper) { t.RoundTrip(nil) }

type empty struct{}

func (empty) Read(_ []byte) (int, error) { return 0, io.EOF }
