// Yaegi: wrong
package bad

import "fmt"

func safe(f func()) bool { // want recoverresult
	defer func() {
		recover()
	}()
	f()
	return true
}

func reassigned() string {
	ok := safe(func() {})
	ok = safe(func() { panic("no") })
	return fmt.Sprint(ok)
}

func looped() string {
	text := ""
	for _, f := range []func(){func() {}, func() { panic("no") }} {
		ok := safe(f)
		text += fmt.Sprint(ok)
	}
	return text
}

func named(f func()) (ok bool) { // want recoverresult
	defer func() {
		recover()
	}()
	f()
	return true
}

func namedLooped() string {
	text := ""
	for _, f := range []func(){func() {}, func() { panic("no") }} {
		ok := named(f)
		text += fmt.Sprint(ok)
	}
	return text
}

func Run() string { return reassigned() + "|" + looped() + "|" + namedLooped() }
