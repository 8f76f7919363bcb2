import DockerAPI
import HealthProbes
import WorkloadSpec

/// Makes the checks that the engine does not make itself.
struct HealthJudge: Sendable {
  /// By which way services are reached.
  let route: ProbeRoute

  /// Checks a container's health once; `nil` if there is nothing for berth to ask, or no way to do so.
  func probe(_ container: Container, _ check: HealthCheck?) async throws -> ProbeResult? {
    guard let check, container.state.status == "running" else { return nil }
    let port: Int
    switch check.probe {
    case .http(_, let number), .tcp(let number), .grpc(_, let number): port = number
    case .command, nil: return nil
    }
    guard let place = route.place(of: port, in: container) else { return nil }
    return try await HealthProbe.make(check, at: place)
  }
}
