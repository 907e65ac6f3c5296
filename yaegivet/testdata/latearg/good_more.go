package good_more

type thing struct{ name string }

var log = ""

func add(s string) { log += s }

func (t *thing) end() { add(t.name) }

func start(t *thing, ch chan bool) {
	go run(t, ch) //yaegi:ok nothing panics
}

func run(t *thing, ch chan bool) {
	t.end()
	ch <- true
}

func work() {
	t := &thing{"a"}
	t = &thing{t.name + "b"}
	defer t.end()
	s := "x"
	defer add(s + "")
	s = "y"
	m := map[string]string{"k": "m"}
	defer add(m["k"])
	m["k"] = "n"
	for _, r := range []string{"1", "2"} {
		own := r
		defer add(own)
	}
}

func Run() string {
	work()
	ch := make(chan bool)
	for _, name := range []string{"p", "q"} {
		start(&thing{name}, ch)
		<-ch
	}
	return log
}
