import Planning
import TestSupport
import Testing
import WorkloadSpec

extension Story {
  /// Whether what it tells can happen on an engine with a unit of change.
  func isToldOn(_ unit: UnitOfChange) -> Bool {
    // Taken over are single services, or all that a controller keeps.
    if adopts, unit == .instance { return false }
    return switch unit {
    case .service: true
    // What runs once per run is a service, and no engine changes services by the instance: where the canary's instance is
    // half made there, it is not known yet how it ends.
    case .instance:
      !Self.ofServices.contains(name) && name != "a canary with befores" && name != "what was adopted changes"
    case .workload:
      !Self.ofServices.contains(name) && !Self.ofInstances.contains(name)
    }
  }

  /// The stories of an engine with a unit of change.
  static func told(on unit: UnitOfChange) -> [Story] { all.filter { $0.isToldOn(unit) } }

  /// Every story, with each unit of change on which it can happen.
  static let onAllUnits: [UnitStory] = {
    var stories = UnitOfChange.allCases.flatMap { unit in
      told(on: unit).map { UnitStory(story: $0, unit: unit, body: .services) }
    }
    // The unit of what is no service is given by the body, whatever the engine does with services.
    stories += machines.map { UnitStory(story: $0, unit: .instance, body: .machine) }
    stories += objects.map { UnitStory(story: $0, unit: .service, body: .objects) }
    return stories
  }()

  /// Stories of one service of an instance.
  private static let ofServices: Set<String> = [
    "stop one service of three instances", "stop what has failed", "start one service of what is stopped",
    "a broken promotion is aborted", "a service is adopted beside those that are there",
  ]

  /// Stories of one instance, and of what is done to one behind berth's back.
  private static let ofInstances: Set<String> = [
    "stop one instance", "drift is mended", "a dead instance is made anew",
    "a database that has two instances",
    "a database whose first instance is lost beside another one",
  ]
}

/// A story on an engine with a unit of change.
struct UnitStory: Sendable, CustomTestStringConvertible {
  let story: Story
  let unit: UnitOfChange
  /// What its workloads hold.
  let body: Body

  /// The steps at which it is broken off: of units whose actions are few and large, a third of those of services.
  func sample(_ steps: ClosedRange<Int>) -> [Int] {
    let points = story.sample(steps)
    guard unit != .service, !Thoroughness.isFull else { return points }
    return points.filter { ($0 + story.name.utf8.count) % 3 == 0 }
  }

  /// The calls of which one goes wrong.
  func sample(_ calls: ClosedRange<Int>, oneIn size: Int) -> [Int] {
    story.sample(calls, oneIn: unit == .service ? size : size * 3)
  }

  var testDescription: String { "\(story.name), unit \(unit.rawValue), \(body.rawValue)" }
}
