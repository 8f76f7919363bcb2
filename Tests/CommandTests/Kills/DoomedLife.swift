import Foundation
import KubernetesTestSupport
import Synchronization

/// A cluster on which commands are killed at their requests.
protocol DoomedStage: EndedStage, Sendable {
  /// What kind of cluster it is, in what tests print.
  static var engine: String { get }
  /// What stays of a workload that is destroyed, in the words of the inventory.
  static var remains: [String] { get }
  /// What an inventory says of something that is still there and about to go.
  static var ending: String { get }
  /// The image that services are made from.
  var image: String { get }
  /// The arguments that name the namespace.
  var place: [String] { get }
  /// The folder whose commands go to the cluster.
  var sandbox: Sandbox { get }

  /// A cluster, or a place of its own on one.
  ///
  /// - Parameter judge: whether a request of the program reaches the cluster, by its method and path.
  static func make(judging judge: @escaping @Sendable (_ request: String) -> Bool) async throws -> Self
  /// Runs berth in the namespace.
  func berth(_ arguments: [String]) throws -> Sandbox.Result
  /// What there is of berth's in the namespace, but for the history, so that it compares with what there is in another one.
  func inventory() async throws -> [String]
  /// The records of a workload that its history does not refer to.
  func unreferred(of workload: String) async throws -> [String]
}

/// A request of a command, each counted from where it begins: the command is killed before the cluster gets it.
struct DoomedEnd: Hashable, Comparable, CustomStringConvertible {
  let command: Int
  let request: Int

  /// What is done to the workload. Each makes one release.
  static let commands = [
    ["apply", "-f", "1.yaml", "--yes"], ["apply", "-f", "2.yaml", "--yes"],
    ["rollback", "shop", "--to", "1", "--yes"], ["destroy", "shop", "--volumes", "--yes"],
  ]

  var description: String { "\(Self.commands[command].joined(separator: " ")), request \(request)" }

  static func < (one: DoomedEnd, other: DoomedEnd) -> Bool {
    (one.command, one.request) < (other.command, other.request)
  }
}

/// The life of a workload on a cluster, in a namespace of its own: of its commands, one is killed at one of its requests that
/// change something, and then run again.
final class DoomedLife<Place: DoomedStage>: Sendable {
  /// The way of the program's requests.
  private final class Way: Sendable {
    let guillotine = Mutex<Guillotine?>(nil)

    func letsPass(_ request: String) -> Bool {
      (guillotine.withLock { $0 }?.judge(request) ?? .pass) == .pass
    }
  }

  let stage: Place
  /// Where it is killed; `nil` if it is left in peace.
  let end: DoomedEnd?
  private let way: Way
  private let state = Mutex(
    (killed: Int32?.none, requests: [Int](), complaints: [String]()))

  init(end: DoomedEnd? = nil) async throws {
    let way = Way()
    (self.way, self.end) = (way, end)
    stage = try await Place.make { way.letsPass($0) }
    for version in 1...2 { try stage.sandbox.write("\(version).yaml", spec(version)) }
  }

  /// Whatever becomes an object of its own is in it.
  private func spec(_ version: Int) -> String {
    """
    name: shop
    replicas: 1
    services:
      - {name: migrate, role: before, image: '\(stage.image)', command: [/bin/sh, -c, 'echo \(version)']}
      - name: api
        image: \(stage.image)
        command: [/bin/sh, -c, 'trap "exit 0" TERM; while :; do sleep 3600 & wait $!; done']
        env: {VERSION: "\(version)"}
        ports: [{container: \(8080 + version)}]
        configFiles: [{name: app, path: /etc/app.conf, content: "version \(version)\\n"}]
        stopGrace: 1s

    """
  }

  /// Whether the program came to the request at which it was to be killed.
  var wasKilled: Bool { state.withLock { $0.killed } != nil }
  /// How many requests of each command changed something, those of one that was killed not counted.
  var requests: [Int] { state.withLock { $0.requests } }

  /// What was not as it must be.
  var complaints: [String] { state.withLock { $0.complaints } }

  private func expect(_ isSo: Bool, _ complaint: @autoclosure () -> String) {
    if !isSo { state.withLock { $0.complaints.append(complaint()) } }
  }

  /// Runs a command, after it was killed if it was to be, and holds the program to what it must say then.
  func perform(_ command: Int) {
    let arguments = DoomedEnd.commands[command] + ["--lock-timeout", "180s"]
    do {
      if let end, end.command == command { try kill(arguments, at: end.request) }
      let counter = Guillotine(at: .max)
      way.guillotine.withLock { $0 = counter }
      let result = try stage.berth(arguments)
      state.withLock { $0.requests.append(counter.count) }
      expect(result.status == 0, "\(result.output)\(result.errors)")

      let history = try stage.berth(["history", "shop", "--format", "json"])
      let numbers = (try history.json.list ?? []).compactMap { $0["number"]?.int }
      expect(numbers == (1...Int64(command + 1)).reversed(), "releases \(numbers) after command \(command)")
      try expectFreeLock(after: command)
      guard arguments[0] == "apply" else { return }
      let plan = try stage.berth(["plan", "-f", arguments[2], "--detailed-exitcode"])
      expect(plan.status == 0, "\(plan.output)\(plan.errors)")
    } catch {
      expect(false, "\(error)")
    }
  }

  /// Nothing holds the lock but a program that was killed when all was done but to give it back: the command that is run again
  /// has nothing to do then, and does not take it.
  private func expectFreeLock(after command: Int) throws {
    let lock = try stage.berth(["unlock", "shop", "--yes"])
    let dead = command == end?.command ? state.withLock { $0.killed } : nil
    let isOfDead = dead.map { lock.output.contains("process \($0) held") } ?? false
    expect(isOfDead || lock.output.contains("is free"), "\(lock.output)\(lock.errors)")
  }

  private func kill(_ arguments: [String], at request: Int) throws {
    let guillotine = Guillotine(at: request)
    way.guillotine.withLock { $0 = guillotine }
    let process = try stage.sandbox.start([arguments[0]] + stage.place + arguments.dropFirst())
    while process.isRunning, !guillotine.isReached { usleep(1000) }
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    guard process.terminationReason == .uncaughtSignal else { return }
    state.withLock { $0.killed = process.processIdentifier }
  }
}

extension DoomedLife: CustomStringConvertible {
  var description: String { end.map { "killed at: \($0)" } ?? "left in peace" }
}
