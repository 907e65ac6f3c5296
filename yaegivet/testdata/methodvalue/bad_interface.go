// Yaegi: panic
package bad_interface

import "net/http"

func Run() string {
	next := http.NotFoundHandler()
	serve := next.ServeHTTP // want methodvalue
	if serve == nil {
		return "nothing"
	}
	return "a function"
}
