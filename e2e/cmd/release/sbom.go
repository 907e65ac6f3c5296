package main

import (
	"debug/buildinfo"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"
	"golang.org/x/mod/modfile"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
)

// A bill is an SBOM in the making: the parts of a release, and which needs which.
type bill struct {
	version    string
	vendored   []modfile.Require        // what the plugin's module requires
	components map[string]cdx.Component // by their references
	needs      map[string][]string
}

// writeSBOM says in CycloneDX's format what is in a release: the plugin with what is
// vendored, and each binary with the modules that its build has noted in it.
func writeSBOM(folder, version string, binaries []string) error {
	vendored, err := requirements()
	if err != nil {
		return err
	}
	b := &bill{version: version, vendored: vendored, components: map[string]cdx.Component{}, needs: map[string][]string{}}
	root := b.plugin()
	for _, path := range binaries {
		if err := b.addBinary(path); err != nil {
			return err
		}
	}
	file, err := os.Create(filepath.Join(folder, product+"-"+version+".cdx.json"))
	if err != nil {
		return err
	}
	defer file.Close()
	return cdx.NewBOMEncoder(file, cdx.BOMFileFormatJSON).SetPretty(true).EncodeVersion(b.document(root), cdx.SpecVersion1_6)
}

// requirements are the modules that the plugin's own requires.
func requirements() ([]modfile.Require, error) {
	path := filepath.Join(parts.Root(), "go.mod")
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	file, err := modfile.Parse(path, text, nil)
	if err != nil {
		return nil, err
	}
	var found []modfile.Require
	for _, require := range file.Require {
		found = append(found, *require)
	}
	return found, nil
}

// document has everything in a fixed order: the same parts give the same bytes.
func (b *bill) document(root string) *cdx.BOM {
	document := cdx.NewBOM()
	main := b.components[root]
	document.Metadata = &cdx.Metadata{Component: &main}
	var components []cdx.Component
	var dependencies []cdx.Dependency
	for _, reference := range slices.Sorted(maps.Keys(b.components)) {
		if reference != root {
			components = append(components, b.components[reference])
		}
		needs := b.needs[reference]
		dependencies = append(dependencies, cdx.Dependency{Ref: reference, Dependencies: &needs})
	}
	document.Components, document.Dependencies = &components, &dependencies
	return document
}

// plugin adds the plugin, with what is vendored in it.
func (b *bill) plugin() string {
	reference := b.module(cdx.ComponentTypeApplication, plugin.Module, b.version)
	b.license(reference, "Apache-2.0")
	b.needs[reference] = nil
	for _, module := range b.vendored {
		b.needs[reference] = append(b.needs[reference], b.vendoredModule(module))
	}
	return reference
}

// licenses are those of the modules that the plugin vendors.
var licenses = map[string]string{"github.com/go-zookeeper/zk": "BSD-3-Clause"}

// vendoredModule adds a module that is vendored, and patched there.
func (b *bill) vendoredModule(module modfile.Require) string {
	reference := b.module(cdx.ComponentTypeLibrary, module.Mod.Path, module.Mod.Version)
	b.license(reference, licenses[module.Mod.Path])
	component := b.components[reference]
	component.Pedigree = &cdx.Pedigree{Notes: "with the patches in the folder patches of " + plugin.Module}
	b.components[reference] = component
	return reference
}

func (b *bill) license(reference, id string) {
	component := b.components[reference]
	component.Licenses = &cdx.Licenses{{License: &cdx.License{ID: id}}}
	b.components[reference] = component
}

// addBinary adds a binary, with Go's library and the modules that are in it.
func (b *bill) addBinary(path string) error {
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		return err
	}
	sum, err := checksum(path)
	if err != nil {
		return err
	}
	name := filepath.Base(path)
	b.components[name] = cdx.Component{
		BOMRef: name, Type: cdx.ComponentTypeApplication, Name: name, Version: b.version,
		Hashes:   &[]cdx.Hash{{Algorithm: cdx.HashAlgoSHA256, Value: sum}},
		Licenses: &cdx.Licenses{{License: &cdx.License{ID: "Apache-2.0"}}},
	}
	needs := []string{b.module(cdx.ComponentTypeLibrary, "std", strings.TrimPrefix(info.GoVersion, "go"))}
	for _, module := range info.Deps {
		needs = append(needs, b.dependency(module))
	}
	slices.Sort(needs)
	b.needs[name] = needs
	return nil
}

// dependency adds a module that a binary has. The plugin, and what is vendored, were built
// from the repository's folders.
func (b *bill) dependency(module *debug.Module) string {
	if module.Path == plugin.Module {
		return b.plugin()
	}
	for _, vendored := range b.vendored {
		if vendored.Mod.Path == module.Path {
			return b.vendoredModule(vendored)
		}
	}
	if module.Replace != nil {
		module = module.Replace
	}
	return b.module(cdx.ComponentTypeLibrary, module.Path, module.Version)
}

// module adds a Go module, and returns its reference.
func (b *bill) module(kind cdx.ComponentType, path, version string) string {
	reference := "pkg:golang/" + path + "@" + version
	if _, found := b.components[reference]; !found {
		b.components[reference] = cdx.Component{BOMRef: reference, Type: kind, Name: path, Version: version, PackageURL: reference}
	}
	return reference
}
