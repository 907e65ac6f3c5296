// Yaegi: wrong
package bad_more

import "fmt"

func unguarded(m map[string]int) string {
	text := ""
	for _, k := range []string{"a", "b"} {
		v, ok := m[k]
		text += fmt.Sprint(v, ok, " ") // want commaok
	}
	return text
}

func blank(values []any) string {
	text := ""
	for _, x := range values {
		s, _ := x.(string) // want commaok
		text += s
	}
	return text
}

func orElse(m map[string]int) int {
	sum := 0
	for _, k := range []string{"a", "b"} {
		if v, ok := m[k]; ok {
			sum++
		} else {
			sum += v // want commaok
		}
	}
	return sum
}

func assigned(m map[string]int) int {
	v := 5
	ok := false
	v, ok = m["x"]
	if !ok {
		fmt.Sprint()
	}
	return v // want commaok
}

func Run() string {
	m := map[string]int{"a": 1}
	return unguarded(m) + "|" + blank([]any{"s", 1}) + "|" + fmt.Sprint(orElse(m)) + "|" + fmt.Sprint(assigned(m))
}
