package main

import (
	"fmt"
	"path/filepath"
)

// A maker is a command that a plugin's module has for itself, and what it makes: a module
// that the plugin needs with changes. Published modules have no vendor folder.
type maker struct{ command, module string }

// makers are those that are known, by the plugins' modules. The command is run in Traefik's
// source. It writes the module into the folder that -dir names, and has go.mod replace the
// published one by it.
var makers = map[string]maker{
	"github.com/mod-zookeeper/traefik-zookeeper": {"cmd/zkclient", "github.com/go-zookeeper/zk"},
}

// makeVendored makes what a plugin would have in its vendor folder with changes, where the
// module has no such folder and a command for it.
func makeVendored(traefik string, p *plugin) error {
	m, known := makers[p.path]
	if !known || exists(filepath.Join(p.dir, "vendor", filepath.FromSlash(m.module))) {
		return nil
	}
	if !exists(filepath.Join(p.dir, filepath.FromSlash(m.command))) {
		return fmt.Errorf("%s %s has neither a vendor folder nor the package %s, and needs a changed %s: name a newer version, or a clone with =folder", p.path, p.version, m.command, m.module)
	}
	say("using %s with the changes that %s makes", m.module, p.path)
	_, err := goCommand{dir: traefik, env: []string{"GOFLAGS=-mod=mod"}, host: true}.run(
		"run", p.path+"/"+m.command, "-dir", filepath.ToSlash(vendoredFolder(m.module)))
	return err
}

// vendoredFolder is where a module that is used with changes is in Traefik's source.
func vendoredFolder(module string) string {
	return filepath.Join(ownFolder, "vendored", filepath.FromSlash(module))
}
