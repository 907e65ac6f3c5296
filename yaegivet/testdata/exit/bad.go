// Yaegi: panic
package bad

import (
	"log"
	"os"
)

func Run() string {
	if len(os.Args) > 99 {
		log.Fatal("never") // want exit
	}
	if interpreted() {
		os.Exit(0) // want exit
	}
	return "compiled"
}

// interpreted tells who runs this: the interpreter shows a loop one variable.
func interpreted() bool {
	var fs []func() int
	for i := 0; i < 2; i++ {
		fs = append(fs, func() int { return i }) // want loopvar
	}
	return fs[0]() != 0
}
