// The modules that zkcheck needs beyond the plugin's own, which go run gets when it is first run.
module github.com/mod-zookeeper/traefik-zookeeper/zkcheck

go 1.25.0

require (
	github.com/BurntSushi/toml v1.4.0 // indirect
	github.com/go-zookeeper/zk v1.0.4 // indirect
	github.com/mitchellh/mapstructure v1.5.1-0.20231216201459-8508981c8b6c // indirect
	github.com/mod-zookeeper/traefik-zookeeper v0.0.0 // indirect
	github.com/traefik/paerser v0.2.2 // indirect
	gopkg.in/yaml.v3 v3.0.1 // indirect
)

tool github.com/mod-zookeeper/traefik-zookeeper/cmd/zkcheck/_program
