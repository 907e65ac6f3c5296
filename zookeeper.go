// Package zookeeper is a Traefik middleware plugin that serves values and
// flags from ZooKeeper nodes.
package zookeeper

import _ "github.com/go-zookeeper/zk"
