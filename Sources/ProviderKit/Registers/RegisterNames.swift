import Planning

/// What the registers of a store are called.
///
///     heads/<namespace>_<workload>                                     the head of a workload's history
///     locks/<namespace>_<workload>                                     its lock
///     records/<namespace>_<workload>/runs/<number>_<run>_<writer>      a run that is over
///     records/<namespace>_<workload>/releases/<number>_<run>           a release
///     records/<namespace>_<workload>/journals/<run>_<batch>            what happened to a run's actions
///     records/<namespace>_<workload>/blobs/<digest>_<run>_<piece>      content that is too large for a record
///     keys/<namespace>_<use>                                           a key: see ``KeyUse``
///
/// The name of a record holds the run that writes it, and runs are never called the same: a name that was deleted never
/// comes back. So a sweep with an old list deletes nothing that a head refers to by then.
struct RegisterNames: Sendable {
  /// What all names start with: nothing, or one or more parts and a `/`.
  let prefix: String

  var heads: String { prefix + "heads/" }

  func heads(in namespace: String) -> String { "\(heads)\(namespace)_" }
  func head(of key: WorkloadKey) -> String { heads + Self.part(key) }
  func lock(of key: WorkloadKey) -> String { "\(prefix)locks/\(Self.part(key))" }

  func key(_ use: KeyUse, in namespace: String) -> String { "\(prefix)keys/\(namespace)_\(use.rawValue)" }

  enum KeyUse: String {
    /// Digests of secrets are made with it.
    case digests
    /// Plans are signed with it.
    case plans
  }

  /// The workload that a head belongs to.
  func workload(ofHead name: String) -> WorkloadKey? {
    let parts = name.dropFirst(heads.count).split(separator: "_", omittingEmptySubsequences: false)
    guard name.hasPrefix(heads), parts.count == 2 else { return nil }
    return WorkloadKey(namespace: String(parts[0]), name: String(parts[1]))
  }

  /// What all records of a workload start with.
  func records(of key: WorkloadKey) -> String { "\(prefix)records/\(Self.part(key))/" }

  func run(_ entry: RegisterHead.RunEntry, of key: WorkloadKey) -> String {
    "\(records(of: key))runs/\(Self.digits(entry.number))_\(Self.part(entry.run))_\(Self.part(entry.writer))"
  }

  func release(_ entry: RegisterHead.ReleaseEntry, of key: WorkloadKey) -> String {
    "\(records(of: key))releases/\(Self.digits(entry.number))_\(Self.part(entry.run))"
  }

  /// What all parts of a run's journal start with.
  func journal(of run: RunID, of key: WorkloadKey) -> String {
    "\(records(of: key))journals/\(Self.part(run))_"
  }

  func pieces(of blob: BlobReference, of key: WorkloadKey) -> [String] {
    (1...blob.pieces).map { "\(records(of: key))blobs/\(blob.digest)_\(Self.part(blob.run))_\($0)" }
  }

  private static func part(_ key: WorkloadKey) -> String { "\(key.namespace)_\(key.name)" }

  /// A run's identity as a part of a name, in which `_` ends it.
  private static func part(_ run: RunID) -> String {
    var part = ""
    for scalar in run.description.unicodeScalars {
      switch scalar {
      case "a"..."z", "0"..."9", "-": part.unicodeScalars.append(scalar)
      default: part += ".\(String(scalar.value, radix: 16))."
      }
    }
    return part
  }

  static func digits(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 8 - digits.count)) + digits
  }
}
