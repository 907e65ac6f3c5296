package check

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// parseArguments parses options and returns the files, between which options may stand, too. What
// is wrong is told in one line; only -help prints the usage, with what stands before and behind the
// list of options.
func parseArguments(flags *flag.FlagSet, arguments []string, out io.Writer, before, behind string) ([]string, error) {
	flags.SetOutput(io.Discard)
	var files []string
	for {
		if err := flags.Parse(arguments); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				flags.SetOutput(out)
				fmt.Fprint(out, before)
				flags.PrintDefaults()
				fmt.Fprint(out, behind)
			}
			return nil, plainly(flags, err)
		}
		left := flags.Args()
		parsed := len(arguments) - len(left)
		if len(left) == 0 || parsed > 0 && arguments[parsed-1] == "--" {
			return append(files, left...), nil
		}
		files, arguments = append(files, left[0]), left[1:]
	}
}

var invalidValue = regexp.MustCompile(`(?s)^invalid (?:boolean )?value (".*") for (?:flag )?(-[a-z-]+): (.*)$`)

// plainly says what package flag has found as all other messages are: the option, the value, and
// the remedy.
func plainly(flags *flag.FlagSet, err error) error {
	text := err.Error()
	if name, isUnknown := strings.CutPrefix(text, "flag provided but not defined: -"); isUnknown {
		var names []string
		flags.VisitAll(func(f *flag.Flag) { names = append(names, f.Name) })
		if meant := nearest(name, names); meant != "" {
			return fmt.Errorf("-%s: %s has no such option; did you mean -%s?", name, flags.Name(), meant)
		}
		return fmt.Errorf("-%s: %s has no such option; -help lists them", name, flags.Name())
	}
	if option, isEmpty := strings.CutPrefix(text, "flag needs an argument: "); isEmpty {
		return fmt.Errorf("%s: a value is expected behind it", option)
	}
	if parts := invalidValue.FindStringSubmatch(text); parts != nil {
		value, option, reason := parts[1], parts[2], parts[3]
		switch {
		case reason == "parse error" && option == "-timeout":
			reason = "write a duration with its unit, as in 10s"
		case reason == "parse error":
			reason = "write true or false, or nothing"
		}
		return fmt.Errorf("%s: %s: %s", option, value, reason)
	}
	return err
}
