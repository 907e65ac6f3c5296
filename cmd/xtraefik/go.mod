// It requires no other module of the repository and replaces none, so that it can be run
// as it is published: go run github.com/mod-zookeeper/traefik-zookeeper/cmd/xtraefik@latest
module github.com/mod-zookeeper/traefik-zookeeper/cmd/xtraefik

go 1.25.0

require (
	golang.org/x/mod v0.32.0
	golang.org/x/tools v0.40.0
	gopkg.in/yaml.v3 v3.0.1
)
