// Yaegi: wrong
package bad_more

import "fmt"

type namer interface{ Name() string }

type thing struct{ n int }

func (t *thing) Name() string   { return fmt.Sprint(t.n) }
func (t *thing) String() string { return fmt.Sprint(t.n) }

type holder struct{ it namer }

type keeper struct{ all []namer }

func (k *keeper) keep(n namer) { k.all = append(k.all, n) }

func names(all []namer) string {
	text := ""
	for _, n := range all {
		text += n.Name()
	}
	return text
}

func inMap() string {
	m := map[int]namer{}
	for i := 0; i < 3; i++ {
		m[i] = &thing{i} // want ifacealias
	}
	return m[0].Name() + m[1].Name() + m[2].Name()
}

func inSlice() string {
	var all []namer
	for i := 0; i < 3; i++ {
		all = append(all, &thing{i}) // want ifacealias
	}
	return names(all)
}

func inField() string {
	var all []*holder
	for _, t := range []*thing{{1}, {2}, {3}} {
		all = append(all, &holder{it: t}) // want ifacealias
	}
	text := ""
	for _, h := range all {
		text += h.it.Name()
	}
	return text
}

func inParameter() string {
	k := &keeper{}
	for i := 0; i < 3; i++ {
		k.keep(&thing{i}) // want ifacealias
	}
	return names(k.all)
}

func inChannel() string {
	ch := make(chan namer, 3)
	for i := 0; i < 3; i++ {
		ch <- &thing{i} // want ifacealias
	}
	close(ch)
	var all []namer
	for n := range ch {
		all = append(all, n)
	}
	return names(all)
}

func inNative() string {
	m := map[int]fmt.Stringer{}
	for i := 0; i < 3; i++ {
		t := &thing{i}
		m[i] = t // want ifacealias
	}
	return m[0].String() + m[1].String() + m[2].String()
}

func reassigned() string {
	t := &thing{1}
	var n namer = t // want ifacealias
	t = &thing{2}
	return n.Name() + t.Name()
}

func Run() string {
	return inMap() + "|" + inSlice() + "|" + inField() + "|" + inParameter() + "|" + inChannel() + "|" + inNative() + "|" + reassigned()
}
