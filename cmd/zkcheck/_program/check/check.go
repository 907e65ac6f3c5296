package check

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
	"github.com/mod-zookeeper/traefik-zookeeper/cmd/zkcheck/_program/dynamic"
)

// load finds the middlewares and routers of all files. Folders are read as Traefik's
// file provider does.
func load(paths []string, name string) (*site, error) {
	s := &site{configs: map[string]*zookeeper.Config{}, routing: dynamic.NewRouting()}
	for _, path := range paths {
		files, err := expand(path)
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			if err := s.loadFile(file, name); err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
		}
	}
	if len(s.configs) == 0 {
		return nil, fmt.Errorf("no middleware with plugin.%s in %s; -plugin names another one", name, strings.Join(paths, ", "))
	}
	return s, nil
}

func expand(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return []string{path}, err
	}
	var files []string
	err = filepath.WalkDir(path, func(file string, entry fs.DirEntry, err error) error {
		switch strings.ToLower(filepath.Ext(file)) {
		case ".yml", ".yaml", ".toml":
			if err == nil && !entry.IsDir() {
				files = append(files, file)
			}
		}
		return err
	})
	return files, err
}

func (s *site) loadFile(file, name string) error {
	found := s.configs
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	middlewares, err := dynamic.FromText(file, string(text), name)
	if err != nil {
		return err
	}
	for middleware, config := range middlewares {
		if found[middleware] != nil {
			return errors.New("middleware " + middleware + ": another file has it already")
		}
		found[middleware] = zookeeper.CreateConfig()
		if err := dynamic.Decode(config, found[middleware]); err != nil {
			return fmt.Errorf("middleware %s: %w", middleware, err)
		}
	}
	return s.routing.Add(file, string(text))
}

// check reports on each middleware and on faulty routers, and returns the exit code.
func check(s *site, out io.Writer) int {
	found := s.configs
	faults := zookeeper.Check(found)
	for name, err := range s.unattached() {
		if faults[name] == nil {
			faults[name] = err
		}
	}
	ofRouters := s.routerFaults()
	for _, name := range slices.Sorted(maps.Keys(found)) {
		if err := faults[name]; err != nil {
			fmt.Fprintf(out, "middleware %s: %v\n", name, err)
			continue
		}
		config, _ := zookeeper.Read(found[name])
		fmt.Fprintf(out, "middleware %s: sound: %s\n", name, describe(config))
	}
	for _, fault := range ofRouters {
		fmt.Fprintln(out, fault)
	}
	if len(faults) > 0 {
		fmt.Fprintf(out, "%s of %d with faults\n", count(len(faults), "middleware"), len(found))
	}
	if len(faults)+len(ofRouters) == 0 {
		return sound
	}
	return faulty
}

func describe(c *zookeeper.Config) string {
	var parts []string
	for _, part := range []struct {
		n    int
		noun string
	}{{len(c.Clusters), "cluster"}, {len(c.RequestHeaders), "request header"}, {len(c.ResponseHeaders), "response header"}, {len(c.Gates), "gate"}} {
		if part.n > 0 {
			parts = append(parts, count(part.n, part.noun))
		}
	}
	if len(parts) == 0 {
		return "it does nothing"
	}
	return strings.Join(parts, ", ")
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
