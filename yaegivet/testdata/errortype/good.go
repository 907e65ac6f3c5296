package good

import (
	"errors"
	"fmt"
)

var errRefused = errors.New("refused")

func refuse(code int) error { return fmt.Errorf("%w: %d", errRefused, code) }

type message struct{ text string }

// Error has another signature, which makes no error.
func (m *message) Error(prefix string) string { return prefix + m.text }

func Run() string {
	err := refuse(3)
	m := &message{"x"}
	return fmt.Sprint(errors.Is(err, errRefused), err, m.Error("m"))
}
