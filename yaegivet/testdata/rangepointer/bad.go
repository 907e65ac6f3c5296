// Yaegi: wrong
package bad

import "fmt"

func values() string {
	words, text := &[2]string{"a", "b"}, ""
	count := 7
	for _, word := range words { // want rangepointer
		text += word
	}
	return fmt.Sprint(text, count)
}

func indexes() string {
	words, text := &[2]string{"a", "b"}, ""
	count := 7
	for i := range words { // want rangepointer
		text += fmt.Sprint(i)
	}
	return fmt.Sprint(text, count)
}

func Run() string { return values() + "|" + indexes() }
