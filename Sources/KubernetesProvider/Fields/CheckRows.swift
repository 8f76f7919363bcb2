import KubernetesAPI
import ProviderKit
import Values
import WorkloadSpec

extension KubernetesTable {
  // MARK: How it is checked

  static func checks(_ facts: EngineFacts) -> [TemplateRow] {
    [
      .check(
        "command", "`exec` of the startup and the readiness probe",
        write: { writing, draft in Probes.write(writing, into: &draft.container) },
        read: { reading, check in
          guard let live = reading.readiness?.at("exec", "command")?.list else { return }
          check.command = reading.live(reading.stated.healthCheck?.command ?? [], live)
        }),
      .check("path", "`httpGet`: `path`") { $1.path = $0.readiness?.at("httpGet", "path")?.string },
      .check("port", "`port` of `httpGet`, `tcpSocket` or `grpc`") { reading, check in
        let probe = reading.readiness
        let port = probe?.at("httpGet", "port") ?? probe?.at("tcpSocket", "port") ?? probe?.at("grpc", "port")
        check.port = reading.number(of: port)
      },
      grpc(facts),
      .refused(
        "healthCheck.status",
        because: "Kubernetes takes the statuses from 200 to 399 for a success: use `command`"),
      .check("headers", "`httpGet`: `httpHeaders`") { reading, check in
        let headers = reading.readiness?.at("httpGet", "httpHeaders")?.array ?? []
        check.headers = StringMap(
          headers.compactMap { header in
            guard let name = header["name"]?.string else { return nil }
            return (key: name, value: header["value"]?.string ?? "")
          })
      },
      .byBerth("healthCheck.disabled", "no probe: Kubernetes heeds no check of an image") {
        reading, service in
        if reading.stated.healthCheck?.disabled == true, service.healthCheck == nil {
          service.healthCheck = reading.stated.healthCheck
        }
      },
      .check("interval", "`periodSeconds` of the readiness probe, in whole seconds, rounded up") {
        $1.interval = .live($0.stated.healthCheck?.interval, $0.readiness?["periodSeconds"]) ?? .seconds(10)
      },
      .check("timeout", "`timeoutSeconds`, in whole seconds, rounded up") {
        $1.timeout = .live($0.stated.healthCheck?.timeout, $0.readiness?["timeoutSeconds"]) ?? .seconds(1)
      },
      .check("retries", "`failureThreshold` of the readiness probe") {
        $1.retries = $0.readiness?["failureThreshold"]?.int.map { Int($0) } ?? 3
      },
      .byBerth(
        "healthCheck.startPeriod",
        "nothing: no failure counts before the first success, unless `on.kubernetes.liveness` says how long that may take"
      ) { reading, service in
        service.healthCheck?.startPeriod = reading.stated.healthCheck?.startPeriod
      },
      .check(
        "startInterval", "`periodSeconds` of the startup probe, in whole seconds, rounded up; without it, 1"
      ) { reading, check in
        guard let stated = reading.stated.healthCheck?.startInterval else { return }
        check.startInterval = .live(stated, reading.container.at("startupProbe", "periodSeconds"))
      },
    ]
  }

  private static func grpc(_ facts: EngineFacts) -> TemplateRow {
    if let obstacle = facts.obstacle(to: .grpcChecks) {
      return .refused("healthCheck.grpc", because: obstacle)
    }
    return .check("grpc", "`grpc`: `service`") { reading, check in
      guard let live = reading.readiness?["grpc"] else { return }
      check.grpc = live["service"]?.string ?? ""
    }
  }
}

extension ServiceReading {
  /// The probe that says whether it can do its work.
  fileprivate var readiness: JSON? { container["readinessProbe"] }

  /// The number of a port, which another client may have called by the name that the container gives it.
  fileprivate func number(of port: JSON?) -> Int? {
    let named = port?.string.flatMap { container["ports"]?.element(named: $0)?["containerPort"] }
    return (named ?? port)?.int.map { Int($0) }
  }
}

extension TemplateRow {
  /// A field of a health check, which the cluster makes.
  fileprivate static func check(
    _ path: String, _ words: String, write: Write? = nil,
    read: @escaping @Sendable (ServiceReading, inout HealthCheck) -> Void
  ) -> TemplateRow {
    .enforced(
      "healthCheck.\(path)", words, write: write,
      read: { reading, service in
        guard reading.readiness != nil else { return }
        var check = service.healthCheck ?? HealthCheck()
        read(reading, &check)
        service.healthCheck = check
      })
  }
}
