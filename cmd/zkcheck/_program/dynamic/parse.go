package dynamic

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"gopkg.in/yaml.v3"
)

// A File is what a text has of dynamic configuration.
type File struct {
	parts []*part
}

// A part is a piece of dynamic configuration in the form of one provider.
type part struct {
	provider string
	tree     map[string]any    // of files and resources
	labels   map[string]string // of a service
}

// The providers, as far as their forms differ. Those of files and resources are what stands
// behind the @ in a reference; of labels, there are several.
const (
	files     = "file"
	resources = "kubernetescrd"
	labels    = "docker"
)

// Parse reads a text: TOML or YAML of the file provider; Kubernetes resources, which may stand
// in a list of them or in the values of a Helm chart, and ConfigMaps with files; a compose file
// with labels; JSON of Nomad or Consul with the tags of services. There may be several documents.
// TOML is told by the name's end, or where there is none by its not being YAML.
func Parse(name, text string) (*File, error) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".toml":
		return parseTOML(text)
	case ".hcl", ".nomad":
		return nil, errors.New("zkcheck reads JSON of Nomad and Consul, and not HCL; nomad job run -output writes a job as JSON without running it")
	}
	f, err := parseYAML(text)
	if err != nil && filepath.Ext(name) == "" {
		if other, otherErr := parseTOML(text); otherErr == nil {
			return other, nil
		}
	}
	return f, err
}

func parseTOML(text string) (*File, error) {
	var tree map[string]any
	if _, err := toml.Decode(text, &tree); err != nil {
		return nil, withoutTemplates(text, err)
	}
	return &File{parts: []*part{{provider: files, tree: tree}}}, withoutTemplates(text, nil)
}

func parseYAML(text string) (*File, error) {
	f := &File{}
	documents := yaml.NewDecoder(strings.NewReader(text))
	for {
		var document any
		err := documents.Decode(&document)
		if err == io.EOF {
			return f, nil
		}
		if err == nil {
			err = f.addDocument(withTextKeys(document), text)
		} else {
			err = withoutTemplates(text, inOneLine(text, err))
		}
		if err != nil {
			return nil, err
		}
	}
}

// inOneLine is an error of package yaml in one line, with the remedy for the most usual one.
func inOneLine(text string, err error) error {
	message := strings.Join(strings.Fields(strings.ReplaceAll(err.Error(), "unmarshal errors:", "")), " ")
	if strings.Contains(message, "cannot start any token") && strings.Contains(text, "\t") {
		message += "; a tab can't indent YAML, write spaces"
	}
	return errors.New(message)
}

// withoutTemplates is the error of a text: the file provider fills in templates, and only then
// the text is what Traefik reads.
func withoutTemplates(text string, err error) error {
	if strings.Contains(text, "{{") {
		return errors.New("the file has templates, {{ }}, which Traefik or Helm fills in; check what they come to")
	}
	return err
}

func (f *File) addDocument(document any, text string) error {
	if list, isList := document.([]any); isList {
		for _, item := range list {
			if err := f.addDocument(item, text); err != nil {
				return err
			}
		}
		return nil
	}
	tree, isTree := document.(map[string]any)
	switch {
	case document == nil:
		return nil
	case !isTree:
		return fmt.Errorf("%v: dynamic configuration is a mapping of keys to values", document)
	case isResource(tree):
		return f.addResource(tree)
	case isOfFileProvider(below(tree, "http")):
		return f.addFile(tree, text)
	case below(tree, "services") != nil:
		f.addServices(below(tree, "services"))
		return nil
	}
	before := len(f.parts)
	if err := f.addInside(tree); err != nil || len(f.parts) > before {
		return err
	}
	return f.addFile(tree, text)
}

func (f *File) addFile(tree map[string]any, text string) error {
	f.parts = append(f.parts, &part{provider: files, tree: tree})
	return withoutTemplates(text, nil)
}

func isOfFileProvider(http map[string]any) bool {
	return below(http, "routers") != nil || below(http, "middlewares") != nil || below(http, "services") != nil
}

