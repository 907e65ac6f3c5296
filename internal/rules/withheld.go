package rules

import (
	"net/textproto"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/value"
)

// Withheld is what a client has sent that no service may get: the headers that a middleware
// sets or takes, and the secrets of bypasses. A refused request may still come to a service,
// which makes a page of the refusal.
type Withheld struct {
	Headers []string // canonical
	Cookies []string
}

// WithheldOf is what a middleware withholds; nil for nothing.
func WithheldOf(r *Rules) *Withheld {
	w := &Withheld{}
	for _, h := range r.Headers {
		if h.Response {
			continue
		}
		w.Headers = append(w.Headers, h.Aliases...)
		if h.Mode != ModeAppend && h.Mode != ModeIfAbsent {
			w.Headers = append(w.Headers, h.Name)
		}
	}
	if r.DecisionHeader != "" {
		w.Headers = append(w.Headers, CGIAliases(r.DecisionHeader)...)
	}
	for _, g := range r.Gates {
		if g.Bypass != nil && g.Bypass.Header != nil {
			w.Headers = append(w.Headers, withAliases(g.Bypass.Header.Name)...)
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

// WithheldBy is WithheldOf for a configuration that can't be used: what it seems to mean.
func WithheldBy(c *config.Config) *Withheld {
	r := &Rules{DecisionHeader: textproto.CanonicalMIMEHeaderKey(c.DecisionHeader)}
	for _, h := range c.RequestHeaders {
		name := textproto.CanonicalMIMEHeaderKey(h.Name)
		r.Headers = append(r.Headers, &Header{Name: name, Aliases: CGIAliases(name), Mode: h.Mode})
	}
	for _, g := range c.Gates {
		if g.Bypass != nil {
			r.Gates = append(r.Gates, &Gate{Bypass: namesOf(g.Bypass)})
		}
	}
	return WithheldOf(r)
}

// namesOf is a bypass of which the names of its header and its cookie are known.
func namesOf(given *config.Bypass) *Bypass {
	b := &Bypass{}
	if given.Header != nil {
		b.Header = &request.Secret{Name: textproto.CanonicalMIMEHeaderKey(given.Header.Name)}
	}
	if given.Cookie != nil {
		b.Cookie = &request.Secret{Name: given.Cookie.Name}
	}
	return b
}
