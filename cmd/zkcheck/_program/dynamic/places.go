package dynamic

import (
	"regexp"
	"sort"
	"strconv"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/lists"
)

// A Place is where a mapping stands, and the middleware that it was probably written for.
type Place struct {
	Key, Middleware string
	Right           string // where it belongs
}

// Misplaced are the places of mappings that have a plugin's name and look like its configuration,
// where Traefik looks for no plugin.
func (f *File) Misplaced(plugin string, looksLike func(tree map[string]any) bool) []Place {
	var found []Place
	for _, p := range f.parts {
		right := "http.middlewares.<name>.plugin." + plugin
		switch p.provider {
		case labels:
			found = append(found, misplacedLabels(p.labels, plugin)...)
			continue
		case resources:
			right = "spec.plugin." + plugin
		}
		isRight := regexp.MustCompile("(?i)^" + strings.ReplaceAll(regexp.QuoteMeta(right), "<name>", "[^.]+") + "$")
		for _, key := range placesIn(p.tree, "", plugin, looksLike) {
			if !isRight.MatchString(key) {
				found = append(found, Place{Key: key, Middleware: middlewareAt(p, key), Right: right})
			}
		}
	}
	return found
}

// placesIn are the keys below a value that end with a name and have what looks like a plugin's
// configuration.
func placesIn(value any, at, name string, looksLike func(tree map[string]any) bool) []string {
	var keys []string
	switch v := value.(type) {
	case map[string]any:
		for _, key := range lists.SortedKeys(v) {
			inner, isTree := v[key].(map[string]any)
			here := strings.TrimPrefix(at+"."+key, ".")
			if isTree && strings.EqualFold(key, name) && looksLike(inner) {
				keys = append(keys, here)
				continue
			}
			keys = append(keys, placesIn(v[key], here, name, looksLike)...)
		}
	case []any:
		for i, item := range v {
			keys = append(keys, placesIn(item, at+"["+strconv.Itoa(i)+"]", name, looksLike)...)
		}
	}
	return keys
}

// middlewareAt is the name in front of the plugin's in a key; for a resource, its own.
func middlewareAt(p *part, key string) string {
	if p.provider == resources {
		return nameOf(p.tree)
	}
	words := strings.Split(key, ".")
	for i := len(words) - 2; i >= 0; i-- {
		if !strings.HasPrefix(words[i], "plugin") {
			return words[i]
		}
	}
	return key
}

// misplacedLabels are the labels of middlewares with the plugin's name in the place of the word
// plugin, each middleware once.
func misplacedLabels(all map[string]string, plugin string) []Place {
	found := map[string]Place{}
	for key := range all {
		words := strings.Split(key, ".")
		if len(words) > 5 && strings.EqualFold(strings.Join(words[:3], "."), "traefik.http.middlewares") && strings.EqualFold(words[4], plugin) {
			found[words[3]] = Place{Key: strings.Join(words[:5], "."), Middleware: words[3], Right: "traefik.http.middlewares." + words[3] + ".plugin." + plugin}
		}
	}
	var places []Place
	for _, place := range found {
		places = append(places, place)
	}
	sort.Slice(places, func(i, j int) bool { return places[i].Key < places[j].Key })
	return places
}
