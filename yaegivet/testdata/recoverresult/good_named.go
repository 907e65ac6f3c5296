package good_named

import "fmt"

// The result is set where the function recovers.
func try(f func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	f()
	return nil
}

func tryBoth(f func()) (n int, err error) {
	defer func() {
		r := recover()
		if r != nil {
			n = -1
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	f()
	return 1, nil
}

func rescue(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("rescued: %v", r)
	}
}

func tryPointer(f func()) (err error) {
	defer rescue(&err)
	f()
	return nil
}

func Run() string {
	text := ""
	for i := 0; i < 4; i++ {
		f := func() {}
		if i%2 == 1 {
			f = func() { panic("no") }
		}
		a := try(f)
		n, b := tryBoth(f)
		c := tryPointer(f)
		text += fmt.Sprint(a, n, b, c, " ")
	}
	return text
}
