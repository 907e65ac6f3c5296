package good

import (
	"fmt"

	"example.org/snippets/foreignvar/sub"
)

// inPlace changes what variables hold, and not the variables.
func inPlace() string {
	sub.Names["c"] = 3
	sub.List[0] = 3
	sub.Array[0] = 3
	sub.Struct.X = 3
	sub.Struct.Move()
	sub.Pointer.X = 3
	sub.Pointer.Move()
	sub.Count.Add(3)
	sub.Value.Store("stored")
	sub.Mu.Lock()
	taken := !sub.Mu.TryLock()
	sub.Mu.Unlock()
	return fmt.Sprint(taken, sub.Look())
}

// afterwards reads variables that have other values than at the start.
func afterwards() string {
	sub.Change()
	sub.Movable.Move()
	return fmt.Sprint(sub.Names, len(sub.List), sub.Array[0], sub.Struct.X, sub.Pointer.X, cap(sub.Chan), sub.ErrGone, sub.Detached(4), sub.Movable == nil)
}

func Run() string {
	before := sub.Sum()
	sub.Add()
	return fmt.Sprint(sub.Sum()-before, len(sub.Names) > 0, sub.ErrGone, sub.Detached(3)) + inPlace() + afterwards()
}
