package check

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	zookeeper "github.com/mod-zookeeper/traefik-zookeeper"
	"github.com/mod-zookeeper/traefik-zookeeper/cmd/zkcheck/_program/dynamic"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
)

// A site is all that the files have.
type site struct {
	configs  map[string]*zookeeper.Config
	files    map[string]string // where each of these stands
	misspelt []finding         // middlewares whose plugin is probably meant to be this one
	routing  *dynamic.Routing
	static   string          // a file with Traefik's static configuration, where one is among them
	attached map[string]bool // middlewares that something outside of the files uses
}

// load finds the middlewares and routers of all files. Folders are read as Traefik's
// file provider does; - is the standard input.
func load(paths []string, in io.Reader, plugins []string) (*site, error) {
	s := &site{configs: map[string]*zookeeper.Config{}, files: map[string]string{}, routing: dynamic.NewRouting()}
	for _, path := range paths {
		files, err := expand(path)
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			text, err := read(file, in)
			if err == nil {
				err = s.add(file, text, plugins)
			}
			if err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
		}
	}
	if len(s.configs)+len(s.misspelt) == 0 {
		return nil, s.nothing(paths, plugins)
	}
	return s, nil
}

// nothing is the error for files without a middleware that has the plugin.
func (s *site) nothing(paths, plugins []string) error {
	if s.static != "" {
		return fmt.Errorf("%s: this is Traefik's static configuration; name the files of the dynamic one, which have the routers and middlewares", s.static)
	}
	return fmt.Errorf("no middleware with plugin.%s in %s; where the static configuration has another name for the plugin, give it with -plugin", strings.Join(plugins, " or plugin."), strings.Join(paths, ", "))
}

func expand(path string) ([]string, error) {
	if path == "-" {
		return []string{path}, nil
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, noFile(path)
	}
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

// noFile is the error for a file that isn't there. Its name may be the command's, misspelt.
func noFile(path string) error {
	if nearest(path, []string{"flag"}) != "" {
		return fmt.Errorf("%s: no such file or folder; did you mean zkcheck flag?", path)
	}
	return fmt.Errorf("%s: no such file or folder", path)
}

func read(file string, in io.Reader) (string, error) {
	if file == "-" {
		text, err := io.ReadAll(in)
		if err == nil && len(bytes.TrimSpace(text)) == 0 {
			err = errors.New("standard input is empty")
		}
		return string(text), err
	}
	text, err := os.ReadFile(file)
	return string(text), err
}

func (s *site) add(file, text string, plugins []string) error {
	parsed, err := dynamic.Parse(file, text)
	if err != nil {
		return err
	}
	for _, plugin := range plugins {
		middlewares, err := parsed.Middlewares(plugin)
		if err == nil {
			err = s.addMiddlewares(file, middlewares)
		}
		if err != nil {
			return err
		}
	}
	s.routing.Add(parsed)
	if parsed.IsStatic() {
		s.static = file
	}
	return s.addMisspelt(file, parsed, plugins)
}

func (s *site) addMiddlewares(file string, found dynamic.Middlewares) error {
	for name, config := range found {
		if s.configs[name] != nil {
			return errors.New("middleware " + name + ": another file has it already")
		}
		s.files[name] = file
		s.configs[name] = zookeeper.CreateConfig()
		if err := dynamic.Decode(config, s.configs[name]); err != nil {
			return fmt.Errorf("middleware %s: %w", name, err)
		}
	}
	return nil
}

// attach notes the middlewares that something outside of the files uses.
func (s *site) attach(names map[string]bool) error {
	for _, name := range lists.SortedKeys(names) {
		if _, isThere := s.routing.Kinds[name]; isThere {
			continue
		}
		if meant := nearest(name, lists.SortedKeys(s.routing.Kinds)); meant != "" {
			return fmt.Errorf("-attached: %q: the files have no such middleware; did you mean %s?", name, meant)
		}
		return fmt.Errorf("-attached: %q: the files have no such middleware; they have %s", name, strings.Join(lists.SortedKeys(s.routing.Kinds), ", "))
	}
	s.attached = names
	return nil
}
