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

func Run() string {
	n, err := empty{}.Read(nil)
	return fmt.Sprint(n, err, count(88, "s"))
}
