package flag_test

import (
	"fmt"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
)

func Example() {
	set, err := flag.Parse([]byte(`{"flags": {"checkout": {
		"state": "ENABLED",
		"variants": {"old": "checkout-v1", "new": "checkout-v2"},
		"defaultVariant": "old",
		"targeting": {"if": [{"ends_with": [{"var": "email"}, "@example.com"]}, "new"]}
	}}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	ev := set.Evaluate("checkout", "checkout-v1", flag.Map{"email": "ada@example.com"})
	fmt.Println(ev.Value, ev.Variant, ev.Reason)
	ev = set.Evaluate("checkout", "checkout-v1", nil)
	fmt.Println(ev.Value, ev.Variant, ev.Reason)
	ev = set.Evaluate("basket", "basket-v1", nil)
	fmt.Println(ev.Value, ev.Reason, ev.ErrorCode)
	// Output:
	// checkout-v2 new TARGETING_MATCH
	// checkout-v1 old DEFAULT
	// basket-v1 ERROR FLAG_NOT_FOUND
}

func ExampleSet_Only() {
	document, _ := flag.Parse([]byte(`{"flags": {
		"checkout": {"variants": {"on": true, "off": false}, "defaultVariant": "on"},
		"basket": {"variants": {"on": true, "off": false}, "defaultVariant": "off"}
	}}`))
	checkout := document.Only("checkout") // which is all of the document that is kept
	fmt.Println(checkout.Evaluate("checkout", false, nil).Value)
	// Output: true
}

func ExampleParse_share() {
	set, _ := flag.Parse([]byte("25%"))
	for _, visitor := range []string{"ada", "bob", "cleo", "dan"} {
		fmt.Println(visitor, set.Evaluate("checkout", false, flag.Map{"targetingKey": visitor}).Value)
	}
	// Output:
	// ada false
	// bob true
	// cleo false
	// dan false
}