func isResource(tree map[string]any) bool {
	_, hasVersion := tree["apiVersion"].(string)
	_, hasKind := tree["kind"].(string)
	return hasVersion && hasKind
}

// addResource adds a resource, and what others stand in it: those of a list, and files in a
// ConfigMap.
func (f *File) addResource(tree map[string]any) error {
	if items, isList := tree["items"].([]any); isList {
		return f.addDocument(items, "")
	}
	f.parts = append(f.parts, &part{provider: resources, tree: tree})
	if tree["kind"] != "ConfigMap" {
		return nil
	}
	for name, content := range below(tree, "data") {
		text, isText := content.(string)
		if !isText || !strings.Contains(text, "middlewares") {
			continue
		}
		switch strings.ToLower(filepath.Ext(name)) {
		case ".yml", ".yaml", ".toml":
			if err := f.addText(name, text); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *File) addText(name, text string) error {
	inner, err := Parse(name, text)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	f.parts = append(f.parts, inner.parts...)
	return nil
}

// addInside adds the resources that stand somewhere in a value, as mappings or as texts, the
// content of the file provider, and the tags of services. So the values of Helm charts have the
// first two, as extraObjects, say; and Nomad's jobs and Consul's services the tags.
func (f *File) addInside(value any) error {
	switch v := value.(type) {
	case map[string]any:
		if isResource(v) {
			return f.addResource(v)
		}
		f.addTags(at(v, "tags"))
		for key, inner := range v {
			if text, isText := inner.(string); isText && key == "content" && strings.Contains(text, "middlewares:") {
				if err := f.addText(key, text); err != nil {
					return err
				}
			} else if err := f.addInside(inner); err != nil {
				return err
			}
		}
	case []any:
		for _, inner := range v {
			if err := f.addInside(inner); err != nil {
				return err
			}
		}
	case string:
		if strings.Contains(v, "apiVersion: traefik.io/") {
			return f.addText("", v)
		}
	}
	return nil
}

// addServices adds the labels of a compose file's services. They are a list or a mapping, and
// have a $ written twice.
func (f *File) addServices(services map[string]any) {
	for name := range services {
		service := below(services, name)
		for _, given := range []any{service["labels"], below(service, "deploy")["labels"]} {
			all := map[string]string{}
			switch given := given.(type) {
			case map[string]any:
				for key, value := range given {
					all[key] = fmt.Sprint(value)
				}
			case []any:
				all = labelsOf(given)
			}
			for key, value := range all {
				all[key] = strings.ReplaceAll(value, "$$", "$")
			}
			if len(all) > 0 {
				f.parts = append(f.parts, &part{provider: labels, labels: all})
			}
		}
	}
}

// labelsOf are labels that are written as a list.
func labelsOf(list []any) map[string]string {
	all := map[string]string{}
	for _, item := range list {
		key, value, _ := strings.Cut(fmt.Sprint(item), "=")
		all[key] = value
	}
	return all
}

// addTags adds the tags of a service of Nomad or Consul, where Traefik's labels are among them.
func (f *File) addTags(tags any) {
	list, _ := tags.([]any)
	isLabel := func(item any) bool { return strings.HasPrefix(strings.ToLower(fmt.Sprint(item)), "traefik.") }
	if slices.ContainsFunc(list, isLabel) {
		f.parts = append(f.parts, &part{provider: labels, labels: labelsOf(list)})
	}
}

// IsStatic tells whether a file looks like Traefik's static configuration, which has no middlewares.
func (f *File) IsStatic() bool {
	for _, p := range f.parts {
		if at(p.tree, "http") == nil && (at(p.tree, "entryPoints") != nil || at(p.tree, "experimental") != nil) {
			return true
		}
	}
	return false
}

// withTextKeys is a value of YAML, where keys may also be numbers or booleans, with texts as
// keys.
func withTextKeys(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			v[key] = withTextKeys(inner)
		}
	case map[any]any:
		tree := map[string]any{}
		for key, inner := range v {
			tree[fmt.Sprint(key)] = withTextKeys(inner)
		}
		return tree
	case []any:
		for i, inner := range v {
			v[i] = withTextKeys(inner)
		}
	}
	return value
}
