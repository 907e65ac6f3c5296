// Yaegi: wrong
package bad

import (
	"context"
	"fmt"
)

type userKey struct{}

type groupKey struct{}

type keyA int

type keyB int

func Run() string {
	ctx := context.WithValue(context.Background(), userKey{}, "user") // want contextkey
	ctx = context.WithValue(ctx, keyA(1), "a")                        // want contextkey
	return fmt.Sprint(ctx.Value(groupKey{})) + "|" + fmt.Sprint(ctx.Value(keyB(1)))
}
