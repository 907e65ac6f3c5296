// Yaegi: panic
package bad_conversion

import "fmt"

type thing struct{}

func (*thing) String() string { return "thing" }

func Run() string {
	s := fmt.Stringer(&thing{}) // want nativeiface
	return s.String()
}
