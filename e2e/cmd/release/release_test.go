package main

import (
	"debug/elf"
	"debug/macho"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
)

// made is a release of the version that the documents name, in a folder.
func made(t *testing.T) (folder, version string) {
	t.Helper()
	version, err := plugin.Release()
	if err != nil {
		t.Fatal(err)
	}
	folder = filepath.Join(t.TempDir(), "dist")
	names, err := release(options{version: version, dirty: true, folder: folder, platforms: platforms})
	if err != nil || len(names) != 4+8+3 {
		t.Fatalf("%q, %v", names, err)
	}
	return folder, version
}

func TestRelease(t *testing.T) {
	folder, version := made(t)
	t.Run("binaries", func(t *testing.T) { binariesRun(t, folder, version) })
	t.Run("checksums", func(t *testing.T) {
		check := exec.Command("sha256sum", "--check", "--strict", product+"-"+version+"-sha256sums.txt")
		check.Dir = folder
		output, err := check.CombinedOutput()
		if err != nil || strings.Count(string(output), ": OK\n") != 4+8+1 {
			t.Errorf("%v\n%s", err, output)
		}
	})
	t.Run("SBOM", func(t *testing.T) { namesAllParts(t, folder, version) })
	t.Run("notes", func(t *testing.T) {
		notes, err := os.ReadFile(filepath.Join(folder, "notes.md"))
		if err != nil || !strings.Contains(string(notes), "\n- ") || strings.Contains(string(notes), "](docs/") {
			t.Errorf("%v\n%s", err, notes)
		}
	})
}

// binariesRun runs those for this platform, and looks at what the others are for.
func binariesRun(t *testing.T, folder, version string) {
	for _, tool := range tools {
		for _, p := range platforms {
			path := filepath.Join(folder, strings.Join([]string{tool.name, version, p.system, p.processor}, "-"))
			if got := processor(t, path, p.system); got != p.processor {
				t.Errorf("%s is for %s", path, got)
			}
			if p.system == runtime.GOOS && p.processor == runtime.GOARCH {
				help := map[string]string{"xtraefik": "help", "zkcheck": "-help"}[tool.name]
				if output, err := exec.Command(path, help).CombinedOutput(); err != nil || !strings.Contains(string(output), tool.name) {
					t.Errorf("%s %s: %v\n%s", path, help, err, output)
				}
			}
		}
	}
}

// processor is the one that a binary is for, in Go's words.
func processor(t *testing.T, path, system string) string {
	t.Helper()
	if system == "linux" {
		file, err := elf.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		return map[elf.Machine]string{elf.EM_X86_64: "amd64", elf.EM_AARCH64: "arm64"}[file.Machine]
	}
	file, err := macho.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	return map[macho.Cpu]string{macho.CpuAmd64: "amd64", macho.CpuArm64: "arm64"}[file.Cpu]
}

// namesAllParts compares the SBOM with what the go command says of the binaries.
func namesAllParts(t *testing.T, folder, version string) {
	file, err := os.Open(filepath.Join(folder, product+"-"+version+".cdx.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	document := new(cdx.BOM)
	if err := cdx.NewBOMDecoder(file, cdx.BOMFileFormatJSON).Decode(document); err != nil {
		t.Fatal(err)
	}
	needs := map[string][]string{}
	for _, dependency := range *document.Dependencies {
		if dependency.Dependencies != nil {
			needs[dependency.Ref] = *dependency.Dependencies
		}
	}
	client := "pkg:golang/github.com/go-zookeeper/zk@v1.0.4"
	if root := document.Metadata.Component.BOMRef; root != "pkg:golang/"+plugin.Module+"@"+version || !slices.Equal(needs[root], []string{client}) {
		t.Errorf("%s needs %q", root, needs[root])
	}
	known := map[string]bool{document.Metadata.Component.BOMRef: true}
	for _, component := range *document.Components {
		known[component.BOMRef] = true
		if component.Version == "" || component.BOMRef == client && (component.Pedigree == nil || component.Licenses == nil) {
			t.Errorf("component %+v", component)
		}
	}
	binaries, err := filepath.Glob(filepath.Join(folder, "*-"+version+"-*-*64"))
	if err != nil || len(binaries) != 8 {
		t.Fatalf("%q, %v", binaries, err)
	}
	for _, path := range binaries {
		name := filepath.Base(path)
		output, err := exec.Command("go", "version", "-m", path).Output()
		if err != nil {
			t.Fatal(err)
		}
		modules := strings.Count(string(output), "\n\tdep\t")
		if !known[name] || len(needs[name]) != modules+1 {
			t.Errorf("%s has %d modules, and the SBOM the needs %q", name, modules, needs[name])
		}
	}
	for reference, all := range needs {
		for _, need := range all {
			if !known[need] {
				t.Errorf("%s needs %s, which is no component", reference, need)
			}
		}
	}
}

func TestNotes(t *testing.T) {
	const changelog = "# Changelog\n\n## Unreleased\n\n- new: [page](docs/a.md#b)\n\n## v1.2.3 (2026-01-01)\n\n- old, [there](https://example.com/)\n\n## v1.2.2\n"
	const link = "- new: [page](https://github.com/mod-zookeeper/traefik-zookeeper/blob/"
	for _, test := range []struct {
		version   string
		rehearsal bool
		want      string
		err       string
	}{
		{version: "v1.2.3", want: "- old, [there](https://example.com/)\n"},
		{version: "v1.2.3", rehearsal: true, want: "- old, [there](https://example.com/)\n"},
		{version: "d7b0ea5", want: link + "d7b0ea5/docs/a.md#b)\n"},
		{version: "v1.2.3-4-gd7b0ea5", want: link + "v1.2.3-4-gd7b0ea5/docs/a.md#b)\n"},
		{version: "v1.3.0", rehearsal: true, want: link + "v1.3.0/docs/a.md#b)\n"},
		{version: "v1.3.0", err: "changelog.md has no section for v1.3.0; make ## v1.3.0 of its heading ## Unreleased"},
		{version: "v1.2", rehearsal: true, want: link + "v1.2/docs/a.md#b)\n"},
		{version: "v1.2.2", err: "changelog.md says nothing of v1.2.2; write what users see"},
	} {
		got, err := notesOf(changelog, test.version, test.rehearsal)
		if got != test.want || (err == nil) != (test.err == "") || err != nil && err.Error() != test.err {
			t.Errorf("%s, %t: %q, %v", test.version, test.rehearsal, got, err)
		}
	}
}

// A tag that the documents don't name isn't released.
func TestDocumentsNameTheRelease(t *testing.T) {
	o := options{version: "v99.0.0", dirty: true}
	if err := o.check(); err == nil || !strings.Contains(err.Error(), "v99.0.0: the table of versions in readme.md has v") {
		t.Error(err)
	}
	for _, version := range []string{"v1/2", "v1 2"} {
		o := options{version: version, dirty: true}
		if err := o.check(); err == nil || !strings.Contains(err.Error(), "as in v1.2.3") {
			t.Errorf("%s: %v", version, err)
		}
	}
}

// The same binaries give the same SBOM.
func TestSameSBOM(t *testing.T) {
	var texts []string
	for range 2 {
		folder := t.TempDir()
		if err := writeSBOM(folder, "v0.0.0", []string{os.Args[0]}); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(folder, product+"-v0.0.0.cdx.json"))
		if err != nil || !json.Valid(text) {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	if texts[0] != texts[1] {
		t.Error("two SBOMs differ")
	}
}
