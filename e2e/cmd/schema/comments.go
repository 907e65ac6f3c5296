package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
)

// commentsIn are the comments of a package's structs and their fields.
func commentsIn(dir string) (map[string]string, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	comments := map[string]string{}
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		for _, declared := range file.Decls {
			group, isGroup := declared.(*ast.GenDecl)
			if !isGroup {
				continue
			}
			for _, spec := range group.Specs {
				named, isType := spec.(*ast.TypeSpec)
				if !isType {
					continue
				}
				comments[named.Name.Name] = group.Doc.Text()
				if of, isStruct := named.Type.(*ast.StructType); isStruct {
					for _, field := range of.Fields.List {
						for _, name := range field.Names {
							comments[named.Name.Name+"."+name.Name] = field.Doc.Text()
						}
					}
				}
			}
		}
	}
	return comments, nil
}

// The comments speak to Go programs. Who writes YAML knows keys in the place of fields, and no
// New and no nil.

var (
	forGo = []struct {
		from *regexp.Regexp
		to   string
	}{
		{regexp.MustCompile(`; nil, the default, for `), `; without it, `},
		{regexp.MustCompile(`after New\b`), `after a start or a reload`},
		{regexp.MustCompile(`, which New\s+reads`), `, which the plugin reads at each start and reload`},
	}
	fields = func() []string {
		var names []string
		for _, of := range []any{config.Config{}, config.Cluster{}, config.TLS{}, config.HeaderRule{}, config.Gate{}, config.Bypass{}, config.Secret{}, config.IPStrategy{}} {
			for i := range reflect.TypeOf(of).NumField() {
				names = append(names, reflect.TypeOf(of).Field(i).Name)
			}
		}
		return names
	}()
	// A field that is meant stands within a sentence, or is no word.
	within   = regexp.MustCompile(`([^.\s]\s)(` + strings.Join(fields, "|") + `)\b`)
	compound = regexp.MustCompile(`\b[A-Z][A-Za-z0-9]*[a-z0-9][A-Z][A-Za-z]*\b|\bJSONBody\b|\bIPsPath\b`)
	// What begins so says what a field is, also without the verb.
	noun   = regexp.MustCompile(`^(a|an|the|one|how|where|addresses|further|[A-Z]\S*) `)
	spaces = regexp.MustCompile(`\s+`)
)

// description is a field's comment, for who writes YAML.
func description(field, comment string) string {
	text := strings.TrimSpace(spaces.ReplaceAllString(comment, " "))
	for _, rule := range forGo {
		text = rule.from.ReplaceAllString(text, rule.to)
	}
	if rest, found := strings.CutPrefix(text, field+" "); found {
		verb, object, _ := strings.Cut(rest, " ")
		switch verb {
		case "is", "are":
			text = keyOf(field) + " " + rest
			if noun.MatchString(object) {
				text = strings.ToUpper(object[:1]) + object[1:]
			}
		case "begin":
			text = keyOf(field) + " " + rest
		case "of", "to":
		default:
			text = strings.ToUpper(rest[:1]) + rest[1:]
		}
	}
	for _, pattern := range []*regexp.Regexp{within, within} { // two may follow each other
		text = pattern.ReplaceAllStringFunc(text, func(found string) string {
			match := pattern.FindStringSubmatch(found)
			return match[1] + keyOf(match[2])
		})
	}
	return compound.ReplaceAllStringFunc(text, func(found string) string {
		for _, name := range fields {
			if name == found {
				return keyOf(name)
			}
		}
		return found
	})
}

func firstSentence(comment string) string {
	text := strings.TrimSpace(spaces.ReplaceAllString(comment, " "))
	sentence, _, _ := strings.Cut(text, ". ")
	return strings.TrimSuffix(sentence, ".") + "."
}
