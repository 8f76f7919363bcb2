import KubernetesAPI
import Values
import WorkloadSpec

/// The probes of a container. Readiness is what a health check says; until the first success, the startup probe asks, and
/// keeps the others away.
enum Probes {
  /// Failures of which there are never so many: nothing is started anew because of them.
  static let unlimited: Int64 = 2_147_483_647

  /// How often a service is asked that is not ready yet.
  private static let impatient = SpecDuration.seconds(1)

  static func write(_ writing: ServiceWriting, into container: inout JSON) {
    let service = writing.service
    guard let check = service.healthCheck, let handler = handler(of: check, writing) else { return }
    container["readinessProbe"] = probe(handler, check.interval, check.timeout, Int64(check.retries))
    let liveness = service.on[KubernetesService.self].liveness
    let pause = startInterval(of: check)
    let failures = liveness?.startPeriod.map { period in
      max(1, (period.wholeSeconds + pause.wholeSeconds - 1) / pause.wholeSeconds)
    }
    container["startupProbe"] = probe(handler, pause, check.timeout, failures ?? unlimited)
    guard let liveness else { return }
    container["livenessProbe"] = probe(
      handler, liveness.interval, liveness.timeout, Int64(liveness.retries))
  }

  /// How often it is asked until the first success.
  static func startInterval(of check: HealthCheck) -> SpecDuration {
    check.startInterval ?? min(check.interval, impatient)
  }

  private static func probe(
    _ handler: JSON.Member, _ interval: SpecDuration, _ timeout: SpecDuration, _ failures: Int64
  ) -> JSON {
    [
      handler.key: handler.value, "periodSeconds": .int(interval.wholeSeconds),
      "timeoutSeconds": .int(timeout.wholeSeconds), "failureThreshold": .int(failures), "successThreshold": 1,
    ]
  }

  private static func handler(of check: HealthCheck, _ writing: ServiceWriting) -> JSON.Member? {
    switch check.probe {
    case .http(let path, let port):
      var request: JSON = ["path": .string(path), "port": .int(Int64(port)), "scheme": "HTTP"]
      if !check.headers.isUnset {
        request["httpHeaders"] = .array(
          check.headers.entries.map { ["name": .string($0.key), "value": .string($0.value)] })
      }
      return .init("httpGet", request)
    case .tcp(let port): return .init("tcpSocket", ["port": .int(Int64(port))])
    case .grpc(let service, let port):
      return .init("grpc", ["port": .int(Int64(port)), "service": .string(service)])
    case .command(let command):
      return .init("exec", ["command": .array(command.map(writing.expanded))])
    case nil: return nil
    }
  }
}
