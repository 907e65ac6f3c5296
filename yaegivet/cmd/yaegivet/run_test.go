package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// TestGoRun runs the command as the readme says, with the module from a proxy: no
// replacement and no file outside of the module helps it there. With -trimpath, what was
// compiled is found again in the next run.
func TestGoRun(t *testing.T) {
	const path, version = "github.com/mod-zookeeper/traefik-zookeeper/yaegivet", "v0.0.1"
	proxy := t.TempDir()
	at := filepath.Join(proxy, path, "@v")
	if err := os.MkdirAll(at, 0o755); err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	if err := zip.CreateFromDir(&packed, module.Version{Path: path, Version: version}, "../.."); err != nil {
		t.Fatal(err)
	}
	info := []byte(`{"Version":"` + version + `"}`)
	for name, text := range map[string][]byte{version + ".mod": mod, version + ".zip": packed.Bytes(), version + ".info": info, "list": []byte(version + "\n")} {
		if err := os.WriteFile(filepath.Join(at, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	dir := lay(t, nil)
	cmd := exec.Command("go", commandInReadme(t, version)...)
	cmd.Dir = dir
	cache := t.TempDir()
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-modcacherw -trimpath", "GONOSUMDB=github.com/mod-zookeeper/*", "GOMODCACHE="+cache,
		"GOPROXY=file://"+proxy+",file://"+downloaded(t)+","+goEnv(t, "GOPROXY"))
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || !strings.Contains(string(out), "plugin.go:3:28: crash: In Yaegi,") {
		t.Fatalf("%v: %s", err, out)
	}
}

// commandInReadme returns the arguments of the command there, with another version.
func commandInReadme(t *testing.T, version string) []string {
	t.Helper()
	text, err := os.ReadFile("../../readme.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(text), "```sh\ngo ")
	command, _, _ := strings.Cut(rest, "\n")
	if !found || !strings.Contains(command, "@main ") {
		t.Fatalf("the readme has no command: %q", command)
	}
	return strings.Fields(strings.Replace(command, "@main", "@"+version, 1))
}

// downloaded is where the modules are that this one was built with.
func downloaded(t *testing.T) string {
	return filepath.Join(goEnv(t, "GOMODCACHE"), "cache", "download")
}

func goEnv(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.Command("go", "env", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}
