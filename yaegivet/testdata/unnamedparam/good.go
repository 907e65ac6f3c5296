package good

import (
	"fmt"
	"io"
)

type empty struct{}

func (empty) Read(_ []byte) (int, error) { return 0, io.EOF }

func count(_ int, _ string) int {
	n := 6
	return n
}

func (empty) Close(int) error { return nil }

func ignore(int, string) {}

func Run() string {
	ignore(1, "a")
	no := func(string) bool { return false }
	n, err := empty{}.Read(nil)
	return fmt.Sprint(n, err, count(88, "s"), empty{}.Close(1), no("a"))
}
