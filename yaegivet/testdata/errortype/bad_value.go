// Yaegi: panic
package bad_value

import (
	"errors"
	"fmt"
)

type mood int

func (m mood) Error() string { return "mood" }

func sulk() error { return mood(1) }

func Run() string {
	var m mood
	return fmt.Sprint(errors.As(sulk(), &m)) // want errortype
}
