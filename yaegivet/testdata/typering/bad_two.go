// Yaegi: panic
package bad_two

type item struct { // want typering
	list *list
	next *item
}

type list struct{ first *item }

func Run() string {
	l := &list{}
	i := &item{}
	l.first = i
	i.list = l
	i.next = i
	return "assigned"
}
