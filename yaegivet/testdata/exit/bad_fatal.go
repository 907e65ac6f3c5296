// Yaegi: panic
package bad_fatal

import "log"

func Run() string {
	if interpreted() {
		log.Fatalf("end") // want exit
	}
	return "compiled"
}

func interpreted() bool {
	var fs []func() int
	for i := 0; i < 2; i++ {
		fs = append(fs, func() int { return i }) // want loopvar
	}
	return fs[0]() != 0
}
