# Tags of a Nomad service, for the providers Nomad and Consul Catalog.
job "shop" {
  group "shop" {
    network {
      port "http" {}
    }

    service {
      name     = "shop"
      port     = "http"
      provider = "nomad" # or "consul"
      tags = [
        "traefik.enable=true",
        "traefik.http.routers.shop.rule=Host(`shop.example.com`)",
        "traefik.http.routers.shop.middlewares=release",
        "traefik.http.middlewares.release.plugin.zookeeper.clusters.main.servers=zk1:2181,zk2:2181,zk3:2181/edge",
        "traefik.http.middlewares.release.plugin.zookeeper.requestHeaders[0].name=X-Release",
        "traefik.http.middlewares.release.plugin.zookeeper.requestHeaders[0].path=/release/current",
        "traefik.http.middlewares.release.plugin.zookeeper.requestHeaders[0].default=none",
        "traefik.http.middlewares.release.plugin.zookeeper.gates[0].path=/flags/checkout",
        "traefik.http.middlewares.release.plugin.zookeeper.gates[0].status=404",
        "traefik.http.middlewares.release.plugin.zookeeper.gates[0].dryRun=true",
      ]
    }

    task "shop" {
      driver = "docker"
      config {
        image = "traefik/whoami"
        args  = ["--port", "${NOMAD_PORT_http}"]
      }
    }
  }
}
