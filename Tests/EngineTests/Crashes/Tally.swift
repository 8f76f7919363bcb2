import Foundation
import Planning
import Synchronization
import Testing
import WorkloadSpec

/// Counts the points at which something was made to go wrong, and says the sum when all tests are over.
final class Tally: Sendable {
  /// What went wrong.
  enum Mishap: String, CaseIterable {
    /// The program was killed.
    case crash
    /// A call failed, or its reply was lost.
    case fault
  }

  /// The tally of a mishap on engines with a unit of change, among workloads that hold a body.
  static func of(_ mishap: Mishap, _ unit: UnitOfChange, _ body: Body) -> Tally {
    all.first { $0.name == name(mishap, unit, body) } ?? all[0]
  }

  /// The tally of crashes of whole clusters.
  static let clusters = Tally("crash points, clusters")

  private static let all = Mishap.allCases.flatMap { mishap in
    Body.allCases.flatMap { body in UnitOfChange.allCases.map { Tally(name(mishap, $0, body)) } }
  }

  private static func name(_ mishap: Mishap, _ unit: UnitOfChange, _ body: Body) -> String {
    "\(mishap.rawValue) points, unit \(unit.rawValue), \(body.rawValue)"
  }

  private struct State {
    var tried = 0
    var failures = 0
  }

  private let name: String
  private let state = Mutex(State())

  private init(_ name: String) { self.name = name }

  private static let announcement: Void = {
    atexit {
      for tally in Tally.all + [clusters] { tally.say() }
    }
  }()

  /// Tries one point.
  ///
  /// - Parameter trial: returns what was found wrong.
  func `try`(_ what: @autoclosure () -> String, _ trial: () async throws -> [String]) async {
    _ = Self.announcement
    let problems: [String]
    do { problems = try await trial() } catch { problems = ["\(error)"] }
    state.withLock { state in
      state.tried += 1
      if !problems.isEmpty { state.failures += 1 }
    }
    if !problems.isEmpty { Issue.record("\(what()): \(problems.joined(separator: "; "))") }
  }

  private func say() {
    let (tried, failures) = state.withLock { ($0.tried, $0.failures) }
    guard tried > 0 else { return }
    print("\(name): \(Self.grouped(tried)) tried, \(failures) failures")
    fflush(nil)
  }

  /// `41 812`.
  private static func grouped(_ number: Int) -> String {
    var (groups, rest) = ([String](), number)
    while rest >= 1000 {
      groups.insert(String(rest % 1000 + 1000).dropFirst().description, at: 0)
      rest /= 1000
    }
    return ([String(rest)] + groups).joined(separator: " ")
  }
}
