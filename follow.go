package zookeeper

import (
	"context"

	"github.com/mod-zookeeper/traefik-zookeeper/follow"
)

// What Go code follows, which package follow documents field by field and method by method.
type (
	Source     = follow.Source
	Value      = follow.Value
	Following  = follow.Following
	TreeSource = follow.TreeSource
	Tree       = follow.Tree
	FlagSource = follow.FlagSource
	Flags      = follow.Flags
	Status     = follow.Status
)

// Follow follows a node until ctx is done. It returns at once. What is known of the node
// already, since a middleware or somebody else follows it too, is there then; all else as soon
// as it is read. The last good value stays through outages, and when the node has a version
// that can't be used. All who follow a node share one watch and one read of it, and all
// who use the cluster share its session.
//
// It returns ErrNotFound for a cluster that nobody defines, and ErrInvalid where the source
// can't be right.
func Follow(ctx context.Context, cluster string, what Source) (*Following, error) {
	return follow.StartNode(ctx, followed, cluster, what)
}

// FollowTree follows all nodes below a path, at any depth, until ctx is done. One recursive
// watch tells of all of them, where the servers have that (3.6). Otherwise all is as with
// Follow.
func FollowTree(ctx context.Context, cluster string, what TreeSource) (*Tree, error) {
	return follow.StartTree(ctx, followed, cluster, what)
}

// FollowFlags follows flags until ctx is done: those of a document in a node, or those of the
// nodes below one. They can be evaluated by their keys and an evaluation context. Otherwise all
// is as with Follow.
func FollowFlags(ctx context.Context, cluster string, from FlagSource) (*Flags, error) {
	return follow.StartFlags(ctx, followed, cluster, from)
}
