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
	Folder    string // where the jars are, for people
}

// debianJars is where Debian's package zookeeper and what it needs put their jars.
const debianJars = "/usr/share/java"

// serverJars are the jars of a server among all those in Debian's folder.
var serverJars = []string{
	"zookeeper.jar", "zookeeper-jute.jar", "slf4j-api.jar", "slf4j-simple.jar", "netty-all.jar",
	"metrics-core.jar", "snappy-java.jar", "commons-cli.jar",
}

var (
	errNoJava = errors.New("there is no java on the PATH")
	errNoJars = errors.New("there is no ZooKeeper in " + debianJars)
)

// FindZooKeeper returns Java and ZooKeeper's jars: of the installation in
// ZOOKEEPER_HOME, of the class path or folder in ZOOKEEPER_JARS, or Debian's.
func FindZooKeeper() (*ZooKeeper, error) {
	z, err := findJars()
	if err != nil {
		return nil, err
	}
	z.Java, err = exec.LookPath("java")
	if err != nil {
		return nil, errNoJava
	}
	return z, nil
}

func findJars() (*ZooKeeper, error) {
	if home := os.Getenv("ZOOKEEPER_HOME"); home != "" {
		return glob("ZOOKEEPER_HOME", home, "zookeeper*.jar", "lib/*.jar", "share/zookeeper/*.jar")
	}
	if jars := os.Getenv("ZOOKEEPER_JARS"); jars != "" {
		if info, err := os.Stat(jars); err == nil && info.IsDir() {
			return glob("ZOOKEEPER_JARS", jars, "*.jar")
		}
		return &ZooKeeper{Classpath: jars, Folder: jars}, nil
	}
	if _, err := os.Stat(filepath.Join(debianJars, "zookeeper.jar")); err != nil {
		return nil, errNoJars
	}
	return glob("Debian's package", debianJars, serverJars...)
}

func glob(source, folder string, patterns ...string) (*ZooKeeper, error) {
	var found []string
	for _, pattern := range patterns {
		jars, err := filepath.Glob(filepath.Join(folder, pattern))
		if err != nil {
			return nil, err
		}
		found = append(found, jars...)
	}
	for _, jar := range found {
		if strings.HasPrefix(filepath.Base(jar), "zookeeper") {
			return &ZooKeeper{Classpath: strings.Join(found, string(filepath.ListSeparator)), Folder: folder}, nil
		}
	}
	return nil, fmt.Errorf("%s: %q: no zookeeper jar is there; name the folder of a ZooKeeper installation, or unset it", source, folder)
}

// InstallZooKeeper finds Java and ZooKeeper, and installs Debian's packages
// where they are missing.
func InstallZooKeeper() (*ZooKeeper, error) {
	found, err := FindZooKeeper()
	switch {
	case errors.Is(err, errNoJava):
		err = aptInstall("default-jre-headless")
	case errors.Is(err, errNoJars):
		err = aptInstall("zookeeper", "default-jre-headless")
	default:
		return found, err
	}
	if err != nil {
		return nil, fmt.Errorf("%w\nor install Java and ZooKeeper, and set ZOOKEEPER_HOME", err)
	}
	return FindZooKeeper()
}

// InstallTestTools sees to it that there is what only the tests need: a C
// compiler, for the race detector, patch, Python, for getting started, and Chromium, for the status page.
func InstallTestTools() error {
	compiler := os.Getenv("CC")
	if compiler == "" {
		compiler = "gcc"
	}
	if _, err := exec.LookPath(strings.Fields(compiler)[0]); err != nil {
		if err := aptInstall("gcc", "libc6-dev"); err != nil {
			return fmt.Errorf("%w\nor install a C compiler, and set CC", err)
		}
	}
	for command, name := range map[string]string{"patch": "patch", "python3": "python3"} {
		if _, err := exec.LookPath(command); err != nil {
			if err := aptInstall(name); err != nil {
				return err
			}
		}
	}
	return installChromium()
}

func aptInstall(packages ...string) error {
	names := strings.Join(packages, " ")
	if _, err := exec.LookPath("apt-get"); err != nil {
		return fmt.Errorf("%s can't be installed: there is no apt-get", names)
	}
	install := append([]string{"install", "-y", "--no-install-recommends"}, packages...)
	return during("installing "+names+" with apt-get", func() error {
		if err := apt("update"); err != nil {
			return err
		}
		return apt(install...)
	})
}

func apt(args ...string) error {
	command := append([]string{"env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"}, args...)
	if os.Getuid() != 0 {
		command = append([]string{"sudo"}, command...)
	}
	run := exec.Command(command[0], command[1:]...)
	run.Stdin = os.Stdin // sudo may ask
	if output, err := run.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(command, " "), err, output)
	}
	return nil
}
