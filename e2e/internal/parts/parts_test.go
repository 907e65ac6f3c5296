package parts

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func touch(t *testing.T, path string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, nil, 0o755); err != nil {
		t.Fatal(err)
	}
}

func TestFindZooKeeperInHome(t *testing.T) {
	home := t.TempDir()
	bin := t.TempDir()
	touch(t, filepath.Join(bin, "java"))
	t.Setenv("PATH", bin)
	t.Setenv("ZOOKEEPER_HOME", home)
	if _, err := FindZooKeeper(); err == nil || !strings.Contains(err.Error(), "ZOOKEEPER_HOME") {
		t.Errorf("an empty folder: error %v", err)
	}
	touch(t, filepath.Join(home, "lib", "zookeeper-3.9.3.jar"))
	touch(t, filepath.Join(home, "lib", "netty.jar"))
	z, err := FindZooKeeper()
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(home, "lib", "netty.jar") + ":" + filepath.Join(home, "lib", "zookeeper-3.9.3.jar"); z.Classpath != want {
		t.Errorf("class path %q, want %q", z.Classpath, want)
	}
	if z.Java != filepath.Join(bin, "java") {
		t.Errorf("java is %q", z.Java)
	}
}

func TestWithoutAptSaysWhatToDo(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("ZOOKEEPER_HOME", "")
	t.Setenv("ZOOKEEPER_JARS", "some.jar")
	_, err := InstallZooKeeper()
	if err == nil || !strings.Contains(err.Error(), "apt-get") || !strings.Contains(err.Error(), "ZOOKEEPER_HOME") {
		t.Errorf("error %v", err)
	}
}

func TestFindChromium(t *testing.T) {
	bin := t.TempDir()
	t.Setenv("PATH", bin)
	t.Setenv("CHROMIUM_BIN", "")
	if err := installChromium(); err == nil || !strings.Contains(err.Error(), "apt-get") || !strings.Contains(err.Error(), "CHROMIUM_BIN") {
		t.Errorf("nothing is there: error %v", err)
	}
	touch(t, filepath.Join(bin, "google-chrome"))
	if found, err := FindChromium(); found != filepath.Join(bin, "google-chrome") || err != nil {
		t.Errorf("found %q, %v", found, err)
	}
	t.Setenv("CHROMIUM_BIN", filepath.Join(bin, "none"))
	if err := installChromium(); err == nil || !strings.Contains(err.Error(), "CHROMIUM_BIN") {
		t.Errorf("a missing file: error %v", err)
	}
}

func TestTraefikBin(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "traefik")
	t.Setenv("TRAEFIK_BIN", binary)
	if _, err := InstallTraefik(); err == nil || !strings.Contains(err.Error(), "TRAEFIK_BIN") {
		t.Errorf("a missing file: error %v", err)
	}
	touch(t, binary)
	if found, err := InstallTraefik(); found != binary || err != nil {
		t.Errorf("found %q, %v", found, err)
	}
}

func TestCachedTraefikCarriesThePinnedVersion(t *testing.T) {
	binary, err := cached()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(filepath.Base(binary), "traefik-v3.") {
		t.Errorf("cached as %q", binary)
	}
}

// standIn puts a script in the place of the go command, and an empty cache.
func standIn(t *testing.T, script string) (cache string) {
	t.Helper()
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "go"), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	t.Setenv("TRAEFIK_BIN", "")
	cache = t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	t.Setenv("HOME", cache) // where the cache is on other systems
	return cache
}

// binaries are the files in the cache that are no locks.
func binaries(t *testing.T, cache string) []string {
	t.Helper()
	var names []string
	err := filepath.Walk(cache, func(path string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() && !strings.HasSuffix(path, ".lock") {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestTraefikIsBuiltOnce(t *testing.T) {
	builds := filepath.Join(t.TempDir(), "builds")
	t.Setenv("BUILDS", builds)
	cache := standIn(t, `echo "$@" >>"$BUILDS"; sleep 0.1; while [ "$1" != -o ]; do shift; done; echo binary >"$2"`)
	if _, err := FindTraefik(); err == nil || !strings.Contains(err.Error(), "make parts") {
		t.Errorf("before: error %v", err)
	}
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			binary, err := InstallTraefik()
			text, _ := os.ReadFile(binary)
			if err != nil || string(text) != "binary\n" {
				t.Errorf("%q has %q, %v", binary, text, err)
			}
		})
	}
	all.Wait()
	text, err := os.ReadFile(builds)
	if lines := strings.Count(string(text), "\n"); lines != 1 || err != nil {
		t.Errorf("%d builds, %v:\n%s", lines, err, text)
	}
	if found := binaries(t, cache); len(found) != 1 {
		t.Errorf("the cache has %q", found)
	}
}

func TestFailedBuildLeavesNothing(t *testing.T) {
	cache := standIn(t, `while [ "$1" != -o ]; do shift; done; echo half >"$2"; echo no space; exit 1`)
	_, err := InstallTraefik()
	if err == nil || !strings.Contains(err.Error(), "no space") || !strings.Contains(err.Error(), "TRAEFIK_BIN") {
		t.Errorf("error %v", err)
	}
	if found := binaries(t, cache); len(found) != 0 {
		t.Errorf("the cache has %q", found)
	}
}

func TestLockKeepsOthersOut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	var inside atomic.Int32
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			unlock, err := lock(path)
			if err != nil {
				t.Error(err)
				return
			}
			if inside.Add(1) > 1 {
				t.Error("two at once")
			}
			time.Sleep(5 * time.Millisecond)
			inside.Add(-1)
			unlock()
		})
	}
	all.Wait()
}
