package check

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"strings"
)

const flagUsage = `usage: zkcheck flag [options] FILE|-

Says what is wrong with a flag, or suspicious, before it is written to a node: a word, a share, a flagd
definition, or a flagd document; in the file, or on standard input as -. Then it shows what the flag says to
the request that the options describe. Of a document, all flags are checked, unless -key names one.

`

const flagCodes = `
Exit codes: 0 no mistakes; 1 mistakes; 2 suspicions, with -strict; 3 wrong usage, or a file that can't be
read. (go run has 1 for all but 0, and prints the code.)

  zkcheck flag -rule gate -cookie uid=42 flag.json
`

var errHelp = flag.ErrHelp

type flagOptions struct {
	file    string
	key     string
	rule    string // gate, header, or nothing where that isn't known
	node    string
	salt    string
	format  string
	strict  bool
	context map[string]string
	request *http.Request
}

func parseFlagOptions(arguments []string, out io.Writer) (*flagOptions, error) {
	o := &flagOptions{context: map[string]string{}}
	flags := flag.NewFlagSet("zkcheck flag", flag.ContinueOnError)
	flags.StringVar(&o.key, "key", "", "the flag's `key` in a document")
	flags.StringVar(&o.rule, "rule", "", "what is to read the flag, `gate or header`: whether that can use its variants")
	flags.StringVar(&o.node, "node", "", "the `path` of the node that the flag is for, which shares go by where there is no key")
	flags.StringVar(&o.salt, "salt", "", "the rule's `salt`, where it has one, which shares go by then")
	flags.StringVar(&o.format, "format", "text", "text, or json for one object")
	flags.BoolVar(&o.strict, "strict", false, "exit with 2 where something is suspicious")
	flags.Func("targeting-key", "the `value` of the targeting key", o.attribute("targetingKey="))
	flags.Func("context", "an attribute as the middleware's context has it, as `name=value`; may be given several times", o.attribute(""))
	r := describeRequest(flags)
	files, err := parseArguments(flags, arguments, out, flagUsage, flagCodes)
	if err == nil {
		err = r.finish()
	}
	o.request = r.request
	switch {
	case err != nil:
		return nil, err
	case len(files) != 1:
		return nil, errors.New("name one file with a flag, or - for standard input; -help tells more")
	case o.format != "text" && o.format != "json":
		return nil, fmt.Errorf("-format: %q: text or json", o.format)
	case o.rule != "" && o.rule != "gate" && o.rule != "header":
		return nil, fmt.Errorf("-rule: %q: gate or header", o.rule)
	}
	o.file = files[0]
	return o, nil
}

// attribute adds to the context what an option says, behind what every such option begins with.
func (o *flagOptions) attribute(start string) func(text string) error {
	return func(text string) error {
		name, value, found := strings.Cut(start+text, "=")
		if !found || name == "" {
			return errors.New("write an attribute as name=value")
		}
		o.context[name] = value
		return nil
	}
}
