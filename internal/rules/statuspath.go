package rules

import (
	"net/url"
	"path"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
)

// A StatusPage is the page with the status of the process, at a path of the middleware.
type StatusPage struct {
	Path        string
	HidesValues bool // of nodes and headers
}

// checkStatusPage compiles the status page; nil where there is none.
func checkStatusPage(c *config.Config, list *problems.List) *StatusPage {
	checkStatusPath(c.StatusPath, list)
	hidesValues := c.StatusValues != "" && !list.Truth("statusValues", c.StatusValues)
	if c.StatusPath == "" {
		return nil
	}
	return &StatusPage{Path: c.StatusPath, HidesValues: hidesValues}
}

// checkStatusPath checks the path, if there is one.
func checkStatusPath(at string, list *problems.List) {
	if at == "" {
		return
	}
	u, err := url.Parse(at)
	if err != nil || u.Path != at || at == "/" || !strings.HasPrefix(at, "/") || path.Clean(at) != at {
		list.Add("statusPath", at, "a path that begins with a slash and doesn't end with one, as in /.zookeeper")
	}
}
