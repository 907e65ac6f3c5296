// Yaegi: wrong
package bad

import "fmt"

func slices() string {
	var all []*[]string
	for _, word := range []string{"a", "b"} {
		all = append(all, &[]string{word}) // want literaladdr
	}
	return (*all[0])[0] + (*all[1])[0]
}

func maps() string {
	var all []*map[string]int
	for i := 0; i < 2; i++ {
		all = append(all, &map[string]int{"x": i}) // want literaladdr
	}
	return fmt.Sprint((*all[0])["x"], (*all[1])["x"])
}

func arrays() string {
	var all []*[1]string
	for _, word := range []string{"a", "b"} {
		all = append(all, &[1]string{word}) // want literaladdr
	}
	return all[0][0] + all[1][0]
}

func Run() string { return slices() + maps() + arrays() }
