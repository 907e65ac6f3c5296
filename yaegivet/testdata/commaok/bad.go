// Yaegi: wrong
package bad

import "fmt"

func sum(prices map[string]int, names []string) int {
	total := 0
	for _, name := range names {
		price, ok := prices[name]
		if !ok {
			fmt.Sprint("no price")
		}
		total += price // want commaok
	}
	return total
}

func Run() string {
	return fmt.Sprint(sum(map[string]int{"tea": 3}, []string{"tea", "cake"}))
}
