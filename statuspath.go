package zookeeper

import (
	"net/url"
	"path"
	"strings"
)

// A statusPage is where requests get the status of the process.
type statusPage struct {
	path        string
	hidesValues bool
}

// checkStatusPage is nil where no page is wanted.
func checkStatusPage(c *Config, f *problemList) *statusPage {
	checkStatusPath(c.StatusPath, f)
	hidesValues := c.StatusValues != "" && !checkTruth("statusValues", c.StatusValues, f)
	if c.StatusPath == "" {
		return nil
	}
	return &statusPage{path: c.StatusPath, hidesValues: hidesValues}
}

func checkStatusPath(at string, f *problemList) {
	if at == "" {
		return
	}
	u, err := url.Parse(at)
	if err != nil || u.Path != at || at == "/" || !strings.HasPrefix(at, "/") || path.Clean(at) != at {
		f.add("statusPath", at, "a path that begins with a slash and doesn't end with one, as in /.zookeeper")
	}
}
