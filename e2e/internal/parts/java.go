package parts

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// ZooKeeper is what it takes to start a server.
type ZooKeeper struct {
	Java      string // the command
	Classpath string
}

// debianJars is where Debian's package zookeeper and what it needs put their jars.
const debianJars = "/usr/share/java"

// serverJars are the jars of a server among all those in Debian's folder.
var serverJars = []string{
	"zookeeper.jar", "zookeeper-jute.jar", "slf4j-api.jar", "slf4j-simple.jar", "netty-all.jar",
	"metrics-core.jar", "snappy-java.jar", "commons-cli.jar",
}

// FindZooKeeper returns Java and ZooKeeper's jars: of the installation in
// ZOOKEEPER_HOME, of the class path or folder in ZOOKEEPER_JARS, or Debian's.
func FindZooKeeper() (*ZooKeeper, error) {
	java, err := exec.LookPath("java")
	if err != nil {
		return nil, errors.New("there is no java on the PATH")
	}
	classpath, err := findJars()
	if err != nil {
		return nil, err
	}
	return &ZooKeeper{Java: java, Classpath: classpath}, nil
}

func findJars() (string, error) {
	if home := os.Getenv("ZOOKEEPER_HOME"); home != "" {
		return glob("ZOOKEEPER_HOME", home, "zookeeper*.jar", "lib/*.jar", "share/zookeeper/*.jar")
	}
	if jars := os.Getenv("ZOOKEEPER_JARS"); jars != "" {
		if info, err := os.Stat(jars); err == nil && info.IsDir() {
			return glob("ZOOKEEPER_JARS", jars, "*.jar")
		}
		return jars, nil
	}
	if _, err := os.Stat(filepath.Join(debianJars, "zookeeper.jar")); err != nil {
		return "", errors.New("there is no ZooKeeper in " + debianJars)
	}
	return glob("Debian's package", debianJars, serverJars...)
}

func glob(source, folder string, patterns ...string) (string, error) {
	var found []string
	for _, pattern := range patterns {
		jars, err := filepath.Glob(filepath.Join(folder, pattern))
		if err != nil {
			return "", err
		}
		found = append(found, jars...)
	}
	if !strings.Contains(strings.Join(found, " "), "zookeeper") {
		return "", fmt.Errorf("%s: %q: no zookeeper jar there", source, folder)
	}
	return strings.Join(found, string(filepath.ListSeparator)), nil
}

// InstallZooKeeper finds Java and ZooKeeper, and installs Debian's packages
// where they are missing.
func InstallZooKeeper() (*ZooKeeper, error) {
	found, err := FindZooKeeper()
	if err == nil {
		return found, nil
	}
	if os.Getenv("ZOOKEEPER_HOME") != "" {
		return nil, err
	}
	if err := aptInstall("zookeeper", "default-jre-headless"); err != nil {
		return nil, err
	}
	return FindZooKeeper()
}

// InstallCompiler sees to it that there is a C compiler: the race detector needs one.
func InstallCompiler() error {
	for _, name := range []string{"gcc", "clang"} {
		if _, err := exec.LookPath(name); err == nil {
			return nil
		}
	}
	return aptInstall("gcc", "libc6-dev")
}

func aptInstall(packages ...string) error {
	if _, err := exec.LookPath("apt-get"); err != nil {
		return fmt.Errorf("install %s: there is no apt-get here to do it", strings.Join(packages, " and "))
	}
	fmt.Println("installing", strings.Join(packages, ", "), "with apt-get")
	install := append([]string{"install", "-y", "--no-install-recommends"}, packages...)
	for _, args := range [][]string{{"update"}, install} {
		command := append([]string{"apt-get", "-qq"}, args...)
		if os.Getuid() != 0 {
			command = append([]string{"sudo"}, command...)
		}
		run := exec.Command(command[0], command[1:]...)
		run.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
		if output, err := run.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", strings.Join(command, " "), err, output)
		}
	}
	return nil
}
