// Yaegi: load
package bad_native

import "net/http"

func Run() string {
	get := http.Header.Get // want methodexpr
	return get(http.Header{"A": {"b"}}, "a")
}
