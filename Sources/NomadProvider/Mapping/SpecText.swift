import Planning
import ProviderKit
import WorkloadSpec

/// A text of a spec, taken apart by who fills in what stands in it.
struct SpecText: Sendable, Equatable {
  enum Part: Sendable, Equatable {
    /// What stands there as it is.
    case text(String)
    /// What a client fills in when it starts the task: the name of a variable of Nomad's.
    case variable(String)
    /// The value of the secret with this key.
    case secret(String)
    /// A part of the address of a service of another workload, which Nomad or Consul tells.
    case neighbour(AddressReference)
  }

  /// The pieces, in order; no two texts follow each other, and none is empty.
  private(set) var parts: [Part] = []

  /// Takes a text of a service apart.
  ///
  /// - Parameter mayHoldSecrets: whether `${secret.KEY}` stands for a secret in it.
  init(_ text: String, of service: Service, in network: InstanceNetwork, mayHoldSecrets: Bool = false) {
    let outer: [SecretText.Part] = mayHoldSecrets ? SecretText(text).parts : [.text(text)]
    for part in outer {
      switch part {
      case .secret(let key): parts.append(.secret(key))
      case .text(let text): take(text, service, network)
      }
    }
  }

  /// What no text of a spec has in it: it stands on both sides of the place of what is filled in.
  private static let border: Character = "\0"

  private mutating func take(_ text: String, _ service: Service, _ network: InstanceNetwork) {
    var filled: [[Part]] = []
    let marked = Interpolation.fill(text) { name in
      guard let parts = Self.parts(for: name, service, network) else { return nil }
      filled.append(parts)
      return "\(Self.border)\(filled.count - 1)\(Self.border)"
    }
    for (index, piece) in marked.split(separator: Self.border, omittingEmptySubsequences: false).enumerated()
    {
      if index % 2 == 0 {
        append(.text(String(piece)))
      } else if let number = Int(piece), filled.indices.contains(number) {
        for part in filled[number] { append(part) }
      }
    }
  }

  private mutating func append(_ part: Part) {
    guard case .text(let text) = part else { return parts.append(part) }
    if text.isEmpty { return }
    if case .text(let before)? = parts.last {
      parts[parts.count - 1] = .text(before + text)
    } else {
      parts.append(part)
    }
  }

  /// What clients call the address of their node.
  static let nodeAddress = "attr.unique.network.ip-address"
  /// The variable of a task that has it: templates see variables alone.
  static let nodeVariable = "BERTH_NODE_ADDRESS"

  /// What a name stands for; `nil` for what nothing stands for.
  private static func parts(for name: String, _ service: Service, _ network: InstanceNetwork) -> [Part]? {
    if name == Interpolation.rootName { return network.driver.root }
    guard let reference = AddressReference(name) else { return nil }
    guard reference.workload == nil else { return [.neighbour(reference)] }
    let port = reference.port ?? 0
    // Services in one network find each other there; all others by the ports of their node.
    let isNear =
      network.isShared || InstanceNetwork.isOfHost(service) || reference.service == service.name
    if isNear, !(reference.service == service.name && network.listensOnNode(service)) {
      return [.text(reference.text(host: "localhost", port: port))]
    }
    let label = JobNames.port(port, of: reference.service)
    switch reference.part {
    case .address: return [.variable("NOMAD_ADDR_\(label)")]
    case .port: return [.variable("NOMAD_PORT_\(label)")]
    // All of an instance are on one node.
    case .host: return [.variable(nodeAddress)]
    }
  }

  // MARK: What is in it

  /// The keys of the secrets in it.
  var secrets: [String] { parts.compactMap { if case .secret(let key) = $0 { key } else { nil } } }

  /// The addresses of other workloads in it.
  var neighbours: [AddressReference] {
    parts.compactMap { if case .neighbour(let reference) = $0 { reference } else { nil } }
  }
}

extension NomadDriver {
  /// What `${root}` stands for: a container has a root of its own, a process the folder of its task.
  fileprivate var root: [SpecText.Part] { runsImages ? [] : [.variable("NOMAD_TASK_DIR")] }

  /// What `BERTH_ROOT` says.
  var rootVariable: String { runsImages ? "/" : "${NOMAD_TASK_DIR}" }
}
