// Yaegi: panic
package bad

import "fmt"

type thing struct{ n int }

func (t *thing) number() int { return t.n }

func Run() string {
	f := (*thing).number // want methodexpr
	return fmt.Sprint(f(&thing{3}))
}
