module github.com/mod-zookeeper/traefik-zookeeper/openfeature

go 1.25.0

require (
	github.com/mod-zookeeper/traefik-zookeeper v0.1.0
	github.com/open-feature/go-sdk v1.18.0
)

require (
	github.com/go-zookeeper/zk v1.0.4 // indirect
	go.uber.org/mock v0.6.0 // indirect
)

replace (
	github.com/go-zookeeper/zk => ../vendor/github.com/go-zookeeper/zk
	github.com/mod-zookeeper/traefik-zookeeper => ../
)
