import Foundation
import Planning
import Synchronization
import Testing

/// Counts the points at which something was made to go wrong, and says the sum when all tests are over.
final class Tally: Sendable {
  /// Points at which the program was killed, by the unit of change of the engine.
  static func crashes(_ unit: UnitOfChange) -> Tally { all["crash points", unit] }
  /// Calls that went wrong, by the unit of change of the engine.
  static func faults(_ unit: UnitOfChange) -> Tally { all["fault points", unit] }

  private static let all = Tallies()

  /// A tally for each kind of mishap and unit.
  private struct Tallies {
    let list = ["crash points", "fault points"].flatMap { kind in
      UnitOfChange.allCases.map { Tally("\(kind), unit \($0.rawValue)") }
    }

    subscript(kind: String, unit: UnitOfChange) -> Tally {
      list.first { $0.name == "\(kind), unit \(unit.rawValue)" } ?? list[0]
    }
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
      for tally in Tally.all.list { tally.say() }
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
