// Package yaegivet is a vet for code that Yaegi interprets.
//
// Traefik doesn't compile its plugins, it interprets them. Many constructs load
// in the interpreter and then do something else than the compiled program: a
// select hands a value to the wrong goroutine, a loop fills a map with the same
// element, a recovered error isn't one. No test of the compiled plugin shows
// that, so each such construct has a rule here.
//
// In the root of the repository:
//
//	go -C yaegivet run ./cmd/yaegivet ..        the plugin and all that it imports
//	go -C yaegivet test ./...                   the rules
//
// A finding reads
//
//	file:line: rule: the construct, what Yaegi does, the form that works
//
// and the command ends with status 1 where there is one.
//
// Where a construct is right although a rule finds it, it carries a mark, at
// the end of the line or on the line above:
//
//	select { //yaegi:ok one goroutine in the process runs this
//
// A mark without a reason is a finding, and so is one that suppresses nothing.
//
// The interpreter loads the package at the root of the module, and what this one
// imports, of the module and of its vendor directory. All of them are looked at
// together: a goroutine may recover in a function of another package, a timer be
// set by one, and a type have a twin there.
//
// Each rule has two snippets in testdata, bad.go and good.go. The tests let the
// analyzer find what bad.go marks and nothing in good.go, and run both compiled
// and interpreted: good.go gives the same result, and bad.go misbehaves in the
// way that its first line says. What is about two packages has another one in the
// directory sub. A rule whose snippet behaves is no rule.
package yaegivet
