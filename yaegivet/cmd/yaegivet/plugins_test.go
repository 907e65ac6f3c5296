package main

import "fmt"

// at is the place of a finding and its rule, as "plugin.go:3 select".
func at(f finding) string { return fmt.Sprintf("%s:%d %s", f.File, f.Line, f.Rule) }
