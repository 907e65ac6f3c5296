package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// packed are the packages of this repository, by the end of their names.
func packed(t *testing.T) map[string][]byte {
	t.Helper()
	files, err := plugin.Files()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := pack(folder, "v0.0.0", files); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(names) != 4 {
		t.Fatalf("packages %q, %v", names, err)
	}
	packages := map[string][]byte{}
	for _, name := range names {
		_, end, _ := strings.Cut(filepath.Base(name), "v0.0.0")
		if packages[end], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	return packages
}

// serves runs the real Traefik with a plugin that was packed. The way to all
// networks but loopback is barred, so that nothing can be fetched.
func serves(t *testing.T, lay func(src string) error) {
	zk := zkserver.Start(t)
	zk.Client(t).Put("/release", []byte("packed"))
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Header.Get("X-Release")) }))
	t.Cleanup(service.Close)
	config := fmt.Sprintf("clusters:\n  main:\n    servers: %s\nrequestHeaders:\n  - name: X-Release\n    path: /release\n", zk.Addr())
	barred := "http://127.0.0.1:1"
	tr := traefik.Start(t, traefik.Route(config, service.URL), traefik.Options{Plugin: lay, Env: []string{"HTTP_PROXY=" + barred, "HTTPS_PROXY=" + barred}})
	err := tr.Await(func() error {
		answer, err := http.Get(tr.URL())
		if err != nil {
			return err
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err == nil && string(body) != "packed" {
			err = fmt.Errorf("%s: %q", answer.Status, body)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTarball(t *testing.T) {
	archive := packed(t)[".tar.gz"]
	serves(t, func(src string) error {
		return unpack(archive, filepath.Dir(filepath.Dir(src))) // Traefik's working directory
	})
}

// unpack does what tar does.
func unpack(archive []byte, folder string) error {
	files, err := contents(archive)
	if err != nil {
		return err
	}
	return plugin.Lay(files, folder)
}

// contents are the files in an archive.
func contents(archive []byte) (map[string][]byte, error) {
	plain, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return nil, err
	}
	reader := tar.NewReader(plain)
	files := map[string][]byte{}
	for {
		header, err := reader.Next()
		if err == io.EOF {
			return files, nil
		}
		if err == nil {
			files[header.Name], err = io.ReadAll(reader)
		}
		if err != nil {
			return nil, err
		}
	}
}

// The archive has the packages that the plugin imports, and no others.
func TestPackages(t *testing.T) {
	files, err := contents(packed(t)[".tar.gz"])
	if err != nil {
		t.Fatal(err)
	}
	packed := map[string]bool{}
	for name := range files {
		if strings.HasSuffix(name, ".go") {
			packed[path.Dir(strings.TrimPrefix(name, "plugins-local/src/"))] = true
		}
	}
	list := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", ".")
	list.Dir = parts.Root()
	imported, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range strings.Fields(string(imported)) {
		folder := name
		if name != plugin.Module && !strings.HasPrefix(name, plugin.Module+"/") {
			folder = plugin.Module + "/vendor/" + name
		}
		if !packed[folder] {
			t.Errorf("%s is not packed", name)
		}
		delete(packed, folder)
	}
	for folder := range packed {
		t.Errorf("%s is packed, and the plugin doesn't import it", folder)
	}
}

// Kubernetes lays a ConfigMap out as links to links: what is seen leads to a folder
// that is replaced as a whole when the ConfigMap changes.
func TestInline(t *testing.T) {
	packages := packed(t)
	var configMap struct{ Data map[string]string }
	var values struct {
		AdditionalArguments []string
		Deployment          struct {
			AdditionalVolumes []struct {
				ConfigMap struct{ Items []struct{ Key, Path string } }
			}
		}
		AdditionalVolumeMounts []struct{ MountPath string }
	}
	lowered := func(text []byte) []byte {
		for _, key := range []string{"additionalArguments", "additionalVolumes", "configMap", "additionalVolumeMounts", "mountPath"} {
			text = bytes.ReplaceAll(text, []byte(key+":"), []byte(strings.ToLower(key)+":"))
		}
		return text
	}
	if err := errors.Join(yaml.Unmarshal(packages["-configmap.yml"], &configMap), yaml.Unmarshal(lowered(packages["-values.yml"]), &values)); err != nil {
		t.Fatal(err)
	}
	if got := values.AdditionalVolumeMounts[0].MountPath; got != "/plugins-local/src/"+plugin.Module {
		t.Errorf("mounted at %s", got)
	}
	if got := values.AdditionalArguments; len(got) != 1 || got[0] != "--experimental.localPlugins.zookeeper.moduleName="+plugin.Module {
		t.Errorf("arguments %q", got)
	}
	files := map[string][]byte{}
	for _, item := range values.Deployment.AdditionalVolumes[0].ConfigMap.Items {
		files[item.Path] = []byte(configMap.Data[item.Key])
	}
	if len(files) != len(configMap.Data) {
		t.Errorf("%d files of %d keys", len(files), len(configMap.Data))
	}
	serves(t, func(src string) error {
		folder := filepath.Join(src, plugin.Module)
		if err := plugin.Lay(files, filepath.Join(folder, "..2026")); err != nil {
			return err
		}
		faults := []error{os.Symlink("..2026", filepath.Join(folder, "..data"))}
		entries, err := os.ReadDir(filepath.Join(folder, "..2026"))
		for _, entry := range entries {
			faults = append(faults, os.Symlink(filepath.Join("..data", entry.Name()), filepath.Join(folder, entry.Name())))
		}
		return errors.Join(append(faults, err)...)
	})
}

func TestTooMuchForAConfigMap(t *testing.T) {
	if _, err := inlineConfigMap(map[string][]byte{"a.txt": make([]byte, mostInline)}); err == nil {
		t.Error("no error")
	}
	if _, err := inlineConfigMap(map[string][]byte{"a/b.txt": nil, "a__b.txt": nil}); err == nil {
		t.Error("two files have one key")
	}
}

func TestSameFilesSameBytes(t *testing.T) {
	first, second := packed(t), packed(t)
	for name, text := range first {
		if !bytes.Equal(text, second[name]) {
			t.Errorf("%s differs", name)
		}
		t.Logf("%s: %d bytes", name, len(text))
	}
}
