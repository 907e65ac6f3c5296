package cache

// detachedSubtree is newSubtree without its caller's frame, which its closures would keep.
//
// Yaegi: a function that is called through a variable of the package has no caller.
// docs/yaegi.md has more.
var detachedSubtree func(c *Cache, to *Target) *Subtree

func init() { detachedSubtree = newSubtree }
