// Yaegi: wrong
package bad

type apple struct{ size int }

type pear struct{ size int }

func name(fruit any) string {
	switch fruit.(type) {
	case *apple: // want typeswitch
		return "apple"
	case *pear: // want typeswitch
		return "pear"
	}
	return "none"
}

func Run() string { return name(&apple{1}) + "|" + name(&pear{1}) }
