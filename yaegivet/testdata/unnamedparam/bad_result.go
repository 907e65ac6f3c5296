// Yaegi: panic
package bad_result

import (
	"fmt"
	"io"
)

type empty struct{}

func (empty) Read([]byte) (int, error) { return 0, io.EOF } // want unnamedparam

func Run() string {
	n, err := empty{}.Read(nil)
	return fmt.Sprint(n, err)
}
