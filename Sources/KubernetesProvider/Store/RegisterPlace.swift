import Crypto
import KubernetesAPI
import ProviderKit
import Values

/// Where a cluster keeps a register: in which object of the namespace that the register is of.
///
///     heads/<namespace>_<workload>             ConfigMap  berth.<workload>.head
///     records/<namespace>_<workload>/<kind>/…  ConfigMap  berth.<workload>.<kind>[.<number>].<digest of the register's name>
///     locks/<namespace>_<workload>             Lease      berth.<workload>.lock
///     keys/<namespace>_<use>                   Secret     berth.key.<use>
///
/// The history of another engine has names of its own: `berth.at.<digest of the engine>.<workload>.head`, and so on.
///
/// Names of workloads have no dot, so no two registers have one object, and no object of a workload is called like one of
/// these. An annotation holds the register's whole name.
struct RegisterPlace: Equatable {
  let type: ResourceType
  let part: Part
  let namespace: String
  /// The workload; `nil` of a key.
  let workload: String?
  /// The name of the object.
  let object: String

  /// The object for a register.
  ///
  /// - Throws: ``StoreError`` if no register of a store is called like that.
  init(_ register: String) throws(StoreError) {
    let address = RegisterOwner(of: register)
    let parts = address.name.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count >= 2, let split = parts[1].firstIndex(of: "_") else {
      throw Self.unknown(register)
    }
    namespace = String(parts[1][..<split])
    let name = String(parts[1][parts[1].index(after: split)...])
    let berth = address.owner.map { "berth.at.\(Self.digest(of: $0).prefix(16))" } ?? "berth"
    switch (parts[0], parts.count) {
    case ("heads", 2): (type, part, workload, object) = (.configMaps, .head, name, "\(berth).\(name).head")
    case ("locks", 2): (type, part, workload, object) = (.leases, .lock, name, "\(berth).\(name).lock")
    case ("keys", 2): (type, part, workload, object) = (.secrets, .key, nil, "\(berth).key.\(name)")
    case ("records", 4):
      let number = parts[3].prefix { $0 != "_" }
      let words =
        [berth, name, String(parts[2])]
        + [Self.isDecimal(number) ? String(number) : nil]
        .compactMap(\.self)
      (type, part, workload) = (.configMaps, .record, name)
      object = (words + [Self.digest(of: register)]).joined(separator: ".")
    default: throw Self.unknown(register)
    }
  }

  /// The labels of the object, by which it is listed.
  var labels: [String: String] { Self.labels(part, workload) }

  static func labels(_ part: Part, _ workload: String?) -> [String: String] {
    var labels = [Mark.managedBy: Mark.berth, Mark.part: part.rawValue]
    labels[Mark.workload] = workload
    return labels
  }

  /// What a verb asks the cluster to do with the object.
  func question(_ verb: String) -> AccessQuestion {
    AccessQuestion(verb, type, in: namespace, name: object)
  }

  /// What a person is told of the object.
  var description: String { "the \(type.kind) `\(object)` in the namespace `\(namespace)`" }

  private static func isDecimal(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  private static func digest(of register: String) -> String {
    Hex.lower(SHA256.hash(data: Array(register.utf8)).prefix(16))
  }

  private static func unknown(_ register: String) -> StoreError {
    StoreError("no register of a release store is called `\(register)`")
  }
}

/// Which objects can hold registers whose names begin with a prefix.
struct RegisterScope {
  /// `nil` means all namespaces.
  let namespace: String?
  let labels: [String: String]

  /// - Throws: ``StoreError`` if a store lists no such registers.
  init(_ prefix: String) throws(StoreError) {
    let parts = RegisterOwner(of: prefix).name.split(separator: "/", omittingEmptySubsequences: false)
    let names = parts.count > 1 ? parts[1].split(separator: "_", omittingEmptySubsequences: false) : []
    switch (parts[0], names.count) {
    case ("heads", 1) where names[0].isEmpty: (namespace, labels) = (nil, RegisterPlace.labels(.head, nil))
    case ("heads", 2): (namespace, labels) = (String(names[0]), RegisterPlace.labels(.head, nil))
    case ("records", 2) where parts.count > 2:
      (namespace, labels) = (String(names[0]), RegisterPlace.labels(.record, String(names[1])))
    default: throw StoreError("no registers of a release store are listed by `\(prefix)`")
    }
  }

  var selection: Selection {
    Selection(labels: labels.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: ","))
  }
}
