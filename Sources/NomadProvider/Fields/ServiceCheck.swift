import ProviderKit
import Values
import WorkloadSpec

/// The check of a service, as Nomad or Consul makes it.
enum ServiceCheck {
  /// What all checks are called: a service has one.
  static let name = "ready"

  /// The check that is made at a port; `nil` if the service's is none of it, or none can be made.
  static func json(of service: Service, at port: Int, _ writing: Writing) -> JSON? {
    guard writing.facts.makesChecks, let check = service.healthCheck, let probe = check.probe else {
      return nil
    }
    let label = JSON.string(JobNames.port(port, of: service.name))
    var json: JSON = [
      "Name": .string(name), "Interval": check.interval.atLeast(.seconds(1)).nanoseconds,
      "Timeout": check.timeout.atLeast(.seconds(1)).nanoseconds,
    ]
    switch probe {
    case .http(let path, let number) where number == port:
      json["Type"] = "http"
      json["PortLabel"] = label
      json["Path"] = .string(path)
      if !check.headers.isUnset {
        json["Header"] = .object(
          check.headers.entries.map { JSON.Member($0.key, [.string($0.value)]) })
      }
    case .tcp(let number) where number == port:
      json["Type"] = "tcp"
      json["PortLabel"] = label
    case .grpc(let name, let number) where number == port && writing.facts.registry == .consul:
      json["Type"] = "grpc"
      json["PortLabel"] = label
      json["GRPCService"] = .string(name)
    case .command(let command)
    where port == service.ports.first?.container && writing.facts.registry == .consul:
      let words = command.map { SpecText($0, of: service, in: writing.network).variable ?? $0 }
      json["Type"] = "script"
      json["TaskName"] = .string(service.name)
      json["Command"] = .string(words[0])
      json["Args"] = .texts(Array(words.dropFirst()))
    default: return nil
    }
    // Of a script, the first failure is one: a server refuses to count.
    if writing.facts.registry == .consul, check.retries > 1, json["Type"] != "script" {
      json["FailuresBeforeCritical"] = .int(Int64(check.retries - 1))
    }
    return json
  }
}

extension SpecDuration {
  /// This, or the least that there may be.
  func atLeast(_ least: SpecDuration) -> SpecDuration { max(self, least) }

  /// What is live of a time that was stated like this, and is never less than a second.
  static func live(_ stated: SpecDuration?, ofCheck nanoseconds: JSON?) -> SpecDuration? {
    guard let live = SpecDuration(nanoseconds: nanoseconds) else { return nil }
    return stated?.atLeast(.seconds(1)) == live ? stated : live
  }
}
