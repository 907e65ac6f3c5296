// Yaegi: panic
package bad

import "net/http"

type transport struct{}

func (*transport) RoundTrip(_ *http.Request) (*http.Response, error) { return nil, nil }

func Run() string {
	c := &http.Client{Transport: &transport{}} // want nativeiface
	if c.Transport == nil {
		return "none"
	}
	return "a transport"
}
