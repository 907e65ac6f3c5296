module github.com/mod-zookeeper/traefik-zookeeper/e2e

go 1.25.0

require (
	github.com/BurntSushi/toml v1.4.0
	github.com/diegoholiveira/jsonlogic/v3 v3.5.1
	github.com/go-zookeeper/zk v1.0.4
	github.com/mitchellh/mapstructure v1.5.1-0.20231216201459-8508981c8b6c
	github.com/mod-zookeeper/traefik-zookeeper v0.0.0
	github.com/traefik/paerser v0.2.2
	github.com/traefik/yaegi v0.16.1
	gopkg.in/yaml.v3 v3.0.1
)

require github.com/barkimedes/go-deepcopy v0.0.0-20220514131651-17c30cfc62df // indirect

replace (
	github.com/go-zookeeper/zk => ../vendor/github.com/go-zookeeper/zk
	github.com/mod-zookeeper/traefik-zookeeper => ../
)

tool (
	github.com/mod-zookeeper/traefik-zookeeper/e2e/cmd/demo
	github.com/mod-zookeeper/traefik-zookeeper/e2e/cmd/zkcheck
)
