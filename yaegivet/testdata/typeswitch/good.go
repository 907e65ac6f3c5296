package good

type apple struct{ size int }

type pear struct{ length int }

func name(fruit any) string {
	if _, ok := fruit.(*apple); ok {
		return "apple"
	}
	if _, ok := fruit.(*pear); ok {
		return "pear"
	}
	return "none"
}

func Run() string { return name(&apple{1}) + "|" + name(&pear{1}) }
