// Yaegi: panic
package bad

import "net/http"

func choose(some bool) http.HandlerFunc {
	if !some {
		return nil // want nilfunc
	}
	return http.NotFound
}

func Run() string {
	if choose(false) == nil {
		return "none"
	}
	return "one"
}
