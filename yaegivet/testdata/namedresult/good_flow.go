package good_flow

import (
	"errors"
	"fmt"
	"strconv"
	"sync"
)

var mu sync.Mutex

func commaOK(m map[string]int, key string) (n int, ok bool) {
	mu.Lock()
	defer mu.Unlock()
	_, ok = m[key]
	if !ok {
		return 0, false
	}
	n = m[key]
	return
}

func redeclared(m map[string]int, key string) (value any, ok bool) {
	v, ok := m[key]
	if !ok {
		return nil, false
	}
	return v, true
}

func parsed(text string) (n int, err error) {
	if text == "" {
		return 0, errors.New("empty")
	}
	n, err = strconv.Atoi(text)
	if err != nil {
		return 0, err
	}
	return n, nil
}

func sizes(list []string) (size int, all []string) {
	mu.Lock()
	defer mu.Unlock()
	size = len(list)
	all = make([]string, 0, size)
	for _, s := range list {
		all = append(all, s)
	}
	return
}

func ways(n int) (text string) {
	switch {
	case n == 0:
		text = "none"
	case n == 1:
		return "one"
	default:
		if n > 5 {
			text = "many"
		} else {
			text = "some"
		}
	}
	text += "!"
	return
}

func search(list []int, want int) (at int, err error) {
	for i, n := range list {
		if n == want {
			at = i
			return at, nil
		}
	}
	return 0, errors.New("missing")
}

var errClose = errors.New("close")

// closing has a deferred function that looks at what is returned.
func closing(fail, failClosing bool) (err error) {
	defer func() {
		if failClosing && err == nil {
			err = errClose
		}
	}()
	if fail {
		return errors.New("fail")
	}
	return nil
}

func Run() string {
	text := ""
	for i := 0; i < 6; i++ {
		err := closing(i == 0, i%2 == 0)
		text += fmt.Sprint(err, " ")
	}
	m := map[string]int{"a": 5}
	for i := 0; i < 2; i++ {
		for _, key := range []string{"a", "b", "a", "7", ""} {
			n, ok := commaOK(m, key)
			v, has := redeclared(m, key)
			p, err := parsed(key)
			size, all := sizes([]string{key, key})
			at, missing := search([]int{1, 2, 3}, len(key)+i+1)
			text += fmt.Sprint(n, ok, v, has, p, err, size, all, at, missing, ways(i+len(key)*3), " ")
		}
	}
	return text
}
