package zookeeper

import (
	"net/http"
	"strings"
)

// A statusHandler answers a request for the status.
type statusHandler func(w http.ResponseWriter, r *http.Request, asked *statusRequest)

// A statusRequest is what a middleware says of a request for the status.
type statusRequest struct {
	Below      string // the rest of its path, below the status page's
	HideValues bool
}

// A statusRoute is where requests for the status come to, and who answers them.
type statusRoute struct {
	page   *statusPage
	answer statusHandler
}

// statusBefore puts the status in front of a handler.
func statusBefore(handler http.HandlerFunc, page *statusPage, answer statusHandler) http.HandlerFunc {
	at, to := page.path, &statusRoute{page: page, answer: answer}
	return func(w http.ResponseWriter, r *http.Request) {
		below, isStatus := strings.CutPrefix(r.URL.Path, at)
		if !isStatus || below != "" && below != "/ready" && below != "/metrics" {
			handler(w, r)
			return
		}
		answerStatus(to, w, r, below)
	}
}

func answerStatus(to *statusRoute, w http.ResponseWriter, r *http.Request, below string) {
	to.answer(w, r, &statusRequest{Below: below, HideValues: to.page.hidesValues})
}
