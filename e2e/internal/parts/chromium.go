package parts

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
)

// browsers are the names that Chromium, or what is made of it, goes by.
var browsers = []string{"chromium", "chromium-browser", "google-chrome"}

// FindChromium returns the path of a Chromium: CHROMIUM_BIN, or one on the PATH.
func FindChromium() (string, error) {
	if binary := os.Getenv("CHROMIUM_BIN"); binary != "" {
		if _, err := os.Stat(binary); err != nil {
			return "", fmt.Errorf("CHROMIUM_BIN: %q: no file is there; name a Chromium binary, or unset it", binary)
		}
		return binary, nil
	}
	for _, name := range browsers {
		if binary, err := exec.LookPath(name); err == nil {
			return binary, nil
		}
	}
	return "", errors.New("there is no chromium on the PATH; run make parts, or set CHROMIUM_BIN")
}

// installChromium installs Debian's package where there is no Chromium.
func installChromium() error {
	_, err := FindChromium()
	if err == nil || os.Getenv("CHROMIUM_BIN") != "" {
		return err
	}
	if err := aptInstall("chromium"); err != nil {
		return fmt.Errorf("%w\nor install Chromium or Chrome, and set CHROMIUM_BIN", err)
	}
	return nil
}
