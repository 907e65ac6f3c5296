package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/mod-zookeeper/traefik-zookeeper/yaegivet"
)

// listRules writes all rules, each with its severity and what it is about.
func listRules(out io.Writer, asJSON bool) error {
	if asJSON {
		return writeJSON(out, yaegivet.Rules())
	}
	for _, r := range yaegivet.Rules() {
		if _, err := fmt.Fprintf(out, "%-14s %-6s %s\n", r.Name, r.Severity, r.Summary); err != nil {
			return err
		}
	}
	return nil
}

func writeJSON(out io.Writer, v any) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// choose returns the rules that are named, or all, without those to skip.
func choose(names, skip string) (map[string]bool, error) {
	chosen := map[string]bool{}
	if names == "" {
		for name := range known() {
			chosen[name] = true
		}
	}
	err := each("-rules", names, func(rule string) { chosen[rule] = true })
	if err != nil {
		return nil, err
	}
	return chosen, each("-skip", skip, func(rule string) { delete(chosen, rule) })
}

// known are all rules, with the severity of each.
func known() map[string]yaegivet.Severity {
	all := map[string]yaegivet.Severity{"mark": yaegivet.Mark}
	for _, r := range yaegivet.Rules() {
		all[r.Name] = r.Severity
	}
	return all
}

// each calls f with the rules that a list of rules and severities means.
func each(flag, list string, f func(rule string)) error {
	for name := range strings.SplitSeq(list, ",") {
		name = strings.TrimSpace(name)
		meant := 0
		for rule, severity := range known() {
			if name == rule || name == string(severity) {
				f(rule)
				meant++
			}
		}
		if meant == 0 && name != "" {
			return fmt.Errorf("%s: there is no rule or severity %q; -rules list has them all", flag, name)
		}
	}
	return nil
}
