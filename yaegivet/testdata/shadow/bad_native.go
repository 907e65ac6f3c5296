// Yaegi: load
package bad_native

import (
	"fmt"
	"net/url"
)

func join(url string, base *url.URL) string { return base.Host + url } // want shadow

func Run() string { return fmt.Sprint(join("a", &url.URL{Host: "b"})) }
