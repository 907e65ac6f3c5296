// Package yaegivet is a vet for code that Yaegi interprets, as Traefik's plugins.
//
// Many constructs load in the interpreter and then do something else than the
// compiled program: a select hands a value to the wrong goroutine, a loop fills a map
// with the same element, a recovered error isn't one. No test of the compiled plugin
// shows that, so each such construct has a rule here. The readme tells how to use it.
//
// The interpreter loads a plugin's package, and what this one imports, of the module
// and of its vendor directory. All of them are looked at together: a goroutine may
// recover in a function of another package, a timer be set by one, and a type have a
// twin there.
//
// Where a construct is right although a rule finds it, it carries a mark, at the end
// of the line or on the line above:
//
//	select { //yaegi:ok one goroutine in the process runs this
//
// A mark without a reason is a finding, and so is one that suppresses nothing.
//
// Each rule has two snippets in testdata, bad.go and good.go, which its page in rules
// shows, and more of either where one can't show all, as bad_map.go and good_more.go.
// The tests let the analyzer find what the bad ones mark and nothing in the good ones,
// and run all compiled and interpreted: a good one gives the same result, and a bad
// one misbehaves in the way that its first line says. What is about two packages has
// another one in the directory sub. A rule whose snippet behaves is no rule.
package yaegivet
