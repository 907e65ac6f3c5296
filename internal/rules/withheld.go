package rules

import (
	"net/textproto"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// Withheld is what a client has sent that no service may get: the headers that a middleware
// sets or takes, and the secrets of bypasses. A refused request may still come to a service,
// which makes a page of the refusal.
type Withheld struct {
	Headers []string // canonical
	Cookies []string
}

// WithheldBy is what a middleware withholds, also where its configuration can't be used
// otherwise; nil for nothing.
func WithheldBy(c *config.Config) *Withheld {
	w := &Withheld{}
	for _, h := range c.RequestHeaders {
		w.addAliases(h.Name)
		if h.Mode != ModeAppend && h.Mode != ModeIfAbsent {
			w.addHeader(h.Name)
		}
	}
	w.addAliases(c.DecisionHeader)
	for _, g := range c.Gates {
		if g.Bypass != nil && g.Bypass.Header != nil {
			w.addHeader(g.Bypass.Header.Name)
			w.addAliases(g.Bypass.Header.Name)
		}
		if g.Bypass != nil && g.Bypass.Cookie != nil && value.IsToken(g.Bypass.Cookie.Name) {
			w.Cookies = append(w.Cookies, g.Bypass.Cookie.Name)
		}
	}
	if len(w.Headers)+len(w.Cookies) == 0 {
		return nil
	}
	return w
}

func (w *Withheld) addHeader(name string) {
	w.Headers = append(w.Headers, textproto.CanonicalMIMEHeaderKey(name))
}

func (w *Withheld) addAliases(name string) {
	w.Headers = append(w.Headers, CGIAliases(textproto.CanonicalMIMEHeaderKey(name))...)
}
