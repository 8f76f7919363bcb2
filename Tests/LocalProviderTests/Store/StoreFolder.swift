import Foundation
import GRDB
import LocalProvider
import Planning
import ProviderKit
import Values
import WorkloadSpec

/// A folder for the stores of one test, which goes when the test is over.
final class StoreFolder: Sendable {
  let root: String

  init() {
    root = NSTemporaryDirectory() + "store-test-" + UUID().uuidString
    try? FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  /// Where a store's file is: in a folder that does not exist yet.
  var path: String { root + "/state/berth.db" }

  /// A new store object on the file.
  func store() -> LocalStore { LocalStore(path: path) }

  /// The permission bits of something in the folder.
  func mode(_ name: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: root + "/" + name)
    return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? -1
  }

  /// Waits until this process has no file of the folder open, where the system tells; at most ten seconds.
  func untilClosed() async {
    let files = FileManager.default
    let real = URL(filePath: root).resolvingSymlinksInPath().path
    for _ in 0..<2000 {
      let open = (try? files.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
      let isOpen = open.contains { name in
        (try? files.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(name)"))?.hasPrefix(real) == true
      }
      if !isOpen { return }
      try? await Task.sleep(for: .milliseconds(5))
    }
  }

  /// A connection that waits for the stores of the test, which close theirs a little after their last answer.
  private func database() throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.busyMode = .timeout(60)
    return try DatabaseQueue(path: path, configuration: configuration)
  }

  /// Changes the database behind the store's back.
  func tamper(_ sql: String) throws {
    try database().write { try $0.execute(sql: sql) }
  }

  /// Moves what lies in SQLite's log into the database.
  func mergeLog() throws {
    try database().writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
  }
}

let shop = WorkloadKey(name: "shop")

func moment(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: 1_800_000_000_000 + seconds * 1000) }

func run(_ id: String, of key: WorkloadKey = shop, intent: RunIntent = .apply) -> Run {
  Run(
    id: RunID(id), key: key, intent: intent, startedAt: moment(0), by: "ada@build-7", summary: "1 to create")
}

func holder(_ token: String) -> LockHolder {
  LockHolder(token: token, description: "ada@build-7, process 4711", since: moment(0))
}

func workload(_ name: String = "shop", level: String = "info") -> Workload {
  var service = Service()
  service.name = "api"
  service.command = ["/bin/api", "--greeting", "naïve \u{1F642}\n\"quoted\""]
  service.env = ["LOG_LEVEL": level, "VERSION": "1.10", "EMPTY": ""]
  service.resources.memory = ByteQuantity("256Mi")
  var workload = Workload()
  workload.name = name
  workload.replicas = 2
  workload.labels = ["team": "checkout"]
  workload.services = [service]
  return workload
}

extension LocalStore {
  /// Begins a run and ends it well, with a release of a workload.
  func record(
    _ id: String, _ snapshot: Workload? = workload(), of key: WorkloadKey = shop
  ) async throws -> Release? {
    try await begin(run(id, of: key))
    return try await finish(
      RunID(id), of: key, outcome: .succeeded, failure: nil, at: moment(5),
      release: ReleaseDraft(snapshot: snapshot, by: "ada@build-7"))
  }

  /// Begins a run and ends it in failure.
  func fail(_ id: String, of key: WorkloadKey = shop) async throws {
    try await begin(run(id, of: key))
    _ = try await finish(
      RunID(id), of: key, outcome: .failed, failure: "exited with code 1", at: moment(5), release: nil)
  }
}
