// Yaegi: panic
package bad_variadic

import (
	"fmt"
	"io"
)

type sink struct{ n int }

func (s *sink) Write(b []byte) (int, error) {
	s.n += len(b)
	return len(b), nil
}

func Run() string {
	a, b := &sink{}, &sink{}
	w := io.MultiWriter(a, b) // want nativeiface nativeiface
	fmt.Fprint(w, "text")
	return fmt.Sprint(a.n, b.n)
}
