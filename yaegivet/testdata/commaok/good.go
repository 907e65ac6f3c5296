package good

import "fmt"

func sum(prices map[string]int, names []string) int {
	total := 0
	for _, name := range names {
		if price, ok := prices[name]; ok {
			total += price
		}
		bonus := prices[name]
		total += bonus
	}
	return total
}

func Run() string {
	return fmt.Sprint(sum(map[string]int{"tea": 3}, []string{"tea", "cake"}))
}
