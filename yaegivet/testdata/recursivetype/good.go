package good

type tree struct{ children map[string]*tree }

type list []*tree

func Run() string {
	t := &tree{children: map[string]*tree{"a": {}}}
	if len(list{t}) == len(t.children) {
		return "one"
	}
	return "more"
}
