import Diagnostics
import WorkloadSpec

/// YAML text of many workloads, of the shape that people write: four services with ports, environment,
/// resources, health checks, volumes and config files.
enum SpecGenerator {
  static func text(workloads: Int) -> [UInt8] {
    var text = ""
    text.reserveCapacity(workloads * 1500)
    for index in 0..<workloads { text += document(index) }
    return Array(text.utf8)
  }

  private static func document(_ index: Int) -> String {
    """
    ---
    name: shop-\(index)
    kind: deployment
    replicas: \(index % 5 + 1)
    strategy: {type: rolling, maxSurge: 1, maxUnavailable: 0}
    labels: {team: checkout, tier: "\(index % 3)"}
    services:
      - name: migrate
        role: init
        image: registry.example.com/shop/migrate:2.\(index).1
        command: [/bin/migrate, --up]
        env:
          DATABASE_URL: postgres://db.internal:5432/shop\(index)
      - name: api
        image: registry.example.com/shop/api:2.\(index).1
        command: [/bin/api, --listen, ":8080"]
        resources: {cpu: 500m, memory: 256Mi}
        env:
          LOG_LEVEL: info
          WORKERS: "4"
          REGION: eu-west-1
          FEATURE_FLAGS: checkout-v2,express-payment
        ports:
          - {container: 8080, protocol: tcp}
          - {container: 9090}
        volumes:
          - {name: data, mountPath: /var/lib/shop, size: 1Gi, type: persistent, access: many}
        healthCheck: {path: /healthz, port: 8080, interval: 10s, timeout: 2s, retries: 3}
        configFiles:
          - name: app
            path: /etc/shop/config.yaml
            format: yaml
            content: |
              workers: 4
              queue: orders-\(index)
              retry: {limit: 5, backoff: 2s}
        restart: always
        stopGrace: 10s
      - name: envoy
        role: sidecar
        image: envoyproxy/envoy:v1.30.\(index % 10)
        ports: [{container: 8443}]
        dependsOn: [api]
        resources:
          cpu: 100m
          memory: 64Mi
      - name: logs
        role: sidecar
        image: registry.example.com/ops/vector:0.39
        env: {SINK: "https://logs.internal/\(index)", FORMAT: json}
        annotations: {owner: platform}

    """
  }
}

extension SpecGenerator {
  /// Reads generated workloads. A language that refuses some of them would be measured at doing nothing.
  static func load(_ file: SourceFile, workloads count: Int) -> [LoadedWorkload] {
    let result = WorkloadLoader.load(layers: [[file]])
    precondition(
      result.workloads.count == count,
      "of \(count) generated workloads \(result.workloads.count) are valid: \(result.diagnostics.first.map { "\($0.code): \($0.message)" } ?? "")"
    )
    return result.workloads
  }
}
