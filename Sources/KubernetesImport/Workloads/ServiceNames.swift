import Diagnostics
import SpecImport
import WorkloadSpec

/// The names by which workloads find each other: those of the Services that lead to them.
///
/// Services of different workloads find each other on a network that both join. Without one, that is told.
struct ServiceNames {
  private let options: KubernetesOptions
  private(set) var diagnostics = Diagnostics()

  init(_ options: KubernetesOptions) { self.options = options }

  /// Joins what finds and what is found, or says what is not found any more.
  mutating func connect(_ imports: inout [WorkloadImport], _ services: [ManifestObject]) {
    var reaching: [Int: [Int]] = [:]
    for (index, item) in imports.enumerated() {
      for number in Set(item.reached.map(\.service.number)) { reaching[number, default: []].append(index) }
    }
    let targets = services.map { reaching[$0.number] ?? [] }
    let uses = uses(of: services, targets, in: imports)
    var names: Set<String> = []
    for (number, service) in services.enumerated() where !targets[number].isEmpty {
      let uses = uses[number] ?? []
      let targets = targets[number]
      if let network = options.network {
        if !names.insert(service.name).inserted {
          diagnostics.report(
            .carriedOverDifferently,
            "on the network `\(network)`, Services of several namespaces have the name `\(service.name)`: any of them answers",
            at: service.location, help: "import each namespace by itself, with a network of its own")
        }
        join(network, service, targets, uses, &imports)
      } else {
        report(service, targets, uses, imports)
      }
    }
  }

  /// A text that names a Service.
  private struct Use {
    /// The index of the workload.
    let index: Int
    /// The name of the service of the workload.
    let service: String
    /// The form in which it stands there.
    let name: String
  }

  /// Where services of other workloads name them, by the index of what is named.
  private func uses(
    of services: [ManifestObject], _ targets: [[Int]], in imports: [WorkloadImport]
  ) -> [Int: [Use]] {
    var byForm: [String: [Int]] = [:]
    for (number, service) in services.enumerated() where !targets[number].isEmpty {
      for form in Self.forms(of: service, targets[number].map { imports[$0] }) {
        byForm[form, default: []].append(number)
      }
    }
    let names = HostNames(Set(byForm.keys))
    // Many Services of many namespaces may have one name.
    var looksLeft = 1_000_000
    var uses: [Int: [Use]] = [:]
    for (index, item) in imports.enumerated() {
      for service in item.workload.services {
        var found = names.inCommand(service.command + service.args)
        found += names.inCommand(service.healthCheck?.command ?? [])
        for entry in service.env.entries { found += names.inVariable(entry.key, value: entry.value) }
        for file in service.configFiles { found += names.inText(file.content) }
        for name in Set(found).sorted() {
          for number in byForm[name] ?? [] {
            looksLeft -= 1
            guard looksLeft > 0 else { return uses }
            // A name alone means one of the namespace.
            let isHere = name != services[number].name || item.object.reaches(services[number])
            guard isHere, !targets[number].contains(index) else { continue }
            uses[number, default: []].append(Use(index: index, service: service.name, name: name))
          }
        }
      }
    }
    return uses
  }

  /// The forms in which a Service is named: alone, and with its namespace.
  private static func forms(of service: ManifestObject, _ targets: [WorkloadImport]) -> [String] {
    let space = service.namespace ?? targets.lazy.compactMap(\.object.namespace).first ?? "default"
    let single = targets.filter {
      $0.controller == .statefulSet && !$0.mayHaveSeveral
        && $0.object.spec?["serviceName"]?.scalar == service.name
    }
    return ([service.name] + single.map { "\($0.object.name)-0.\(service.name)" }).flatMap { name in
      ["", ".\(space)", ".\(space).svc", ".\(space).svc.cluster.local"].map { name + $0 }
    }
  }

  private mutating func report(
    _ service: ManifestObject, _ targets: [Int], _ uses: [Use], _ imports: [WorkloadImport]
  ) {
    // There, the Service of a workload has the workload's name.
    let isKept =
      options.staysOnKubernetes && targets.allSatisfy { imports[$0].workload.name == service.name }
    guard !isKept else { return }
    let users = Set(uses.map { "`\(imports[$0.index].workload.name)`" }).sorted()
    let (look, doesNot) = users.count == 1 ? ("looks", "does not") : ("look", "do not")
    let names = targets.map { "`\(imports[$0].workload.name)`" }.joined(separator: ", ")
    diagnostics.report(
      .carriedOverDifferently,
      users.isEmpty
        ? "other workloads do not find \(names) by the name of the Service `\(service.name)`"
        : "\(users.joined(separator: ", ")) \(look) for \(names) by the name of the Service `\(service.name)`, and \(doesNot) find it",
      at: service.location,
      help: options.staysOnKubernetes
        ? "the Service that berth makes is called like the workload: name the workload so, or let others look for that name"
        : "`--network NAME` has them join a network of the engine, on which each has the names of its Services"
    )
  }

  private mutating func join(
    _ network: String, _ service: ManifestObject, _ targets: [Int], _ uses: [Use],
    _ imports: inout [WorkloadImport]
  ) {
    let aliases = Set([service.name] + uses.map(\.name))
    for index in targets {
      let here = imports[index].reached.filter { $0.service.number == service.number }
      guard !imports[index].usesHostNetwork else {
        diagnostics.report(
          .carriedOverDifferently,
          "`\(imports[index].workload.name)` is in the machine's network, where it has no name of the Service `\(service.name)`",
          at: service.location, help: "let others look for it at the machine's address")
        continue
      }
      for name in Set(here.map(\.draft)) { Self.join(network, as: aliases, name, of: &imports[index]) }
      for port in here where port.port != port.target {
        diagnostics.report(
          .carriedOverDifferently,
          "on the network, the port \(port.port) of the Service `\(service.name)` is \(port.target), as its container has it",
          at: port.location, help: "let others ask for `\(service.name):\(port.target)`")
      }
    }
    for use in uses where !imports[use.index].usesHostNetwork {
      Self.join(network, as: [], use.service, of: &imports[use.index])
    }
  }

  private static func join(
    _ network: String, as aliases: Set<String>, _ service: String, of item: inout WorkloadImport
  ) {
    guard let index = item.workload.services.firstIndex(where: { $0.name == service }) else { return }
    var joined = item.workload.services[index].network.join
    if let known = joined.firstIndex(where: { $0.name == network }) {
      joined[known].aliases = StringSet(joined[known].aliases.elements + aliases)
    } else {
      var new = JoinedNetwork()
      new.name = network
      new.aliases = StringSet(aliases)
      joined.append(new)
    }
    item.workload.services[index].network.join = joined
  }
}
