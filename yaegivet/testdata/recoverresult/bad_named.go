// Yaegi: wrong
package bad_named

import "fmt"

// n isn't set when the function recovers.
func try(f func()) (n int, err error) { // want recoverresult
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	f()
	return 1, nil
}

func Run() string {
	text := ""
	for _, f := range []func(){func() {}, func() { panic("no") }} {
		n, err := try(f)
		text += fmt.Sprint(n, err, " ")
	}
	return text
}
