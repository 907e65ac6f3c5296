package good

import "net/http"

func handler() http.HandlerFunc { return http.NotFound }

func plain(some bool) func() string {
	if !some {
		return nil
	}
	return func() string { return "plain" }
}

func wrapped(some bool) http.Handler {
	if !some {
		return nil
	}
	return handler()
}

func Run() string {
	text := ""
	if plain(false) == nil {
		text += "no function"
	}
	if wrapped(false) == nil {
		text += ", no handler"
	}
	if handler() != nil {
		text += ", one"
	}
	return text + ", " + plain(true)()
}
