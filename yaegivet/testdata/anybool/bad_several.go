// Yaegi: panic
package bad_several

import "fmt"

func value(s, t string) (any, error) {
	return s == t, nil // want anybool
}

func Run() string {
	v, err := value("a", "b")
	return fmt.Sprint(v, err == nil)
}
