package good

import "fmt"

func Run() string {
	words := &[2]string{"a", "b"}
	text := ""
	count := 7
	for i, word := range words[:] {
		text += fmt.Sprint(i, word)
	}
	for i, word := range *words {
		text += fmt.Sprint(i, word)
	}
	return fmt.Sprint(text, count)
}
