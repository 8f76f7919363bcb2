import HealthProbes
import Planning
import WorkloadSpec

/// Who says whether a machine that runs works: its cloud's own checks, and the health check of its group, which is asked from here.
struct MachineHealth: Sendable {
  /// The health check of the group; `nil` if it has none, or gave it up.
  let check: HealthCheck?

  init(_ check: HealthCheck?) { self.check = check?.disabled == true ? nil : check }

  /// What is said of a machine once.
  enum Verdict: Equatable {
    /// It works.
    case works
    /// It does not, by now.
    case waits(String)
    /// It does not, and will not by itself.
    case fails(String)
  }

  /// Asks about a machine that runs.
  ///
  /// - Throws: `CancellationError` if the task is cancelled.
  func verdict(on machine: FoundMachine) async throws -> Verdict {
    switch machine.check {
    case .failed(let reason): return .fails(reason)
    case .pending: return .waits("its cloud checks it")
    case .passed, .none: break
    }
    guard let check, let port = check.machinePort else { return .works }
    guard let address = machine.addresses.first else { return .waits("it has no address") }
    let result = try await HealthProbe.make(check, at: ProbePlace(host: address, port: port))
    return result.isHealthy ? .works : .waits(result.message)
  }

  /// The same, of machines that an observation has: those that do not answer are not ready.
  func judge(_ instances: [ObservedInstance]) async throws -> [ObservedInstance] {
    guard let check, let port = check.machinePort else { return instances }
    let judged = await instances.concurrentMap(atOnce: 32) { instance -> ObservedInstance in
      var instance = instance
      for index in instance.services.indices where instance.services[index].isReady {
        guard let address = instance.services[index].machine?.addresses.first else { continue }
        let result = try? await HealthProbe.make(check, at: ProbePlace(host: address, port: port))
        if let result, !result.isHealthy {
          instance.services[index].isReady = false
          instance.services[index].message = result.message
        }
      }
      return instance
    }
    try Task.checkCancellation()
    return judged
  }
}

extension HealthCheck {
  /// The port at which a machine is asked; `nil` of a check that is not made over the network.
  var machinePort: Int? {
    switch probe {
    case .http(_, let port), .tcp(let port), .grpc(_, let port): port
    case .command, nil: nil
    }
  }
}
