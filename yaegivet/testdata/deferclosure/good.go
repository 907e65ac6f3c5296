package good

type door struct{ s *string }

func (d *door) close() { *d.s += "closed " }

func add(s *string, text string) { *s += text }

func maker(s *string) func() { return func() { *s += "made " } }

func parameter(fin func()) {
	defer fin()
}

func work(s *string) {
	defer func() { *s += "inline " }()
	defer add(s, "declared ")
	d := &door{s}
	defer d.close()
	fin := maker(s)
	defer fin()
}

func Run() string {
	s := ""
	work(&s)
	parameter(func() { s += "parameter" })
	return s
}
