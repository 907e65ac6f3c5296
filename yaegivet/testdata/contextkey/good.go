package good

import (
	"context"
	"fmt"
)

type key struct{ name string }

var userKey = &key{"user"}

var groupKey = &key{"group"}

func Run() string {
	ctx := context.WithValue(context.Background(), userKey, "user")
	return fmt.Sprint(ctx.Value(userKey), ctx.Value(groupKey))
}
